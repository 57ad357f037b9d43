/**
 * One POST of a message. Bounded: TIMEOUT_MS in all, a body of BODY_BYTES_MAX, of the answer only what
 * http-post.ts takes. No redirect is followed: a hook's address is the operator's, not the receiver's, to give.
 */
import { type HttpPoster, httpPoster } from '../../transport/http-post.js';
import { type Network, networkOf } from '../../transport/network.js';
import type { SendOutcome } from './notifier.js';

const TIMEOUT_MS = 15_000;
export const BODY_BYTES_MAX: number = 256 * 1024;

export interface HookPoster {
  post(body: string, headers?: Readonly<Record<string, string>>): Promise<SendOutcome>;
  close(): Promise<void>;
}

/** @param url as configured; its user and password become Basic authentication */
export function hookPoster(
  url: URL,
  nowMs: () => number,
  network: Network = networkOf(),
): HookPoster {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  const authorization = basicOf(url);
  let poster: Promise<HttpPoster> | undefined;
  return {
    async post(text, headers = {}) {
      const body = Buffer.from(text);
      if (body.byteLength > BODY_BYTES_MAX) {
        return {
          state: 'refused',
          reason: `${body.byteLength} bytes, more than ${BODY_BYTES_MAX}`,
        };
      }
      // A receiver may work before it answers: whom one gives up on too early is told again.
      poster ??= httpPoster(bare, nowMs, network, TIMEOUT_MS);
      const sent = { 'content-type': 'application/json', ...authorization, ...headers };
      const { post } = await poster;
      const { status, retryAfterMs } = await post(body, sent, TIMEOUT_MS);
      if (status >= 200 && status < 300) return { state: 'delivered' };
      const reason = `status ${status}`;
      // 408 and 425 say themselves that the same request may do later.
      const isForNow = status >= 500 || status === 429 || status === 408 || status === 425;
      return isForNow ? { state: 'retry', reason, retryAfterMs } : { state: 'refused', reason };
    },
    async close() {
      await (await poster)?.close();
    },
  };
}

function basicOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
