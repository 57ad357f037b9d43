/** What `tachograph doctor` says of certificates (fault 26 of the guarantees), in the agent's own words. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Authority,
  type Certificate,
  canMakeCertificates,
  makeAuthority,
} from '../support/certificates.js';
import { answer, TestServer } from '../transport/test-server.js';
import { doctor } from './doctor-run.js';

const HERE = 'IP:127.0.0.1';
let folder: string;
let authority: Authority;
const servers: Server[] = [];

async function start(certificate: Certificate): Promise<string> {
  const server = createServer(certificate, (request, response) => {
    response.statusCode = request.method === 'POST' ? 415 : 200;
    response.end('{"status":"ok","processes":[]}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.runIf(canMakeCertificates)('a certificate', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tacho-doctor-'));
    authority = makeAuthority(join(folder, 'authority'));
  });
  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const said = async (url: string, ca = authority.certPath) => {
    const env = { TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'), TACHOGRAPH_URL: url };
    return await doctor({ ...env, TACHOGRAPH_CA: ca });
  };

  it('that an authority of one’s own vouches for is in order', async () => {
    const { code, out } = await said(await start(authority.issue(HERE, 1)));
    expect([code, out.includes('a collector answers')]).toEqual([0, true]);
  });

  it.each([
    [
      'expired',
      () => authority.issue(HERE, -1),
      'its certificate has expired (CERT_HAS_EXPIRED)',
      '→ Renew it.',
    ],
    [
      'of another host',
      () => authority.issue('DNS:elsewhere.example', 1),
      'its certificate is for another host (ERR_TLS_',
      '→ Use a name that stands in it',
    ],
    [
      'signed by itself',
      () => makeAuthority(join(folder, 'alone')),
      'it has a self-signed certificate',
      '→ Name the file of its authority',
    ],
  ] as const)(
    'that is not to be trusted is told with its remedy: %s',
    async (_name, make, what, todo) => {
      const { code, out } = await said(await start(make()));
      expect(code).toBe(1);
      expect(out).toContain(`trouble    ${what}`);
      expect(out).toContain(todo);
    },
  );

  it('that is missed because nobody speaks TLS there points to the address', async () => {
    const server = await TestServer.start(answer(200));
    const { code, out } = await said(server.url.replace('http:', 'https:'));
    await server.stop();
    expect([code, out.includes('it does not speak TLS there')]).toEqual([1, true]);
  });
});
