/** Sessions in memory, bounded; the store that express-session brings grows for ever. */
import session from 'express-session';
import { LRUCache } from 'lru-cache';

const SESSIONS_MAX = 5_000;
const AGE_MS_MAX = 30 * 60_000;

export class LruSessionStore extends session.Store {
  /** @type {LRUCache<string, string>} Serialized, as in a store outside the process. */
  #sessions = new LRUCache({ max: SESSIONS_MAX, ttl: AGE_MS_MAX });

  /**
   * @param {string} id
   * @param {(error: unknown, session?: session.SessionData | null) => void} done
   */
  get(id, done) {
    const stored = this.#sessions.get(id);
    setImmediate(done, null, stored === undefined ? null : JSON.parse(stored));
  }

  /**
   * @param {string} id
   * @param {session.SessionData} data
   * @param {(error?: unknown) => void} [done]
   */
  set(id, data, done = () => {}) {
    this.#sessions.set(id, JSON.stringify(data));
    setImmediate(done);
  }

  /**
   * @param {string} id
   * @param {(error?: unknown) => void} [done]
   */
  destroy(id, done = () => {}) {
    this.#sessions.delete(id);
    setImmediate(done);
  }
}
