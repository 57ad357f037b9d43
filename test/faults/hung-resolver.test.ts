/**
 * A resolver of the machine that takes questions and does not answer: real processes, real lookups, under a
 * resolv.conf of their own. How long the end of the application then takes is printed, and is the exception from
 * promise P6: nothing takes a lookup back. Measured, it takes 8.1 s where the resolver gives up after 10; a bare
 * program with a lookup of its own waits like that too.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type Run, runApp } from '../support/run-app.js';

/** Of a resolver for this test alone. */
const ADDRESS = '127.0.0.199';
/** It gives up sooner than the usual ten seconds. */
const RESOLV_CONF = `nameserver ${ADDRESS}\noptions timeout:3 attempts:1\n`;
const canMount = process.platform === 'linux' && process.getuid?.() === 0;

describe.runIf(canMount)('a resolver that does not answer', () => {
  const folder = makeFolder();
  let questions = 0;
  let resolver: Socket;
  beforeAll(async () => {
    resolver = createSocket('udp4', () => {
      questions += 1;
    });
    resolver.bind(53, ADDRESS);
    await once(resolver, 'listening');
    writeFileSync(join(folder.path, 'resolv.conf'), RESOLV_CONF);
  });
  afterAll(() => {
    resolver.close();
    folder.remove();
  });

  it.each(['natural', 'exit'])(
    'takes no record from an application that ends by %s, and changes nothing about its end but when it comes',
    async (mode) => {
      const own = join(folder.path, mode);
      const bare = await run(mode, own, true);
      const recorded = await run(mode, own, false);
      expect(questions).toBeGreaterThan(0);
      expect(behaviour(recorded)).toEqual(behaviour(bare));
      const spooled = readdirSync(join(own, 'spool'), { recursive: true, encoding: 'utf8' });
      expect(spooled.filter((name) => name.endsWith('.tgb')).length).toBeGreaterThan(0);
      console.log(
        `${mode}, while the resolver hangs: the end takes ${recorded.endMs} ms, ${bare.endMs} ms without the agent`,
      );
    },
  );

  /** `endMs` is the time from its last word to its end. */
  async function run(
    mode: string,
    own: string,
    isBare: boolean,
  ): Promise<Run & { readonly endMs: number }> {
    const mount = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    const conf = join(folder.path, 'resolv.conf');
    let readyMs = 0;
    const ended = await runApp('end.mjs', {
      // From the worker's first save until a window has ended, and its batch is on its way.
      args: [mode, isBare ? '10' : '1500'],
      folder: own,
      isBare,
      launcher: ['unshare', '--mount', 'sh', '-c', mount, conf],
      env: { TACHOGRAPH_URL: 'http://collector.example:4600', TACHOGRAPH_WINDOW: '1s' },
      onReady: () => {
        readyMs = performance.now();
      },
    });
    return { ...ended, endMs: Math.round(performance.now() - readyMs) };
  }
});

function behaviour({ code, signal, stdout }: Run) {
  return { code, signal, stdout };
}
