/** What is said of scripts of node:vm that may be ended. The last needs `npm run build`. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import vm from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchScriptEnds } from '../../src/agent/script-ends.js';
import {
  CONTROL_BYTES,
  controlWords,
  SCRIPT_ENDS,
  SESSIONS_OPEN,
} from '../../src/shared/control-layout.js';
import { cleanEnvironment } from '../support/run-app.js';

const script = vm.Script.prototype;
const NAMES = ['runInContext', 'runInThisContext'] as const;
const before = NAMES.map((name) => Object.getOwnPropertyDescriptor(script, name)!);

const control = new SharedArrayBuffer(CONTROL_BYTES);
const words = controlWords(control);
/** How many may be ended now. */
const open = (): number => Atomics.load(words, SCRIPT_ENDS);

beforeEach(() => {
  words.fill(0);
  watchScriptEnds(control);
});
afterEach(() => {
  NAMES.forEach((name, i) => void Object.defineProperty(script, name, before[i]!));
});

const SECOND = { timeout: 1000 };

describe('a script that may be ended', () => {
  it.each([
    ['vm.runInContext', () => vm.runInContext('open()', vm.createContext({ open }), SECOND)],
    ['vm.runInNewContext', () => vm.runInNewContext('open()', { open }, SECOND)],
    ['runInNewContext', () => new vm.Script('open()').runInNewContext({ open }, SECOND)],
    ['at Ctrl-C', () => vm.runInNewContext('open()', { open }, { breakOnSigint: true })],
  ])('is told while it runs, and no longer: %s', (_how, run) => {
    expect(run()).toBe(1);
    expect(open()).toBe(0);
  });

  it('is told while it runs in this context', () => {
    Object.assign(globalThis, { open });
    expect(vm.runInThisContext('open()', SECOND)).toBe(1);
    Reflect.deleteProperty(globalThis, 'open');
  });

  it.each([[undefined], [{}], [{ timeout: undefined, breakOnSigint: false }], ['evil.js']])(
    'is none that nothing ends: %j',
    (options) => {
      expect(vm.runInNewContext('open()', { open }, options as never)).toBe(0);
    },
  );

  it('is told no longer when it was ended, nor are those within it', () => {
    const inner = () => vm.runInNewContext('for (;;);', {}, { timeout: 60_000 });
    const run = (): unknown => vm.runInNewContext('inner()', { inner }, { timeout: 20 });
    expect(run).toThrow(expect.objectContaining({ code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' }));
    expect(open()).toBe(0);
  });

  it('begins though nobody answers the question that is open, and does not wait a second time', () => {
    Atomics.store(words, SESSIONS_OPEN, 1);
    const waits: number[] = [];
    const { wait } = Atomics;
    Atomics.wait = ((...args: Parameters<typeof wait>) => {
      waits.push(1);
      return wait(...args);
    }) as typeof wait;
    try {
      for (let i = 0; i < 3; i++) expect(vm.runInNewContext('1', {}, SECOND)).toBe(1);
    } finally {
      Atomics.wait = wait;
    }
    expect(waits).toHaveLength(50);
  });
});

describe('the methods of scripts', () => {
  it('look as before, and fail as before', () => {
    for (const [i, name] of NAMES.entries()) {
      const { value, ...rest } = Object.getOwnPropertyDescriptor(script, name)!;
      const { value: original, ...had } = before[i]!;
      expect(rest).toEqual(had);
      expect([value.name, value.length]).toEqual([original.name, original.length]);
    }
    const options = {
      get timeout(): number {
        throw new Error('of the application');
      },
    };
    expect(() => vm.runInNewContext('1', {}, options)).toThrow('of the application');
    expect(() => vm.runInNewContext('1', {}, { timeout: -1 })).toThrow(RangeError);
    expect(open()).toBe(0);
  });
});

it('a module of node:vm that may be ended is told while it runs', async () => {
  const dist = new URL('../../dist/', import.meta.url).href;
  const code = `
    const { watchScriptEnds } = await import('${dist}agent/script-ends.js');
    const { CONTROL_BYTES, controlWords, SCRIPT_ENDS } = await import('${dist}shared/control-layout.js');
    const vm = await import('node:vm');
    const control = new SharedArrayBuffer(CONTROL_BYTES);
    const open = () => Atomics.load(controlWords(control), SCRIPT_ENDS);
    watchScriptEnds(control);
    const seen = [];
    const context = vm.createContext({ see: () => seen.push(open()) });
    for (const options of [{ timeout: 1000 }, undefined]) {
      const module = new vm.SourceTextModule('see()', { context });
      await module.link(() => {});
      await module.evaluate(options);
      seen.push(open());
    }
    console.log(JSON.stringify(seen));`;
  const flags = ['--experimental-vm-modules', '--no-warnings', '--input-type=module'];
  const options = { env: cleanEnvironment() };
  const run = promisify(execFile)(process.execPath, [...flags, '-e', code], options);
  expect(JSON.parse((await run).stdout)).toEqual([1, 0, 0, 0]);
});
