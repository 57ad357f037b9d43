/** What `tachograph doctor` says of certificates (fault 26 of the guarantees), in the agent's own words. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Certificates, makeCertificates, opensslIsThere } from '../support/certificates.js';
import { answer, TestServer } from '../transport/test-server.js';
import { doctor } from './doctor-run.js';

let folder: string;
let certificates: Certificates;
const servers: Server[] = [];

async function start(certificate: { key: string; cert: string }): Promise<string> {
  const server = createServer(certificate, (request, response) => {
    response.statusCode = request.method === 'POST' ? 415 : 200;
    response.end('{"status":"ok","processes":[]}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.runIf(opensslIsThere || process.env.CI)('a certificate', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tacho-doctor-'));
    certificates = makeCertificates(folder);
  });
  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const said = async (url: string, ca = certificates.authority) => {
    const env = { TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'), TACHOGRAPH_URL: url };
    return await doctor({ ...env, TACHOGRAPH_CA: ca });
  };

  it('that an authority of one’s own vouches for is in order', async () => {
    const { code, out } = await said(await start(certificates.good));
    expect([code, out.includes('a collector answers')]).toEqual([0, true]);
  });

  it.each([
    ['expired', 'its certificate has expired (CERT_HAS_EXPIRED)', '→ Renew it.'],
    [
      'otherHost',
      'its certificate is for another host (ERR_TLS_',
      '→ Use a name that stands in it',
    ],
    ['selfSigned', 'it has a self-signed certificate', '→ Name the file of its authority'],
  ] as const)('that is not to be trusted is told with its remedy: %s', async (name, what, todo) => {
    const { code, out } = await said(await start(certificates[name]));
    expect(code).toBe(1);
    expect(out).toContain(`trouble    ${what}`);
    expect(out).toContain(todo);
  });

  it('that is missed because nobody speaks TLS there points to the address', async () => {
    const server = await TestServer.start(answer(200));
    const { code, out } = await said(server.url.replace('http:', 'https:'));
    await server.stop();
    expect([code, out.includes('it does not speak TLS there')]).toEqual([1, true]);
  });
});
