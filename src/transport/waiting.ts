/** A batch that is not yet delivered, as the index knows it. */

export interface Waiting {
  readonly boot: string;
  readonly sequence: number;
  readonly records: number;
  readonly closedMs: number;
  readonly bytes: number;
  /** The file that holds it; undefined when it is in memory only. */
  readonly file: string | undefined;
  /** True while it is being sent: it is neither dropped nor sent a second time. */
  sending: boolean;
}

/** Why a batch is given up. Each has a word in the lane's account. */
export type LossReason = 'evicted' | 'refused' | 'expired' | 'corrupt' | 'overflow';

export type OnLost = (waiting: Waiting, reason: LossReason) => void;
/** A batch of another process, or of a crashed worker of this one, is ours now. */
export type OnAdopted = (waiting: Waiting, wasCheckpoint: boolean) => void;

export interface SpoolEvents {
  readonly onLost: OnLost;
  readonly onAdopted: OnAdopted;
  readonly onDamaged: (detail: string) => void;
}

/** The oldest that nobody is sending. */
export function oldest<Item extends Waiting>(items: Iterable<Item>): Item | undefined {
  let found: Item | undefined;
  for (const item of items) {
    if (item.sending) continue;
    if (found === undefined || isOlder(item, found)) found = item;
  }
  return found;
}

function isOlder(a: Waiting, b: Waiting): boolean {
  return a.closedMs !== b.closedMs ? a.closedMs < b.closedMs : a.sequence < b.sequence;
}
