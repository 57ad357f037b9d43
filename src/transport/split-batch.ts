/**
 * A batch that was refused as a whole, in parts: a point that a receiver cannot take must not cost the
 * others. Parts have identities of their own, so that a receiver can tell repeated ones: the sequence
 * `2^52 + sequence × 4096 + node`, where node 1 is the batch, and 2n and 2n+1 are the halves of n.
 * The halves are always cut at the same place, so a part means the same in every attempt. A sender that is cut off begins
 * again with the whole: who has some of its parts by then refuses it once more, and takes the others.
 */
import type { Batch } from './batch.js';

const PART_BASE = 2 ** 52;
const NODES_MAX = 4096;
/** Batches of so high a number cannot be split; at one a second that takes 17,000 years. */
const SEQUENCE_MAX = 2 ** 39;

/** The number of the batch that a part was cut from; of a whole batch, its own. */
export function wholeSequence(sequence: number): number {
  return sequence < PART_BASE ? sequence : Math.floor((sequence - PART_BASE) / NODES_MAX);
}

/** What a receiver has of a batch or part: all of it, some of its own parts, or nothing. */
export type Held = 'nothing' | 'some' | 'all';

/** The numbers that parts of the same batch have, from the first up to the one after the last. */
export function partNumbers(sequence: number): readonly [from: number, to: number] {
  const from = PART_BASE + wholeSequence(sequence) * NODES_MAX;
  return [from, from + NODES_MAX];
}

/** What who has `known`, which are of the same batch, holds of `sequence`. */
export function heldOf(sequence: number, known: readonly number[]): Held {
  const node = nodeOf(sequence);
  const nodes = known.map(nodeOf);
  if (nodes.some((one) => isWithin(node, one))) return 'all';
  return nodes.some((one) => isWithin(one, node)) ? 'some' : 'nothing';
}

function nodeOf(sequence: number): number {
  return sequence < PART_BASE ? 1 : (sequence - PART_BASE) % NODES_MAX;
}

/** Whether part `inner` was cut out of `outer`, or is the same. */
function isWithin(inner: number, outer: number): boolean {
  let node = inner;
  while (node > outer) node = Math.floor(node / 2);
  return node === outer;
}

export interface Part {
  readonly batch: Batch;
  readonly node: number;
}

/** The two halves of a part, or undefined when it holds one point or none. */
export function splitPart({ batch, node }: Part, sequence: number): readonly Part[] | undefined {
  const sizes = [batch.histograms, batch.counters, batch.gauges, batch.events].map(
    (points) => points.length,
  );
  const points = sizes.reduce((sum, size) => sum + size, 0);
  if (points < 2 || node * 2 + 1 >= NODES_MAX || sequence >= SEQUENCE_MAX) return undefined;
  const cut = Math.ceil(points / 2);
  const first = cutOut(batch, 0, cut);
  const second = cutOut(batch, cut, points);
  const records = shareOf(batch, first);
  return [
    { batch: identified({ ...first, records }, sequence, node * 2), node: node * 2 },
    {
      batch: identified({ ...second, records: batch.records - records }, sequence, node * 2 + 1),
      node: node * 2 + 1,
    },
  ];
}

/** The points from `from` to `to`, counted through histograms, counters, gauges and events. */
function cutOut(batch: Batch, from: number, to: number): Batch {
  let start = 0;
  const cut = <Point>(points: readonly Point[]): Point[] => {
    const kept = points.slice(Math.max(0, from - start), Math.max(0, to - start));
    start += points.length;
    return kept;
  };
  return {
    ...batch,
    histograms: cut(batch.histograms),
    counters: cut(batch.counters),
    gauges: cut(batch.gauges),
    events: cut(batch.events),
  };
}

/** Records of the batch that go with its first half: by histogram counts; the halves add up. */
function shareOf(batch: Batch, first: Batch): number {
  const counted = ({ histograms }: Batch): number =>
    histograms.reduce((sum, point) => sum + point.count, 0);
  const whole = counted(batch);
  const share = whole === 0 ? 0.5 : counted(first) / whole;
  return Math.min(batch.records, Math.round(batch.records * share));
}

function identified(batch: Batch, sequence: number, node: number): Batch {
  const identity = { ...batch.identity, sequence: PART_BASE + sequence * NODES_MAX + node };
  return { ...batch, identity };
}
