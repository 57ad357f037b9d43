/**
 * Histograms merged bucket by bucket: what a query, a rollup and a window add payloads into. Runs in the
 * collector, its query pool and the agent’s worker. It owns one array of counts that grows with the highest bucket
 * used (at most 46,080 at 3 digits, 360 KiB). Counts are doubles, because a month of a busy route
 * does not fit in 32 bits.
 */
import { deflateSync } from 'node:zlib';
import { decodeHdrPayload, type HdrCounts } from './decode-hdr-payload.js';
import { type HdrLayout, hdrLayout, lowestOfSlot, middleOfSlot, slotOf } from './hdr-layout.js';
import { encodeHdrPayload } from './hdr-payload.js';
import { type Extent, percentilesOf } from './percentiles.js';

/** Cookie of the compressed V2 encoding: this, the length, and the payload deflated. */
const COMPRESSED_COOKIE = 0x1c84_9314;
const FIRST_SLOTS = 256;

export class MergedHistogram {
  #layout: HdrLayout | undefined;
  #counts = new Float64Array(0);
  /** Slots at and above this one are empty. */
  #length = 0;
  #total = 0;

  /** How many values were added. */
  get count(): number {
    return this.#total;
  }

  /**
   * Adds a V2 payload. The first one decides the layout; slots of another layout are added at
   * their middle, which costs at most the error of one slot. One with which there were more than 2^53 values is
   * left out: only a sender that lies has so many, and what is stored must be readable again.
   * @throws {HdrFormatError} when the bytes cannot be read.
   */
  add(payload: Uint8Array): void {
    this.#addCounts(decodeHdrPayload(payload));
  }

  /** Adds what another one holds, as if its payloads had been added here. */
  merge(other: MergedHistogram): void {
    const layout = other.#layout;
    if (layout === undefined) return;
    const indexes = new Uint32Array(other.#length);
    const counts = new Float64Array(other.#length);
    let filled = 0;
    for (let slot = 0; slot < other.#length; slot++) {
      const count = other.#counts[slot] as number;
      if (count === 0) continue;
      indexes[filled] = slot;
      counts[filled++] = count;
    }
    this.#addCounts({
      layout,
      total: other.#total,
      indexes: indexes.subarray(0, filled),
      counts: counts.subarray(0, filled),
    });
  }

  #addCounts({ layout, total, indexes, counts }: HdrCounts): void {
    if (this.#total + total > Number.MAX_SAFE_INTEGER) return;
    this.#layout ??= layout;
    const target = this.#layout;
    const same =
      target.halfCount === layout.halfCount && target.unitMagnitude === layout.unitMagnitude;
    if (layout.highest > target.highest) {
      this.#layout = hdrLayout(target.digits, target.lowest, layout.highest);
    }
    const last = indexes.length - 1;
    if (last < 0) return;
    const targetOf = (slot: number): number =>
      same ? slot : slotOf(target, middleOfSlot(layout, slot));
    this.#reach(targetOf(indexes[last] as number));
    const own = this.#counts;
    for (let i = 0; i <= last; i++) {
      const slot = same ? (indexes[i] as number) : targetOf(indexes[i] as number);
      own[slot] = (own[slot] as number) + (counts[i] as number);
    }
    this.#total += total;
  }

  #reach(slot: number): void {
    if (slot >= this.#length) this.#length = slot + 1;
    if (slot < this.#counts.length) return;
    const grown = new Float64Array(Math.max(slot + 1, this.#counts.length * 2, FIRST_SLOTS));
    grown.set(this.#counts);
    this.#counts = grown;
  }

  /** As `percentilesOf`; zeros when nothing was added. */
  percentiles(permilles: readonly number[], extent?: Extent): number[] {
    const layout = this.#layout;
    if (layout === undefined) return permilles.map(() => 0);
    const slots = { layout, total: this.#total, counts: this.#counts };
    return percentilesOf(slots, permilles, extent);
  }

  /** How many values lie above `value`, to the error of one slot. */
  countAbove(value: number): number {
    const layout = this.#layout;
    if (layout === undefined) return 0;
    let above = 0;
    for (let slot = this.#length - 1; slot >= 0; slot--) {
      if (middleOfSlot(layout, slot) <= value) break;
      above += this.#counts[slot] as number;
    }
    return above;
  }

  /**
   * How many values lie at or below each of `bounds`, which ascend, and above the one before it; and at
   * last those above all. To the error of one slot.
   */
  countsUpTo(bounds: readonly number[]): number[] {
    const counts = Array.from({ length: bounds.length + 1 }, () => 0);
    const layout = this.#layout;
    if (layout === undefined) return counts;
    let at = 0;
    for (let slot = 0; slot < this.#length; slot++) {
      const count = this.#counts[slot] as number;
      if (count === 0) continue;
      const value = middleOfSlot(layout, slot);
      while (at < bounds.length && value > (bounds[at] as number)) at++;
      counts[at] = (counts[at] as number) + count;
    }
    return counts;
  }

  /** The V2 payload, uncompressed, or undefined when nothing was added. */
  encode(): Uint8Array | undefined {
    const layout = this.#layout;
    if (layout === undefined) return undefined;
    const last = this.#length - 1;
    return encodeHdrPayload({
      numberOfSignificantValueDigits: layout.digits,
      lowestDiscernibleValue: layout.lowest,
      // A layout has room above its highest value, which one of other digits may have used.
      highestTrackableValue: Math.max(layout.highest, last < 0 ? 0 : lowestOfSlot(layout, last)),
      maxValue: last,
      _counts: this.#counts,
      countsArrayIndex: (slot) => slot,
    });
  }

  /** The compressed V2 payload in base64, which every HdrHistogram port decodes. */
  encodeBase64(): string | undefined {
    const payload = this.encode();
    if (payload === undefined) return undefined;
    const deflated = deflateSync(payload);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(COMPRESSED_COOKIE, 0);
    head.writeUInt32BE(deflated.byteLength, 4);
    return Buffer.concat([head, deflated]).toString('base64');
  }

  /** Empties it and keeps its memory. */
  clear(): void {
    this.#counts.fill(0, 0, this.#length);
    this.#length = 0;
    this.#total = 0;
    this.#layout = undefined;
  }
}
