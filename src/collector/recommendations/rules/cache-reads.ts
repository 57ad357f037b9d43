/** Rule: caches that find little, and reads that give everybody the same and are made each time. */
import { isCut } from '../../../sql/canonical-text.js';
import type { QueryRow } from '../../views/queries.js';
import type { CacheRow } from '../evidence/evidence.js';
import type { Draft } from '../recommendation.js';
import { count, inADay, items, percent, quoted, time } from '../words.js';
import { advice, type Rule } from './rule.js';

const READS_MIN = 100;
const HIT_RATIO_MIN = 0.5;
/** A read that anybody may share, made as often and as slowly, is worth a cache. */
const SHARED_CALLS_MIN = 100;
const SHARED_SECONDS_MIN = 0.001;
/** Work that is left with a cache: one load in so many reads. */
const KEPT = 0.1;

export const cacheReads: Rule = ({ caches, queries, recordedMs }) => [
  ...caches.filter(isPoor).map(lowHits),
  ...queries.filter(isShared).map((query) => sharedRead(query, recordedMs)),
];

export function isPoor({ hits, misses }: CacheRow): boolean {
  const reads = hits + misses;
  return reads >= READS_MIN && hits / reads < HIT_RATIO_MIN;
}

/**
 * What stands for a value: `?` of the canonical text, and what drivers write: `$1`, `:name`, `@P1`, `%s`, `%(name)s`. A
 * cast (`::text`) and operators (`@>`) do not.
 */
const PLACEHOLDER = /[?]|\$\w|(?<!:):[a-z_]\w*|(?<!@)@[a-z_]\w*|%(?:\(\w+\))?s\b/i;

/** A read without any value in it, of which all is known, has the same answer for everyone. */
export function isShared({ text, calls, p50 }: QueryRow): boolean {
  const isRead = /^(?:select|with)\b/i.test(text) && /\bfrom\b/i.test(text);
  const isSame = !PLACEHOLDER.test(text) && !/\bfor\s+update\b|\b(?:random|rand)\s*\(/i.test(text);
  return isRead && isSame && !isCut(text) && calls >= SHARED_CALLS_MIN && p50 >= SHARED_SECONDS_MIN;
}

function lowHits({ cache, hits, misses }: CacheRow): Draft {
  const reads = hits + misses;
  const where = cache === '' ? 'the cache' : `the cache ${cache}`;
  return {
    type: 'cache_low_hits',
    subject: cache,
    title: `Cache that finds little: ${cache || 'unnamed'}`,
    finding: `${percent(hits / reads)} of the reads of ${where} find something.`,
    evidence: [`${count(reads)} reads, ${count(misses)} of them in vain.`],
    costPerDay: 0,
    fix: advice(
      'Look at its size and the age of its entries: an entry that leaves before it is read again helps nobody. Keys that name a user or a time are never read twice.',
    ),
    confidence: 'medium',
    verification: `More than ${percent(HIT_RATIO_MIN)} of the reads find something.`,
    measure: { kind: 'service' },
  };
}

function sharedRead(query: QueryRow, recordedMs: number): Draft {
  return {
    type: 'cache_read',
    subject: `${query.system} ${query.text}`,
    title: `Same answer for everyone, asked each time: ${query.collection || query.system}`,
    finding: `${quoted(query.text)} has no values in it, so that all ${items(query.calls, 'call')} ask the same.`,
    evidence: [
      `p50 ${time(query.p50)}, p95 ${time(query.p95)}, ${time(query.total)} in all.`,
      'How old the answer may be is yours to say.',
    ],
    costPerDay: inADay(query.total * (1 - KEPT), recordedMs),
    fix: {
      text: 'Keep the answer for as long as it may be old, and load it once for all that wait.',
      code: "const rows = await cached('…', () => pool.query('…'), 10_000);   // ms",
      language: 'js',
    },
    confidence: 'medium',
    verification: 'The statement is made far less often, with as many requests.',
    query: query.text,
    measure: { kind: 'query', text: query.text },
  };
}
