/** What several requests may share for a short while. Bounded in entries and age. */
import { LRUCache } from 'lru-cache';

const ENTRIES_MAX = 2_000;
const AGE_MS_MAX = 20_000;

/** @returns {LRUCache<string, any>} */
export function openCache() {
  return new LRUCache({ max: ENTRIES_MAX, ttl: AGE_MS_MAX });
}

/**
 * @template T
 * @param {LRUCache<string, any>} cache
 * @param {string} key
 * @param {() => Promise<T>} load Called when the cache has nothing; undefined is not kept.
 * @param {number} [ageMsMax]
 * @returns {Promise<T>}
 */
export async function cached(cache, key, load, ageMsMax = AGE_MS_MAX) {
  const hit = cache.get(key);
  if (hit !== undefined) return hit;
  const value = await load();
  if (value !== undefined) cache.set(key, value, { ttl: ageMsMax });
  return value;
}
