/** Debug headers on real responses, compared with the same application without them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { debugHeadersOf } from '../../src/agent/debug-headers.js';
import { RequestState } from '../../src/agent/request-state.js';
import { NODES } from '../support/nodes.js';
import { runApp } from '../support/run-app.js';

interface Answer {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly rawHeaders: readonly string[];
  readonly thrown?: string;
}
interface Said {
  readonly http1: Readonly<Record<string, Answer>>;
  readonly http2: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

const DEBUG = /^(?:x-response-time|x-db-queries|server-timing)$/i;
const TIMING =
  /^total;dur=[\d.]+, db;dur=0\.0;desc="0 queries", middleware;dur=0\.0, traceparent;desc="00-[\da-f]{32}-[\da-f]{16}-01"$/;

function pairsOf({ rawHeaders }: Answer): [string, string][] {
  return rawHeaders
    .flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, rawHeaders[i + 1]!]] : []))
    .filter(([name]) => name !== 'Date');
}

/** Without what the debug headers may add or join. */
function others(answer: Answer): object {
  const pairs = pairsOf(answer).filter(([name]) => !DEBUG.test(name));
  return { ...answer, rawHeaders: pairs.map(String).sort() };
}

it('Server-Timing tells reads of caches where there were any', () => {
  const state = new RequestState(0, 'GET', undefined);
  const timing = (): string | undefined => debugHeadersOf(state).at(-1)?.[1];
  expect(timing()).not.toContain('cache');
  state.cacheHits = 3;
  state.cacheMisses = 1;
  expect(timing()).toContain(', middleware;dur=0.0, cache;desc="3 hits, 1 miss", traceparent;');
});

describe.each(NODES)('on Node.js $major', ({ binary }) => {
  let bare: Said;
  let off: Said;
  let on: Said;
  beforeAll(async () => {
    const said = async (options: Parameters<typeof runApp>[1]): Promise<Said> => {
      const { code, stdout, stderr } = await runApp('debug-headers.mjs', {
        ...options,
        node: binary,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout) as Said;
    };
    bare = await said({ isBare: true });
    off = await said({});
    on = await said({ env: { TACHOGRAPH_DEBUG_HEADERS: '1' } });
  }, 120_000);

  function valuesOf(way: string, name: string): string[] {
    return pairsOf(on.http1[way]!)
      .filter(([key]) => key.toLowerCase() === name.toLowerCase())
      .map(([, value]) => value);
  }

  describe('debug headers of HTTP/1', () => {
    it('change nothing else, nor what is thrown', () => {
      for (const [way, answer] of Object.entries(bare.http1)) {
        expect([way, others(on.http1[way]!)]).toEqual([way, others(answer)]);
      }
    });

    it('are on every response once', () => {
      for (const way of Object.keys(on.http1)) {
        const counts = ['X-Response-Time', 'X-DB-Queries', 'Server-Timing'].map(
          (name) => valuesOf(way, name).length,
        );
        expect([way, counts]).toEqual([way, [1, 1, 1]]);
      }
    });

    it('say what the request cost', () => {
      expect(valuesOf('bare', 'X-Response-Time')[0]).toMatch(/^\d+\.\dms$/);
      expect(valuesOf('bare', 'X-DB-Queries')).toEqual(['0']);
      expect(valuesOf('bare', 'Server-Timing')[0]).toMatch(TIMING);
    });

    it('leave the application’s own, and add to its Server-Timing', () => {
      expect(valuesOf('set', 'X-Response-Time')).toEqual(['mine']);
      expect(valuesOf('pairs', 'X-DB-Queries')).toEqual(['mine']);
      const ownTiming = { set: 'app;dur=1', object: 'app', flat: 'app', flatAfterSet: 'before' };
      for (const [way, own] of Object.entries(ownTiming)) {
        expect(valuesOf(way, 'Server-Timing')[0]).toMatch(new RegExp(`^${own}, total;dur=`));
      }
    });
  });

  describe('debug headers of HTTP/2', () => {
    it('are on responses of the compatibility API and of streams, and change nothing else', () => {
      for (const [way, headers] of Object.entries(on.http2)) {
        expect(headers['x-response-time']).toMatch(/^\d+\.\dms$/);
        expect(headers['x-db-queries']).toBe('0');
        const timing = String(headers['server-timing']);
        expect(way === 'stream' ? timing.replace('app, ', '') : timing).toMatch(TIMING);
        // The trace that came with the request.
        expect(timing).toContain('00-0af7651916cd43dd8448eb211c80319c-');
        const rest = (from: object): object =>
          Object.fromEntries(
            Object.entries(from).filter(([name]) => !DEBUG.test(name) && name !== 'date'),
          );
        expect([way, rest(headers)]).toEqual([way, rest(bare.http2[way]!)]);
      }
    });
  });

  describe('without the option', () => {
    it('responses are as without the agent', () => {
      for (const [way, answer] of Object.entries(bare.http1)) {
        expect([way, pairsOf(off.http1[way]!)]).toEqual([way, pairsOf(answer)]);
      }
      for (const headers of Object.values(off.http2))
        expect(headers).not.toHaveProperty('x-response-time');
    });
  });
});
