/**
 * Opens the lane of one destination, with its sender and its part of the spool. Runs in the agent's
 * worker, and in a command that has something of its own to deliver.
 */
import type { Options } from '../shared/options.js';
import { spoolRoot } from '../shared/spool-root.js';
import { systemClock } from './clock.js';
import { createSender } from './create-sender.js';
import type { Destination } from './destination.js';
import { Lane } from './lane.js';
import type { Network } from './network.js';
import { Spool } from './spool.js';
import type { OnTrouble } from './trouble.js';

export interface LaneParts {
  readonly options: Options;
  /** Boot id of this process. */
  readonly boot: string;
  /** The lane's words of the control block. */
  readonly account: Float64Array;
  readonly network: Network;
  readonly onTrouble: OnTrouble;
}

export async function openLane(
  destination: Destination,
  { options, boot, account, network, onTrouble }: LaneParts,
): Promise<Lane> {
  const spool =
    options.spoolBytesMax === 0
      ? undefined
      : new Spool({
          root: spoolRoot(options.spoolDir),
          key: destination.key,
          bytesMax: options.spoolBytesMax,
          ageMaxMs: options.spoolAgeMaxMs,
          boot,
          nowMs: systemClock.nowMs,
        });
  return new Lane({
    label: destination.label,
    boot,
    sender: await createSender(destination, options.token, systemClock.nowMs, network),
    spool,
    account,
    clock: systemClock,
    random: Math.random,
    onTrouble,
  });
}
