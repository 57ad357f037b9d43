/** Whose a request was: found where the options say, and never told but as a hash. */
import { describe, expect, it } from 'vitest';
import { RequestState } from '../../src/agent/request-state.js';
import { createUserOf } from '../../src/agent/request-user.js';
import { Unit } from '../../src/agent/unit.js';
import { PATIENT, runApp } from '../support/run-app.js';

const SALT = 'salt-of-the-shop';
/** `printf ada.lovelace@example.com | openssl dgst -sha256 -hmac salt-of-the-shop`, its beginning. */
const HASH = '5c994085d084de1d';

function requestWith(request: object, visit?: object): RequestState {
  const state = new RequestState(0, 'GET', undefined);
  state.request = request as NonNullable<RequestState['request']>;
  state.visit = visit;
  return state;
}

describe('the user of a request', () => {
  it('is at the first path that leads to a text or a number', () => {
    const userOf = createUserOf(['user.id', 'session.userId', 'headers.x-user-id']);
    expect(userOf(requestWith({ user: { id: 17 }, session: { userId: 'b' } }))).toBe('17');
    expect(userOf(requestWith({ user: { id: '' }, session: { userId: 'b' } }))).toBe('b');
    expect(userOf(requestWith({ user: null, headers: { 'x-user-id': 'c' } }))).toBe('c');
    expect(userOf(requestWith({ user: { id: 2n ** 70n } }))).toBe('1180591620717411303424');
    expect(userOf(requestWith({ user: { id: {} }, session: 5 }))).toBeUndefined();
    expect(userOf(requestWith({}))).toBeUndefined();
  });

  it('is what the framework’s own request says, before what Node’s says', () => {
    const userOf = createUserOf(['state.user.id']);
    const context = { state: { user: { id: 'of the context' } } };
    expect(userOf(requestWith({ state: { user: { id: 'other' } } }, context))).toBe(
      'of the context',
    );
  });

  it('is what the response has of it, too, as Express keeps it there', () => {
    const state = requestWith({});
    state.response = { locals: { user: { id: 9 } } } as unknown as RequestState['response'];
    expect(createUserOf(['res.locals.user.id'])(state)).toBe('9');
  });

  it('is nobody where the application’s object throws, or where nobody asked', () => {
    const request = {
      get user(): never {
        throw new Error('no session');
      },
    };
    expect(createUserOf(['user.id'])(requestWith(request))).toBeUndefined();
    expect(createUserOf([])(requestWith({ user: { id: 1 } }))).toBeUndefined();
    expect(createUserOf(['user.id'])(new Unit(0))).toBeUndefined();
  });

  it('makes no promise of the application’s a fault of ours, and hides none of its own', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown): unknown => unheard.push(reason);
    process.on('unhandledRejection', hear);
    const lazy = {
      get user(): Promise<never> {
        return Promise.reject(new Error('no session'));
      },
    };
    expect(createUserOf(['user.id'])(requestWith(lazy))).toBeUndefined();
    const own = { user: Promise.reject(new Error('of the application')) };
    expect(createUserOf(['user.id'])(requestWith(own))).toBeUndefined();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([new Error('of the application')]);
  });

  it('sets off no query that a getter gives and that begins once somebody waits for it', async () => {
    let begun = 0;
    class Query extends Promise<unknown> {
      // biome-ignore lint/suspicious/noThenProperty: as query builders have one that begins the query.
      override then: Promise<unknown>['then'] = (...args) => {
        begun += 1;
        return super.then(...args);
      };
    }
    const request = {
      get user(): Query {
        return new Query((resolve) => resolve({ id: 1 }));
      },
    };
    expect(createUserOf(['user.id'])(requestWith(request))).toBeUndefined();
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toBe(0);
  });

  it('is at names of headers however they are written, and at no property of a text', () => {
    const request = { headers: { 'x-user-id': 'c' }, user: 'Ada' };
    expect(createUserOf(['user.length', 'headers.X-User-Id'])(requestWith(request))).toBe('c');
  });

  it('is of bounded length', () => {
    const long = 'x'.repeat(100_000);
    expect(createUserOf(['user'])(requestWith({ user: long }))).toHaveLength(1000);
  });
});

/** Route and user of each trace, and all that was written. */
async function toldOf(env: Readonly<Record<string, string>>): Promise<[unknown, unknown][]> {
  const run = await runApp('users.mjs', {
    env: { ...PATIENT, TACHOGRAPH_TRACE_SAMPLE: '1', TACHOGRAPH_WINDOW: '60s', ...env },
  });
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.stringify(run.lines)).not.toMatch(/lovelace|salt-of/);
  return run.lines
    .filter(({ name }) => name === 'tachograph.trace')
    .map((line) => [line['http.route'] ?? '', line['user.hash']]);
}

describe('under the agent', () => {
  it('a user has one hash in every framework and protocol, and who is nobody has none', async () => {
    const told = await toldOf({
      TACHOGRAPH_USER: 'user.id,state.user.id,headers.x-user-id',
      TACHOGRAPH_USER_SALT: SALT,
    });
    const routes = ['/express', '/fastify', '/koa', '/http2'];
    expect(told.sort()).toEqual(
      routes
        .flatMap((route) => [
          [route, HASH],
          [route, undefined],
        ])
        .sort(),
    );
  });

  it('without a salt the hash is of this process alone, and without the option there is none', async () => {
    const drawn = await toldOf({ TACHOGRAPH_USER: 'user.id' });
    const [hash] = drawn.map(([, user]) => user).filter((user) => user !== undefined);
    expect(hash).toMatch(/^[\da-f]{16}$/);
    expect(hash).not.toBe(HASH);
    expect((await toldOf({})).filter(([, user]) => user !== undefined)).toEqual([]);
  });
});
