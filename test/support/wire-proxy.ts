/** A TCP proxy on loopback before a real server: it can fall silent with connections open, and write other words into what is asked. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface WireProxy {
  readonly port: number;
  /** From now on nothing arrives on either side, and nothing is closed. */
  silence(): void;
  stop(): Promise<void>;
}

/** @param words of the same length, for the length is a part of the protocol */
export async function startWireProxy(
  serverPort: number,
  words?: readonly [from: string, to: string],
): Promise<WireProxy> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  const pass = (from: Socket, to: Socket, change: (bytes: Buffer) => Buffer): void => {
    sockets.add(from);
    from.on('error', () => {});
    from.on('data', (bytes) => isSilent || to.write(change(bytes)));
    from.on('close', () => isSilent || to.destroy());
  };
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    pass(client, upstream, (bytes) =>
      words === undefined
        ? bytes
        : Buffer.from(bytes.toString('latin1').replaceAll(...words), 'latin1'),
    );
    pass(upstream, client, (bytes) => bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    silence() {
      isSilent = true;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
