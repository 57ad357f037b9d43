/** Whoever asked a database that is silent need not wait for it. Real drivers, servers that say no word. */
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { advise } from '../../src/advisor/advise.js';
import { openLocks } from '../../src/advisor/locks/open-locks.js';
import { optionsOf } from './options-of.js';
import { type SilentServer, silentMysql, silentServer } from './silent-server.js';

let server: SilentServer | undefined;
afterEach(() => server?.close());

const LOOKS: readonly [
  what: string,
  look: (dsn: string, signal: AbortSignal) => Promise<unknown>,
][] = [
  ['advice', (dsn, signal) => advise(dsn, optionsOf(['SELECT 1'], { signal }))],
  ['locks', (dsn, signal) => openLocks(dsn, signal)],
];
/** What drivers say of a connection that is gone, and not of an answer that was waited for too long. */
const CUT = /connection (?:terminated|lost)/i;

describe.each(LOOKS)('a look for %s that is to end', (_, look) => {
  it.each([
    ['postgres', 'says no word', () => silentServer()],
    ['postgres', 'answers no query', () => silentServer({ letsIn: true })],
    ['mysql', 'says no word', () => silentServer()],
    ['mysql', 'answers no query', () => silentMysql()],
  ])('leaves a %s that %s at once', async (kind, _what, start) => {
    server = await start();
    const ending = new AbortController();
    const looked = look(`${kind}://someone@127.0.0.1:${server.port}/shop`, ending.signal);
    const refused = expect(looked).rejects.toThrow(CUT);
    const [socket] = await server.waiting(1);
    const gone = once(socket!, 'close');
    ending.abort();
    await refused;
    await gone;
  });

  it.each(['postgres', 'mysql'])('does not begin with a %s any more', async (kind) => {
    server = await silentServer();
    const looked = look(`${kind}://someone@127.0.0.1:${server.port}/shop`, AbortSignal.abort());
    await expect(looked).rejects.toThrow(CUT);
  });
});
