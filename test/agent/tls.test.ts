/** Fault 26 and proxies with the agent as it is shipped: a real process, its worker, real sockets. */
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeBatch } from '../../src/transport/decode-batch.js';
import { makeFolder, runApp } from '../support/run-app.js';
import { type Certificate, makeAuthority } from '../transport/certificates.js';
import { NAME, startProxy } from '../transport/proxy-server.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function folder(): string {
  const { path, remove } = makeFolder();
  cleanups.push(remove);
  return path;
}

/** Counts the records of the batches that it takes. */
async function collect({ key, cert }: Certificate) {
  const received = { records: 0 };
  const server = createServer({ key, cert }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const isZipped = request.headers['content-encoding'] === 'gzip';
    received.records += decodeBatch(isZipped ? gunzipSync(body) : body).records;
    response.end();
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, received };
}

describe.runIf(hasOpenssl || process.env.CI)('an agent whose collector has TLS', () => {
  it('delivers to an authority of one’s own, by a proxy or not', async () => {
    const authority = makeAuthority(folder());
    const { port, received } = await collect(authority.issue(`IP:127.0.0.1,DNS:${NAME}`, 1));
    const between = await startProxy();
    cleanups.push(() => between.stop());
    const env = { TACHOGRAPH_CA: authority.certPath, HTTPS_PROXY: between.url };
    // Loopback addresses are reached without the proxy.
    for (const [host, tunnels] of [
      ['127.0.0.1', 0],
      [NAME, 1],
    ] as const) {
      received.records = 0;
      const url = `https://${host}:${port}`;
      const run = await runApp('end.mjs', {
        args: ['natural', '2500'],
        env: { ...env, TACHOGRAPH_URL: url, TACHOGRAPH_WINDOW: '1s' },
      });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(received.records).toBeGreaterThanOrEqual(50);
      expect(between.asked).toHaveLength(tunnels);
    }
  });

  it('sends nothing to one that nobody vouches for, says so once, and ends as ever', async () => {
    const { port, received } = await collect(makeAuthority(folder()).issue('IP:127.0.0.1', 1));
    const run = await runApp('end.mjs', {
      args: ['natural', '2500'],
      env: { TACHOGRAPH_URL: `https://127.0.0.1:${port}`, TACHOGRAPH_WINDOW: '1s' },
    });
    expect(run.code).toBe(0);
    expect(run.stderr.match(/TACHO_\w+/g)).toEqual(['TACHO_TLS_FAILED']);
    expect(run.stderr).toContain('name the file of its authority in TACHOGRAPH_CA');
    expect(received.records).toBe(0);
  });
});
