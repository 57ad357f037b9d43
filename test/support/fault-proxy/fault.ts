/**
 * What a fault proxy can do to the connections that pass it. `up` is from the client to the server,
 * `down` the way back; a fault without a direction concerns both.
 */

export type Direction = 'up' | 'down';

export type Fault =
  | { readonly kind: 'none' }
  /** Every chunk comes so much later. */
  | { readonly kind: 'latency'; readonly delayMs: number }
  /** A slow line, or with a direction of `up` a peer that reads slowly. */
  | {
      readonly kind: 'bandwidth';
      readonly bytesPerSecond: number;
      readonly direction?: Direction;
    }
  /** So many bytes pass, then both ends are reset. 0 down: committed, and not a byte of the answer. */
  | { readonly kind: 'reset'; readonly direction: Direction; readonly afterBytes: number }
  /** So many bytes pass, then the receiving end is told that this was all. */
  | { readonly kind: 'truncate'; readonly direction: Direction; readonly afterBytes: number }
  /** Accepts; nothing that is sent arrives anywhere. */
  | { readonly kind: 'black-hole' }
  /** Lets requests pass and swallows the answers. */
  | { readonly kind: 'no-answer' }
  /** The server gets every request a second time, over a connection of its own. */
  | { readonly kind: 'duplicate' }
  /** Answers so itself; the server hears nothing. */
  | { readonly kind: 'answer'; readonly text: string }
  /** Resets connections as they come. */
  | { readonly kind: 'refuse' }
  /** `fault` for a share of the connections, 0 to 1, drawn from the proxy's seed. */
  | { readonly kind: 'sometimes'; readonly share: number; readonly fault: SimpleFault };

export type SimpleFault = Exclude<Fault, { kind: 'sometimes' }>;

/** The text of an HTTP answer, for the fault `answer`. */
export function httpAnswer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const all = { connection: 'close', 'content-length': String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n${body}`;
}
