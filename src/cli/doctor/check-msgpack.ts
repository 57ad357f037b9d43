/** A destination that takes plain maps: one request, an array of none, of which nothing is stored. */
import { CONTENT_TYPE } from '../../transport/batch.js';
import type { HttpDestination } from '../../transport/destination.js';
import type { Reply } from './ask.js';
import { clockFinding } from './check-clock.js';
import type { HttpContext } from './check-collector.js';
import { ingestFinding, isNoBatch, isPage } from './check-ingest.js';
import { attention, type Finding, ok, type Section } from './finding.js';
import { failedFinding, httpTarget, reachedFinding } from './http-target.js';

const EMPTY_ARRAY = Uint8Array.of(0x90);

export async function checkMsgpack(
  destination: HttpDestination,
  { ask, network }: HttpContext,
): Promise<Section> {
  const title = `Destination ${destination.label}`;
  const target = await httpTarget(destination, network);
  const { url, authorization } = destination;
  const headers = {
    'content-type': CONTENT_TYPE,
    ...(authorization === '' ? {} : { authorization }),
  };
  const reply = await ask({ method: 'POST', url, headers, body: EMPTY_ARRAY });
  if (reply.kind === 'failure') return { title, findings: [failedFinding(reply, target)] };
  const findings = [
    reachedFinding(reply, 'it answers', target),
    answerFinding(reply),
    clockFinding(reply),
  ];
  return { title, findings };
}

function answerFinding(reply: Reply): Finding {
  const { status } = reply;
  const facts = { status };
  if (isNoBatch(reply)) {
    const todo = 'Some receivers refuse an array of no points; others refuse msgpack altogether.';
    return attention('ingest', `it refuses an empty array of points (${status})`, todo, facts);
  }
  if (status >= 200 && status < 300 && !isPage(reply)) {
    return ok('ingest', `it takes plain msgpack (${status})`, facts);
  }
  return ingestFinding(reply, undefined);
}
