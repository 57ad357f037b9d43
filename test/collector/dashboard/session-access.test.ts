/** Who may open the dashboard, and what another page in the same browser cannot do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CODE_MS } from '../../../src/collector/dashboard/login-code.js';
import { SESSION_MS } from '../../../src/collector/dashboard/sessions.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { createToken, type Role, revokeToken } from '../../../src/collector/tokens/token-file.js';
import { request } from '../../support/raw-request.js';

const START = Date.UTC(2026, 10, 23, 12);
let folder = '';
let nowMs = START;
let collector: Collector;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  nowMs = START;
  collector = await startCollector({ folder, port: 0, queryThreads: 0, now: () => nowMs });
});
afterEach(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

const makeToken = (role: Role) => createToken(folder, role, 'me', START);
const JSON_TYPE = { 'content-type': 'application/json' };

function signIn(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${collector.url}/v1/session`, {
    method: 'POST',
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify(body),
  });
}

function cookieOf(response: Response): string {
  return (response.headers.get('set-cookie') ?? '').split(';')[0]!;
}

async function statusWith(cookie: string, path = '/v1/services'): Promise<number> {
  return (await fetch(collector.url + path, { headers: { cookie } })).status;
}

describe('without a token', () => {
  it('everybody on this machine may read, and the session says so', async () => {
    const response = await fetch(`${collector.url}/v1/session`);
    expect(await response.json()).toEqual({ isOpen: true, role: 'admin' });
    expect(collector.loginUrl).toBeUndefined();
  });
});

describe('a session', () => {
  it('is opened by a token that may read, and lets its browser read', async () => {
    const { token } = makeToken('read');
    expect(await statusWith('')).toBe(401);
    const response = await signIn({ token });
    expect(await response.json()).toEqual({ isOpen: false, role: 'read' });
    const header = response.headers.get('set-cookie') ?? '';
    expect(header).toContain('HttpOnly');
    expect(header).toContain('SameSite=Strict');
    expect(await statusWith(cookieOf(response))).toBe(200);
  });

  it('is not opened by a wrong token, nor by one that may only write', async () => {
    const { token } = makeToken('write');
    const wrong = await signIn({ token: 'wrong' });
    expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null]);
    const writer = await signIn({ token });
    expect([writer.status, writer.headers.get('set-cookie')]).toEqual([403, null]);
  });

  it('ends with its token', async () => {
    const { token, entry } = makeToken('read');
    const cookie = cookieOf(await signIn({ token }));
    expect(await statusWith(cookie)).toBe(200);
    revokeToken(folder, entry.id);
    expect(await statusWith(cookie)).not.toBe(200);
  });

  it('ends when its time is over, and when its reader signs out', async () => {
    const { token } = makeToken('read');
    const [first, second] = [cookieOf(await signIn({ token })), cookieOf(await signIn({ token }))];
    await fetch(`${collector.url}/v1/session`, { method: 'DELETE', headers: { cookie: first } });
    expect([await statusWith(first), await statusWith(second)]).toEqual([401, 200]);
    nowMs += SESSION_MS;
    expect(await statusWith(second)).toBe(401);
  });

  it('is not found by guessing', async () => {
    makeToken('read');
    expect(await statusWith(`tachograph_session=${'a'.repeat(43)}`)).toBe(401);
  });

  it.each([
    ['no JSON', 'text/plain', '{"token":"x"}', 415],
    ['something else', 'application/json', '[]', 400],
    ['far too much', 'application/json', JSON.stringify({ token: 'x'.repeat(5000) }), 413],
  ])('is refused for %s', async (_what, type, body, status) => {
    makeToken('read');
    const headers = { 'content-type': type };
    const response = await fetch(`${collector.url}/v1/session`, { method: 'POST', headers, body });
    expect(response.status).toBe(status);
  });
});

describe('the link of the start', () => {
  async function restart(): Promise<string> {
    makeToken('read');
    await collector.close();
    collector = await startCollector({ folder, port: 0, queryThreads: 0, now: () => nowMs });
    return /#login=(.+)$/.exec(collector.loginUrl ?? '')?.[1] ?? '';
  }

  it('signs in once', async () => {
    const code = await restart();
    const response = await signIn({ code });
    expect(await response.json()).toEqual({ isOpen: false, role: 'admin' });
    expect(await statusWith(cookieOf(response))).toBe(200);
    expect((await signIn({ code })).status).toBe(401);
  });

  it('is no good later, nor when it is another', async () => {
    const code = await restart();
    expect((await signIn({ code: `${code}x` })).status).toBe(401);
    nowMs += CODE_MS;
    expect((await signIn({ code })).status).toBe(401);
  });
});

describe('another page', () => {
  it('cannot sign anybody in or out', async () => {
    const { token } = makeToken('admin');
    const own = new URL(collector.url);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: `http://${own.hostname}:1` },
      { origin: 'null' },
    ]) {
      const response = await signIn({ token }, headers);
      expect([response.status, response.headers.get('set-cookie')]).toEqual([403, null]);
    }
    expect((await signIn({ token }, { origin: collector.url })).status).toBe(200);
  });

  it('cannot change anything by the session of its reader', async () => {
    const { token } = makeToken('admin');
    const cookie = cookieOf(await signIn({ token }));
    const post = (headers: Record<string, string>) =>
      request(`${collector.url}/v1/silences`, { method: 'POST', headers: { cookie, ...headers } });
    for (const site of ['cross-site', 'same-site', 'none']) {
      expect(await post({ 'sec-fetch-site': site })).toMatchObject({ status: 403 });
    }
    expect(await post({ origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    // A form of another site, in a browser that says nothing of it.
    expect(await post({})).toMatchObject({ status: 403 });
    // Of the page itself it is let through, to a path that is not there.
    expect(await post({ 'sec-fetch-site': 'same-origin' })).toMatchObject({ status: 404 });
    expect(await post({ origin: collector.url })).toMatchObject({ status: 404 });
  });

  it('cannot change anything on this machine where nobody has to sign in', async () => {
    const post = (headers: Record<string, string>) =>
      request(`${collector.url}/v1/silences`, { method: 'POST', headers });
    expect(await post({ origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
    // A program is no page.
    expect(await post({})).toMatchObject({ status: 404 });
  });

  it.each(['/', '/routes', '/assets/app.js', '/v1/session', '/v1/live'])(
    'cannot reach %s by a name of its own that leads here',
    async (path) => {
      const answer = await request(collector.url + path, { headers: { host: 'evil.example' } });
      expect(answer).toMatchObject({ status: 403 });
      expect(answer.body).toContain('host_not_allowed');
    },
  );
});

describe('who may only read', () => {
  it('changes nothing, by session or by token', async () => {
    const { token } = makeToken('read');
    const cookie = cookieOf(await signIn({ token }));
    for (const headers of [
      { cookie, origin: collector.url },
      { authorization: `Bearer ${token}` },
    ]) {
      const answer = await request(`${collector.url}/v1/silences/x`, { method: 'DELETE', headers });
      expect(answer.body).toContain('wrong_role');
    }
    const admin = makeToken('admin');
    const headers = { authorization: `Bearer ${admin.token}` };
    expect(
      await request(`${collector.url}/v1/silences/x`, { method: 'DELETE', headers }),
    ).toMatchObject({ status: 404 });
  });
});
