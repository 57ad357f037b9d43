/** Why a destination could not be asked, in words, and that asking always comes to an end. */
import { createServer } from 'node:http';
import { createServer as createPlainServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAsk, type Stage } from '../../src/cli/doctor/ask.js';
import { connectionTrouble } from '../../src/cli/doctor/connection-trouble.js';
import { networkOf } from '../../src/transport/network.js';

const PROXY = new URL('http://proxy.example:3128');
let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

function words(code: string, message = '', stage: Stage = 'connection', proxy?: URL) {
  const error: NodeJS.ErrnoException = new Error(message);
  if (code !== '') error.code = code;
  return connectionTrouble({ kind: 'failure', stage, error }, proxy);
}

async function listen(made: Server): Promise<URL> {
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(made.address() as { port: number }).port}/v1/health`);
}

describe('a failure', () => {
  it.each([
    ['ENOTFOUND', 'its name is not known (ENOTFOUND)', 'Check the name'],
    ['EAI_AGAIN', 'the name server does not answer (EAI_AGAIN)', 'name server'],
    ['ECONNREFUSED', 'nobody listens there (ECONNREFUSED)', 'Start the collector'],
    ['ECONNRESET', 'the connection is closed before an answer comes (ECONNRESET)', 'https://'],
    ['EHOSTUNREACH', 'no way leads to that machine (EHOSTUNREACH)', 'firewall'],
    ['HPE_INVALID_CONSTANT', 'what listens there does not speak HTTP', 'Check the port'],
    ['CERT_HAS_EXPIRED', 'its certificate has expired (CERT_HAS_EXPIRED)', 'Renew it.'],
    ['EWHATEVER', 'EWHATEVER', 'Check the address'],
    ['', 'no connection is made', 'Check the address'],
  ])('with the code "%s" says what it is and what to do', (code, found, todo) => {
    const said = words(code);
    expect(said.found).toContain(found);
    expect(said.todo).toContain(todo);
  });

  it('on the way to a proxy names the proxy, once', () => {
    const direct = words('ECONNREFUSED', 'connect ECONNREFUSED', 'connection', PROXY);
    expect(direct.found).toBe(
      'by the proxy http://proxy.example:3128: nobody listens there (ECONNREFUSED)',
    );
    const tunnelled = words('', `the proxy ${PROXY.origin} answered 403 to CONNECT`, 'name', PROXY);
    expect(tunnelled.found).toBe('the proxy http://proxy.example:3128 answered 403 to CONNECT');
    for (const { todo } of [direct, tunnelled]) expect(todo).toContain('NO_PROXY');
  });

  it('of a certificate is that of the destination, proxy or not', () => {
    const { found } = words('CERT_HAS_EXPIRED', '', 'encryption', PROXY);
    expect(found).toBe('its certificate has expired (CERT_HAS_EXPIRED)');
  });
});

describe('asking', () => {
  it('a server that takes the connection and says nothing is given up', async () => {
    const url = await listen(createPlainServer((socket) => socket.on('error', () => undefined)));
    const answer = await createAsk(networkOf(), Date.now)({ method: 'GET', url });
    expect(answer).toMatchObject({ kind: 'failure', stage: 'answer' });
    expect(answer.kind === 'failure' && answer.error.message).toBe('no answer comes within 5 s');
  });

  it('a server that never stops talking ends at the limit', async () => {
    const endless = createServer((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const pump = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', pump);
      };
      pump();
    });
    const url = await listen(endless);
    const answer = await createAsk(networkOf(), Date.now)({ method: 'GET', url });
    expect(answer).toMatchObject({ kind: 'reply', status: 200 });
    expect(answer.kind === 'reply' && answer.text.length).toBeLessThanOrEqual(4 * 1024 * 1024);
  });

  it('what does not speak HTTP is a failure with its code', async () => {
    const ssh = createPlainServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('SSH-2.0-none\r\n');
    });
    const url = await listen(ssh);
    const answer = await createAsk(networkOf(), Date.now)({ method: 'GET', url });
    expect(answer.kind === 'failure' && answer.error.code).toMatch(/^HPE_/);
  });
});
