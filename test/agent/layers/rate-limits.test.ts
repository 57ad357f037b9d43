import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import type { Method } from '../../../src/agent/layers/outermost.js';
import { patchExpressRateLimit } from '../../../src/agent/layers/rate-limits.js';
import type { ProbeHost } from '../../../src/agent/probe.js';
import { RATE_LIMIT_DECISIONS } from '../../../src/shared/application-metrics.js';

const Native = globalThis.Promise;
afterEach(() => {
  globalThis.Promise = Native;
});

/** What `exports` is after the patch, and what was decided so far. */
function watched(exports: unknown): { limiterOf: Method; decisions: string[] } {
  const decisions: string[] = [];
  const recorder = {
    series: ({ name }: { name: string }, values: readonly string[]) => [name, ...values],
    record: ([name, , decision]: string[]) => {
      if (name === RATE_LIMIT_DECISIONS.name) decisions.push(decision!);
    },
  };
  const loaded = { filename: 'index.cjs', exports, require: () => {} };
  patchExpressRateLimit(loaded, { warn: () => {}, recorder } as unknown as ProbeHost);
  return { limiterOf: loaded.exports as Method, decisions };
}

describe('a limiter of express-rate-limit whose refusal is the end of a promise', () => {
  it('is heard where the application has put another class in the place of Promise', async () => {
    const require = createRequire(import.meta.url);
    const { limiterOf, decisions } = watched(require('express-rate-limit'));
    const limiter = limiterOf({
      ...{ limit: 1, legacyHeaders: false, validate: false },
      keyGenerator: () => 'somebody',
      handler: () => {},
    }) as Method;
    globalThis.Promise = class Other<T> extends Native<T> {} as PromiseConstructor;
    for (let i = 0; i < 3; i++) await limiter({}, {}, () => {});
    expect(decisions).toEqual(['allowed', 'refused', 'refused']);
  });

  it('is heard where it runs in another realm, and gives what it gave', async () => {
    const limit = '{ limit: 1, used: 2, remaining: 0 }';
    const { limiterOf, decisions } = watched(
      runInNewContext(
        `() => async (request) => { request.rateLimit = ${limit}; return 'refused' }`,
      ),
    );
    expect(await (limiterOf() as Method)({}, {}, () => {})).toBe('refused');
    expect(decisions).toEqual(['refused']);
  });

  it('fails as it did', async () => {
    const failure = new Error('its store is gone');
    const { limiterOf, decisions } = watched(() => () => Promise.reject(failure));
    await expect((limiterOf() as Method)({}, {}, () => {})).rejects.toBe(failure);
    expect(decisions).toEqual([]);
  });
});
