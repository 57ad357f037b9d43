/**
 * Wire format v1 over HTTP: POST {base}/v1/batches. The headers let a receiver drop a duplicate
 * before it decodes the body, so a batch whose answer was lost can be sent again without harm.
 */
import { AGENT_HEADER, BOOT_HEADER, CONTENT_TYPE, SENT_HEADER, SEQUENCE_HEADER } from './batch.js';
import { classifyAnswer } from './classify-answer.js';
import { classifyFailure } from './classify-failure.js';
import type { HttpDestination } from './destination.js';
import { gzipOfThread } from './gzip.js';
import { headerText } from './header-text.js';
import { type HttpPoster, httpPoster } from './http-post.js';
import type { Network } from './network.js';
import type { Outcome, Sender } from './sender.js';

/** Below it the gzip header eats the gain, and one packet holds the batch anyway. */
const GZIP_BYTES_MIN = 1024;

export async function nativeSender(
  destination: HttpDestination,
  token: string,
  nowMs: () => number,
  network: Network,
): Promise<Sender> {
  const poster = await httpPoster(destination.url, nowMs, network);
  const gzip = await gzipOfThread();
  const authorization = token === '' ? destination.authorization : `Bearer ${token}`;
  return {
    send(parcel, timeoutMs) {
      const zipped = parcel.body.length >= GZIP_BYTES_MIN;
      const headers = {
        'content-type': CONTENT_TYPE,
        [AGENT_HEADER]: headerText(parcel.identity.agent),
        [BOOT_HEADER]: headerText(parcel.identity.boot),
        [SEQUENCE_HEADER]: String(parcel.identity.sequence),
        [SENT_HEADER]: String(nowMs()),
        ...(zipped ? { 'content-encoding': 'gzip' } : {}),
        ...(authorization === '' ? {} : { authorization }),
      };
      const body = zipped ? gzip(parcel.body) : parcel.body;
      return postForOutcome(poster, body, headers, destination.label, timeoutMs);
    },
    hangUp: () => poster.hangUp(),
    close: () => poster.close(),
  };
}

/** Posts and classifies what came of it. */
export async function postForOutcome(
  poster: HttpPoster,
  body: Uint8Array,
  headers: Record<string, string>,
  where: string,
  timeoutMs: number,
): Promise<Outcome> {
  try {
    return classifyAnswer(await poster.post(body, headers, timeoutMs), where);
  } catch (error) {
    return classifyFailure(error as Error, where);
  }
}
