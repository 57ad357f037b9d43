/**
 * Plain msgpack over HTTP: an array of flat maps, one for each point, as Fluentd's in_http takes it.
 * Not compressed, because such receivers may not inflate. Percentiles are stated, the histogram itself is not sent.
 */
import { Packr } from 'msgpackr/pack';
import { CONTENT_TYPE } from './batch.js';
import { decodeBatch } from './decode-batch.js';
import type { HttpDestination } from './destination.js';
import { flatPoints } from './flat-points.js';
import { httpPoster } from './http-post.js';
import { postForOutcome } from './native-sender.js';
import type { Network } from './network.js';
import type { Sender } from './sender.js';

// Without useRecords: false an array of maps becomes extension types, which Fluentd answers with 400.
const packr = new Packr({ useRecords: false, variableMapSize: true });

export async function msgpackSender(
  destination: HttpDestination,
  nowMs: () => number,
  network: Network,
): Promise<Sender> {
  const poster = await httpPoster(destination.url, nowMs, network);
  const { authorization } = destination;
  const headers = {
    'content-type': CONTENT_TYPE,
    ...(authorization === '' ? {} : { authorization }),
  };
  return {
    async send(parcel, timeoutMs) {
      let body: Uint8Array;
      try {
        body = packr.pack(flatPoints(decodeBatch(parcel.body)));
      } catch (error) {
        return { kind: 'refused', reason: (error as Error).message, splittable: false };
      }
      return postForOutcome(poster, body, headers, destination.label, timeoutMs);
    },
    hangUp: () => poster.hangUp(),
    close: () => poster.close(),
  };
}
