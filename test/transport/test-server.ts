/** A real HTTP server that keeps what it was sent and answers as told. */
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Answering = (response: ServerResponse, request: Received, index: number) => void;

export class TestServer {
  readonly received: Received[] = [];
  readonly #server: Server;
  connections = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(answer: Answering, port = 0): Promise<TestServer> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => undefined);
      request.on('end', () => {
        const raw = Buffer.concat(chunks);
        const zipped = request.headers['content-encoding'] === 'gzip';
        const received = {
          method: request.method ?? '',
          path: request.url ?? '',
          headers: request.headers,
          body: zipped ? gunzipSync(raw) : raw,
        };
        self.received.push(received);
        answer(response, received, self.received.length - 1);
      });
    });
    const self = new TestServer(server);
    server.keepAliveTimeout = 60_000;
    server.on('connection', () => {
      self.connections++;
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return self;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function answer(status: number, headers: Record<string, string> = {}, body = ''): Answering {
  return (response) => response.writeHead(status, headers).end(body);
}
