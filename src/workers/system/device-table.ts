/**
 * The devices of a listing that come and go, each with its counters: disks and interfaces. Bounded:
 * at most `DEVICES_MAX` are followed at a time, and names passed over are remembered up to
 * `PASSED_OVER_MAX`.
 */

/** More disks or interfaces than this on one host are not told apart; each is five to eight series. */
const DEVICES_MAX = 16;
const PASSED_OVER_MAX = 1024;

export interface DeviceTable<Device> {
  /** The device's entry, made at its first sight; undefined when it is not one to follow. */
  find(name: string): Device | undefined;
  /** Forgets every device not found since the last sweep: if it returns, its counters start anew. */
  sweep(): void;
}

interface Entry<Device> {
  readonly device: Device;
  seenInRound: number;
}

export function createDeviceTable<Device>(
  isFollowed: (name: string) => boolean,
  create: (name: string) => Device,
): DeviceTable<Device> {
  const entries = new Map<string, Entry<Device>>();
  const passedOver = new Set<string>();
  let round = 0;

  return {
    find(name) {
      let entry = entries.get(name);
      if (entry === undefined) {
        if (name === '' || passedOver.has(name) || entries.size >= DEVICES_MAX) return undefined;
        if (!isFollowed(name)) {
          if (passedOver.size >= PASSED_OVER_MAX) passedOver.clear();
          passedOver.add(name);
          return undefined;
        }
        entry = { device: create(name), seenInRound: round };
        entries.set(name, entry);
      }
      entry.seenInRound = round;
      return entry.device;
    },
    sweep() {
      for (const [name, entry] of entries) {
        if (entry.seenInRound !== round) entries.delete(name);
      }
      round++;
    },
  };
}
