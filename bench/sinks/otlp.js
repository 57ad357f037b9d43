/**
 * OpenTelemetry's OTLP over HTTP with protobuf: spans of kind SERVER are requests. Reads the few fields it needs by
 * their numbers (opentelemetry-proto, trace/v1/trace.proto, stable since 1.0); metrics and logs are taken unread.
 */

/** ExportTraceServiceRequest.resource_spans → ResourceSpans.scope_spans → ScopeSpans.spans. */
const PATH_TO_SPANS = [1, 2, 2];
const SPAN_KIND = 6n;
const KIND_SERVER = 2n;

/** @type {import('./sink.js').Protocol} */
export const OTLP = {
  reportsIdle: false,
  createReader: () => (exported, received) => {
    const { method, path, body, headers } = exported;
    if (method !== 'POST' || !/^\/v1\/(?:traces|metrics|logs)$/.test(path)) {
      throw new Error(`expected POST /v1/traces, got ${method} ${path}`);
    }
    if (headers['content-type'] !== 'application/x-protobuf') {
      throw new Error(`expected protobuf, got content-type ${headers['content-type']}`);
    }
    if (path === '/v1/traces') {
      received.requests += serverSpansIn(body);
      received.batches += 1;
    }
    return {};
  },
};

/** @param {Buffer} message ExportTraceServiceRequest */
function serverSpansIn(message) {
  let messages = [message];
  for (const wanted of PATH_TO_SPANS) {
    messages = messages.flatMap((outer) =>
      [...fieldsOf(outer)].flatMap(({ number, value }) =>
        number === BigInt(wanted) && Buffer.isBuffer(value) ? [value] : [],
      ),
    );
  }
  return messages.filter((span) =>
    [...fieldsOf(span)].some(({ number, value }) => number === SPAN_KIND && value === KIND_SERVER),
  ).length;
}

/**
 * The fields of a protobuf message, in order. Fixed-width values come as bytes too: nobody here asks for them.
 *
 * @param {Buffer} message
 * @returns {Generator<{ number: bigint, value: bigint | Buffer }>}
 */
function* fieldsOf(message) {
  let offset = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[offset++];
      if (byte === undefined) throw new Error('protobuf: a number is cut off');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Error('protobuf: a number of more than 10 bytes');
  };
  const bytes = (/** @type {number} */ length) => {
    const end = offset + length;
    if (end > message.length) throw new Error('protobuf: a field is cut off');
    const value = message.subarray(offset, end);
    offset = end;
    return value;
  };
  while (offset < message.length) {
    const tag = varint();
    const number = tag >> 3n;
    switch (tag & 7n) {
      case 0n:
        yield { number, value: varint() };
        break;
      case 1n:
        yield { number, value: bytes(8) };
        break;
      case 2n:
        yield { number, value: bytes(Number(varint())) };
        break;
      case 5n:
        yield { number, value: bytes(4) };
        break;
      default:
        throw new Error(`protobuf: wire type ${tag & 7n}`);
    }
  }
}
