/** Passport itself in this process, with strategies of its own. */
import { createRequire } from 'node:module';
import { beforeEach, expect, it, vi } from 'vitest';
import { patchPassport } from '../../../src/agent/layers/passport.js';
import type { ProbeHost } from '../../../src/agent/probe.js';

/** What runs on a strategy, which Passport gives the functions for its decision. */
interface Attempt {
  success(user: object): void;
  fail(challenge: string, status: number): void;
  redirect(url: string): void;
  pass(): void;
  error(error: Error): void;
}

let ends: (string | undefined)[][] = [];
const labels: string[][] = [];
const host = {
  recorder: { series: (_: unknown, values: string[]) => labels.push(values) - 1 },
  context: { follow: () => {} },
  work: {
    current: () => undefined,
    endLayer: (_: unknown, __: unknown, series: number) => ends.push(labels[series]!),
  },
  warn: (code: string, detail: string) => {
    throw new Error(`${code} ${detail}`);
  },
} as unknown as ProbeHost;
const require = createRequire(import.meta.url);
const Authenticator = require('passport').Authenticator as new () => {
  use(strategy: object): void;
  authenticate(
    name: string,
    options: object,
  ): (request: object, response: object, next: (error?: unknown) => void) => void;
};
patchPassport({ exports: Authenticator } as never, host);

beforeEach(() => {
  ends = [];
});

/** Attempts once; what comes is given to `next`, or the head that Passport writes. */
function attempt(passport: InstanceType<typeof Authenticator>): unknown[] {
  const heard: unknown[] = [];
  const response = {
    setHeader: (name: string, value: unknown) => heard.push(name, value),
    end: () => heard.push('end'),
  };
  const request = { logIn: (_: unknown, __: unknown, done: () => void) => done() };
  const middleware = passport.authenticate('test', { authInfo: false });
  middleware(request, response, (error) => heard.push('next', error));
  return heard;
}

function passportWith(authenticate: (this: Attempt) => void): InstanceType<typeof Authenticator> {
  const passport = new Authenticator();
  passport.use({ name: 'test', authenticate });
  return passport;
}

it.each<[string, (attempt: Attempt) => void, string | undefined, unknown[]]>([
  ['success', (self) => self.success({}), undefined, ['next', undefined]],
  ['fail', (self) => self.fail('Basic', 401), 'refused', ['WWW-Authenticate', ['Basic'], 'end']],
  [
    'redirect',
    (self) => self.redirect('/in'),
    undefined,
    ['Location', '/in', 'Content-Length', '0', 'end'],
  ],
  ['pass', (self) => self.pass(), undefined, ['next', undefined]],
  ['error', (self) => self.error(new RangeError('x')), 'RangeError', ['next', new RangeError('x')]],
])('an attempt ends with %s, and Passport hears of it', (_, decide, error, heard) => {
  const passport = passportWith(function () {
    decide(this);
  });
  expect(attempt(passport)).toEqual(heard);
  expect(ends).toEqual([['passport', 'test', error]]);
});

it('a decision may be taken from the attempt and called by itself', () => {
  const passport = passportWith(function () {
    const { pass } = this;
    pass();
  });
  expect(attempt(passport)).toEqual(['next', undefined]);
  expect(ends).toHaveLength(1);
});

it('an attempt describes no property anew', () => {
  const passport = passportWith(function () {
    this.pass();
  });
  attempt(passport);
  const described = vi.spyOn(Object, 'defineProperties');
  attempt(passport);
  const { length: describedCount } = described.mock.calls;
  described.mockRestore();
  expect(describedCount).toBe(0);
  expect(ends).toHaveLength(2);
});
