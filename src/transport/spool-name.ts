/**
 * The names in a spool folder. A name says all that the index needs, so that a folder of thousands of
 * batches is known without opening one, and whose it is, so that a claim is one atomic rename.
 *
 *     <closedMs>-<sequence>-<records>-<boot>.<owner>.tgb    a batch
 *     <owner>.0.slot  <owner>.1.slot                        checkpoints of the open window
 *     <owner>.owner                                         who the owner is (`spool-owner.ts`)
 *     <owner>.<heir>.claim                                  who takes over (`spool-claim.ts`)
 *     <batch or checkpoint>.tmp                             being written
 *
 * An owner is `<pid>-<first 8 characters of its boot id>`: the process that sends the batch, which
 * after an adoption is not the one that made it.
 */
import type { Parcel } from './sender.js';

export interface BatchName {
  readonly closedMs: number;
  readonly sequence: number;
  readonly records: number;
  readonly boot: string;
  readonly owner: string;
}

const OWNER = '\\d{1,10}-[0-9A-Za-z]{1,8}';
const BATCH = new RegExp(
  `^(\\d{1,16})-(\\d{1,16})-(\\d{1,16})-([0-9A-Za-z-]{1,64})\\.(${OWNER})\\.tgb$`,
);
const SLOT = new RegExp(`^(${OWNER})\\.[01]\\.slot$`);
const MARKER = new RegExp(`^(${OWNER})\\.owner$`);
const CLAIM = new RegExp(`^(${OWNER})\\.(${OWNER})\\.claim$`);
const TEMPORARY = new RegExp(`^.{0,200}?(${OWNER})\\.(?:tgb|owner|[01]\\.slot)\\.tmp$`);

export function ownerName(pid: number, boot: string): string {
  return `${pid}-${boot.replace(/[^0-9A-Za-z]/g, '').slice(0, 8)}`;
}

export function batchName(parcel: Parcel, owner: string): string {
  const { closedMs, records, identity } = parcel;
  const boot = identity.boot.replace(/[^0-9A-Za-z-]/g, '').slice(0, 64);
  return `${closedMs}-${identity.sequence}-${records}-${boot}.${owner}.tgb`;
}

export function parseBatchName(name: string): BatchName | undefined {
  const match = BATCH.exec(name);
  if (match === null) return undefined;
  const [, closedMs, sequence, records, boot, owner] = match;
  return {
    closedMs: Number(closedMs),
    sequence: Number(sequence),
    records: Number(records),
    boot: boot!,
    owner: owner!,
  };
}

/** The same batch under another owner. */
export function renamedFor(name: string, owner: string): string {
  return name.replace(BATCH, (_all, closedMs, sequence, records, boot) => {
    return `${closedMs}-${sequence}-${records}-${boot}.${owner}.tgb`;
  });
}

export function slotName(owner: string, slot: 0 | 1): string {
  return `${owner}.${slot}.slot`;
}

export function markerName(owner: string): string {
  return `${owner}.owner`;
}

export function claimName(dead: string, heir: string): string {
  return `${dead}.${heir}.claim`;
}

export function parseClaim(name: string): { dead: string; heir: string } | undefined {
  const match = CLAIM.exec(name);
  return match === null ? undefined : { dead: match[1]!, heir: match[2]! };
}

export type OwnedKind = 'slot' | 'marker' | 'claim' | 'temporary';

/** Whose a file is that is not a batch; undefined when it is none of ours. */
export function parseOwned(name: string): { kind: OwnedKind; owner: string } | undefined {
  const slot = SLOT.exec(name)?.[1];
  if (slot !== undefined) return { kind: 'slot', owner: slot };
  const marker = MARKER.exec(name)?.[1];
  if (marker !== undefined) return { kind: 'marker', owner: marker };
  const claim = parseClaim(name);
  if (claim !== undefined) return { kind: 'claim', owner: claim.dead };
  const temporary = TEMPORARY.exec(name)?.[1];
  return temporary === undefined ? undefined : { kind: 'temporary', owner: temporary };
}
