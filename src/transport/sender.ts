/**
 * What a destination must be able to do. One file implements it for each kind of destination; spool,
 * backoff and ledger are the same for all (`lane.ts`).
 */
import type { WarningCode } from '../shared/codes.js';
import type { BatchIdentity } from './batch.js';

/** An encoded batch on its way: what can be known of it without decoding. */
export interface Parcel {
  readonly identity: BatchIdentity;
  /** Records folded into the batch. */
  readonly records: number;
  readonly closedMs: number;
  /** Wire format v1, not compressed. */
  readonly body: Uint8Array;
}

export type Outcome =
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'retry';
      readonly reason: string;
      readonly code: WarningCode;
      /** Not before: what the destination asked for, or a pace for troubles that people mend. */
      readonly afterMs?: number;
      /** Someone must mend it (a token, an address): time alone will not. */
      readonly needsMending?: true;
    }
  | {
      readonly kind: 'refused';
      readonly reason: string;
      /** Parts of the batch may be accepted where the whole is not. */
      readonly splittable: boolean;
    };

export interface Sender {
  /** Never rejects. Resolves within about `timeoutMs`; the parcel's bytes are not kept. */
  send(parcel: Parcel, timeoutMs: number): Promise<Outcome>;
  /**
   * A send under way ends with `retry`, and the next has a connection of its own, for this one may lead
   * nowhere. Absent where there is no connection.
   */
  hangUp?(): void;
  /** Gives back what the sender holds; a send under way ends with `retry`. */
  close(): Promise<void>;
}
