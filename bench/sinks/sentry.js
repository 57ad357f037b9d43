/**
 * Sentry's envelopes: a line of JSON, then items, each a line of JSON and a payload. Spans of the operation http.server
 * that are a segment (the root of what one process did for a trace) are requests.
 */

const NEWLINE = 0x0a;

/** @type {import('./sink.js').Protocol} */
export const SENTRY = {
  reportsIdle: false,
  createReader: () => (exported, received) => {
    const { method, path, body } = exported;
    if (method !== 'POST' || !/^\/api\/\d+\/envelope\/$/.test(path)) {
      throw new Error(`expected POST /api/1/envelope/, got ${method} ${path}`);
    }
    for (const { type, payload } of itemsOf(body)) {
      if (type !== 'span') continue;
      received.batches += 1;
      received.requests += JSON.parse(payload).items.filter(isRequest).length;
    }
    return {};
  },
};

/** @param {{ is_segment: boolean, attributes: Record<string, { value: unknown } | undefined> }} span */
function isRequest({ is_segment, attributes }) {
  return is_segment && attributes['sentry.op']?.value === 'http.server';
}

/**
 * @param {Buffer} envelope
 * @returns {Generator<{ type: string, payload: string }>}
 */
function* itemsOf(envelope) {
  let offset = 0;
  const take = (/** @type {number} */ end) => {
    const text = envelope.toString('utf8', offset, end);
    offset = end + 1;
    return text;
  };
  const endOfLine = () => {
    const end = envelope.indexOf(NEWLINE, offset);
    return end === -1 ? envelope.length : end;
  };
  JSON.parse(take(endOfLine()));
  while (offset < envelope.length) {
    const { type, length } = JSON.parse(take(endOfLine()));
    // Without a length the payload is one line.
    const end = length === undefined ? endOfLine() : offset + length;
    if (end > envelope.length) throw new Error('envelope: an item is cut off');
    yield { type, payload: take(end) };
  }
}
