/**
 * The spans of one unit: what was called, when and for how long, five words each. Nothing is formatted and
 * nothing leaves the thread unless the unit is kept. The words are KeptTrace's (src/shared/worker-protocol.ts).
 *
 * A list has room for 16 spans, and takes as much again when it is full, up to SPANS_MAX. The room of all
 * lists is one buffer, so what is lent is bounded in bytes, however many requests are open and for how long.
 */
import { NO_QUERY } from '../shared/query-values.js';
import { SPAN_WORDS } from '../shared/worker-protocol.js';
import { NONE, SpanBlocks } from './span-blocks.js';

export const NO_DETAIL = -1;
/** Place of a span that was not kept. */
export const NO_SPAN = -1;
/** Spans kept of a unit; what comes later is counted. */
export const SPANS_MAX = 128;
export const WORDS_MAX: number = SPANS_MAX * SPAN_WORDS;
const BLOCK_SPANS = 16;
const BLOCK_WORDS = BLOCK_SPANS * SPAN_WORDS;
/** 2.5 MiB: 8,192 units of up to 16 spans, or 1,024 of as many as there may be. */
const BLOCKS_MAX = 8192;
/** Who has held its spans for so long gives them back when there is no room: an open event stream, say. */
const HOLD_SECONDS = 30;
/** Lists that are looked at when there is none: each time further on, so that all come by. */
const LOOKS_MAX = 8;
const NOT_LENT = -1;
const LONGEST_US = 0x7fff_ffff;

export const NO_SPANS: Int32Array = new Int32Array(0);

const blocks = new SpanBlocks(BLOCKS_MAX, BLOCK_WORDS);
/** The one that begins with the block of the same number. They are lent again and again. */
const lists: (SpanList | undefined)[] = [];
let lookAt = 0;

export class SpanList {
  /** The blocks of the list, chained; NONE once it had to give them back. */
  #first: number;
  #last: number;
  /** The word of the next span, and where its block ends. */
  #at = 0;
  #end = 0;
  /** Words in the blocks before the last. */
  #wordsBefore = 0;
  /** Spans for which there was no room, and those given back. */
  #omitted = 0;
  /** Whole, for a number with a fraction is an object of its own. */
  #takenSeconds = NOT_LENT;

  private constructor(first: number) {
    this.#first = first;
    this.#last = first;
  }

  /** An empty list, which whoever takes it gives back by `release`; undefined when there is no room. */
  static take(nowMs: number): SpanList | undefined {
    const first = takeBlock(nowMs);
    if (first === NONE) return undefined;
    let list = lists[first];
    if (list === undefined) {
      list = new SpanList(first);
      lists[first] = list;
    }
    list.#lend(nowMs);
    return list;
  }

  get omitted(): number {
    return this.#omitted;
  }

  /** Returns its place, or NO_SPAN. */
  add(series: number, startUs: number, durationUs: number, detail: number, nowMs: number): number {
    if (this.#at === this.#end && !this.#grow(nowMs)) {
      this.#omitted += 1;
      return NO_SPAN;
    }
    const place = this.#at;
    blocks.words[place + 1] = Math.min(startUs, LONGEST_US);
    this.#at = place + SPAN_WORDS;
    this.end(place, series, durationUs, detail, NO_QUERY);
    return place;
  }

  /** What is known of the span at `place` once it is over. `values`: src/shared/query-values.ts. */
  end(place: number, series: number, durationUs: number, detail: number, values: number): void {
    // The room is another's.
    if (this.#first === NONE) return;
    const { words } = blocks;
    words[place] = series;
    words[place + 2] = Math.min(durationUs, LONGEST_US);
    words[place + 3] = detail;
    words[place + 4] = values;
  }

  /** A copy of the words of the spans so far. */
  copy(): Int32Array {
    const copy = new Int32Array(this.#words);
    this.read(copy);
    return copy;
  }

  /** Puts the words of the spans so far into `target`, which has room for WORDS_MAX, and returns how many. */
  read(target: Int32Array): number {
    const { words } = blocks;
    const length = this.#words;
    let block = this.#first;
    for (let to = 0; to < length; to += BLOCK_WORDS) {
      const from = block * BLOCK_WORDS;
      const end = Math.min(BLOCK_WORDS, length - to);
      for (let i = 0; i < end; i++) target[to + i] = words[from + i]!;
      block = blocks.next(block);
    }
    return length;
  }

  release(): void {
    if (this.#first === NONE) return;
    this.#takenSeconds = NOT_LENT;
    blocks.give(this.#first, this.#last);
  }

  /** Gives its room to others if it has held it for long; what it had then counts as omitted. */
  giveBack(nowSeconds: number): boolean {
    const taken = this.#takenSeconds;
    if (taken === NOT_LENT || nowSeconds - taken < HOLD_SECONDS) return false;
    this.#omitted += this.#words / SPAN_WORDS;
    this.release();
    // Its unit goes on with it, so it is lent to no other.
    lists[this.#first] = undefined;
    this.#first = NONE;
    this.#at = this.#end;
    return true;
  }

  #lend(nowMs: number): void {
    this.#last = this.#first;
    this.#at = this.#first * BLOCK_WORDS;
    this.#end = this.#at + BLOCK_WORDS;
    this.#wordsBefore = 0;
    this.#omitted = 0;
    this.#takenSeconds = secondsOf(nowMs);
  }

  /** So far. */
  get #words(): number {
    return this.#first === NONE ? 0 : this.#wordsBefore + BLOCK_WORDS - (this.#end - this.#at);
  }

  #grow(nowMs: number): boolean {
    if (this.#first === NONE || this.#words === WORDS_MAX) return false;
    const block = takeBlock(nowMs);
    if (block === NONE) return false;
    // It may have been its own room that was to be had.
    if (this.#takenSeconds === NOT_LENT) {
      blocks.give(block, block);
      return false;
    }
    blocks.chain(this.#last, block);
    this.#last = block;
    this.#at = block * BLOCK_WORDS;
    this.#end = this.#at + BLOCK_WORDS;
    this.#wordsBefore += BLOCK_WORDS;
    return true;
  }
}

function secondsOf(ms: number): number {
  return (ms / 1000) | 0;
}

function takeBlock(nowMs: number): number {
  const block = blocks.take();
  return block === NONE && makeRoom(secondsOf(nowMs)) ? blocks.take() : block;
}

function makeRoom(nowSeconds: number): boolean {
  for (let i = 0; i < LOOKS_MAX; i++) {
    lookAt = (lookAt + 1) % lists.length;
    if (lists[lookAt]?.giveBack(nowSeconds)) return true;
  }
  return false;
}
