import { describe, expect, it } from 'vitest';
import { createContext } from '../../src/agent/context.js';
import { Operations } from '../../src/agent/operations.js';
import type { ProbeHost } from '../../src/agent/probe.js';
import type { Recorder } from '../../src/agent/recorder.js';
import type { TraceKeeper } from '../../src/agent/trace-keeper.js';
import { Unit } from '../../src/agent/unit.js';
import { Work } from '../../src/agent/work.js';
import { type Line, PATIENT, runApp } from '../support/run-app.js';

const CALLS = 'tachograph.http.server.client_calls';

function callsOf(lines: readonly Line[], route: string) {
  const found = lines.filter((line) => line.name === CALLS && line['http.route'] === route);
  return {
    requests: found.reduce((total, { count }) => total + (count ?? 0), 0),
    calls: found.reduce((total, { sum }) => total + (sum ?? 0), 0),
  };
}

describe('the calls a request makes', () => {
  it.each(['auto', 'on'])(
    'are its own from the first of the process on: TACHOGRAPH_CONTEXT=%s',
    async (mode) => {
      const env = { ...PATIENT, TACHOGRAPH_CONTEXT: mode };
      const { code, lines } = await runApp('outbound.mjs', { env });
      expect(code).toBe(0);
      expect(callsOf(lines, '/one')).toEqual({ requests: 1, calls: 1 });
      expect(callsOf(lines, '/three')).toEqual({ requests: 20, calls: 60 });
    },
  );

  it('are nobody’s when the context is off', async () => {
    const env = { ...PATIENT, TACHOGRAPH_CONTEXT: 'off' };
    const { lines } = await runApp('outbound.mjs', { env });
    expect(lines.filter(({ name }) => name === CALLS)).toEqual([]);
    // They are counted all the same.
    const made = lines.filter(({ name }) => name === 'http.client.request.duration');
    expect(made.reduce((total, { count }) => total + (count ?? 0), 0)).toBe(61);
  });
});

describe('a first question beside the only open request', () => {
  /** One request is open, and nobody was asked for yet. */
  function setUp() {
    const open = new Unit(performance.now());
    const context = createContext('auto', () => open);
    return { open, context };
  }

  it('is answered with it, and leaves nothing that what comes later could inherit', async () => {
    const { open, context } = setUp();
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        expect(context.current()).toBe(open);
        expect(context.followed()).toBeUndefined();
        expect(context.current()).toBeUndefined();
        resolve();
      }, 1);
    });
  });

  it('is not answered with it when an operation asks', () => {
    const { open, context } = setUp();
    const recorder = { series: () => 0, stage() {}, publish() {} } as unknown as Recorder;
    const work = new Work(recorder, context);
    const host = { context, recorder, work, warn: () => {} } as unknown as ProbeHost;
    const keeper = { offer: () => {} } as unknown as TraceKeeper;
    let caller: Unit | undefined;
    const limits = { slowUs: 1, queriesMax: 1 };
    new Operations(host, keeper, () => limits).measure('nightly_job', undefined, () => {
      caller = context.followed();
    });
    expect(caller).toBeInstanceOf(Unit);
    expect(caller).not.toBe(open);
  });
});
