/**
 * The answer to what is no whole HTTP request, which no route gets to see. Runs on the collector's main
 * thread. The runtime's own answers, but for one: a request that ends too early, as when something
 * between falls over, gets 408 instead of 400, which senders take for a refusal of what it says.
 */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const STATUS: Readonly<Record<string, string>> = {
  HPE_INVALID_EOF_STATE: '408 Request Timeout',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
};

/** The response under way on this connection, where the runtime keeps it. */
type ServedSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

export function answerUnparsed(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: ServedSocket) => {
    if (!socket.writable || socket._httpMessage?.headersSent) {
      socket.destroy();
      return;
    }
    const status = STATUS[error.code ?? ''] ?? '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, () => socket.destroy());
  });
}
