/**
 * Delivers a batch, and in parts when it is refused as a whole: a point that a receiver cannot take
 * must not cost the others. Bounded: REQUESTS_MAX for a batch, which finds one poisoned point among
 * 2,000 (22 requests); what is left then counts as refused, so that a receiver that refuses
 * everything is not asked thousands of times.
 */
import { decodeBatch } from './decode-batch.js';
import { encodeBatch } from './encode-batch.js';
import type { Outcome, Parcel, Sender } from './sender.js';
import { type Part, splitPart } from './split-batch.js';

const REQUESTS_MAX = 32;

/** The destination's last word on a batch. `accepted` and `refused` are records. */
export interface Settled {
  readonly kind: 'settled';
  readonly accepted: number;
  readonly refused: number;
  /** Why parts or all of it were refused; empty when everything was accepted. */
  readonly reason: string;
}

/** To be begun again later with the whole batch: receivers drop the parts that they have. */
export type Retry = Extract<Outcome, { kind: 'retry' }>;

export async function deliver(
  parcel: Parcel,
  sender: Sender,
  timeoutMs: number,
): Promise<Settled | Retry> {
  const outcome = await sender.send(parcel, timeoutMs);
  switch (outcome.kind) {
    case 'retry':
      return outcome;
    case 'accepted':
      return { kind: 'settled', accepted: parcel.records, refused: 0, reason: '' };
    case 'refused': {
      const parts = outcome.splittable ? splitParcel(parcel) : undefined;
      if (parts !== undefined)
        return deliverParts(parts, parcel.identity.sequence, sender, timeoutMs);
      const { reason } = outcome;
      return { kind: 'settled', accepted: 0, refused: parcel.records, reason };
    }
  }
}

async function deliverParts(
  parts: readonly Part[],
  sequence: number,
  sender: Sender,
  timeoutMs: number,
): Promise<Settled | Retry> {
  const open = [...parts];
  let accepted = 0;
  let refused = 0;
  let reason = '';
  for (let requests = 0; requests < REQUESTS_MAX && open.length > 0; requests++) {
    const part = open.pop()!;
    const outcome = await sender.send(parcelOf(part), timeoutMs);
    switch (outcome.kind) {
      case 'retry':
        return outcome;
      case 'accepted':
        accepted += part.batch.records;
        break;
      case 'refused': {
        const halves = outcome.splittable ? splitPart(part, sequence) : undefined;
        if (halves !== undefined) {
          open.push(...halves);
          break;
        }
        refused += part.batch.records;
        reason = outcome.reason;
        break;
      }
    }
  }
  if (open.length > 0) {
    for (const part of open) refused += part.batch.records;
    reason = `refused in ${REQUESTS_MAX} parts (${reason || 'and smaller ones not tried'})`;
  }
  return { kind: 'settled', accepted, refused, reason };
}

function splitParcel(parcel: Parcel): readonly Part[] | undefined {
  try {
    return splitPart({ batch: decodeBatch(parcel.body), node: 1 }, parcel.identity.sequence);
  } catch {
    // Not a batch: whoever refused it was right.
    return undefined;
  }
}

function parcelOf({ batch }: Part): Parcel {
  const { identity, records, closedMs } = batch;
  return { identity, records, closedMs, body: encodeBatch(batch) };
}
