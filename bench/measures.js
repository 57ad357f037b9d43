/**
 * What is said about the rows: one row is one measure, with its bar. `compared` ones set arms against each
 * other round by round; `absolute` ones are a cost by itself; `interval` ones come from one run of each arm that knows
 * its own interval (values KEY, KEYLow, KEYHigh and points). A new measure is a new row.
 */

/**
 * @typedef {object} Measure
 * @property {'compared' | 'absolute' | 'interval'} kind
 * @property {string} harness
 * @property {string} value Key in a row's values.
 * @property {string} title
 * @property {string} unit
 * @property {number} per The unit in the value's own: 1,000 to show bytes in kB.
 * @property {string} [subject] Of rows with this subject only.
 * @property {(subject: string, nodeMajor: number) => Bar | undefined} bar undefined: no promise.
 */

/**
 * @typedef {number | 'noise' | { percentMax: number }} Bar In the unit shown; `noise`: no change beyond the noise
 *   floor; percentMax: of the baseline.
 */

const MIB = 1024 * 1024;

/** A worker costs more memory on newer runtimes; the bar says so (docs/guides/overhead.md). */
const rssBarMb = (/** @type {string} */ _subject, /** @type {number} */ nodeMajor) =>
  nodeMajor >= 24 ? 30 : 20;

const noBar = () => undefined;
/** The bar in µs is about a server that does nothing else: both of the small ones. A real page's is relative. */
const requestBar = (/** @type {string} */ subject) =>
  subject.endsWith('-hello') ? 2 : subject === 'erp-order-page' ? { percentMax: 3 } : undefined;
/** Over loopback the noise of a µs is more than the bar of the small ones. */
const pageBar = (/** @type {string} */ subject) =>
  subject === 'erp-order-page' ? requestBar(subject) : undefined;

/** With the code of fifteen adapters that is loaded for it. */
const startUpBar = (/** @type {string} */ subject) => (subject.endsWith('libraries') ? 100 : 15);

const FIRST_LINE_CPU = 'app thread’s CPU before the first line';
const INSTRUCTIONS = 'instructions, app thread';
const LASTING_IDLE = 'idle CPU, all threads, once heaps have settled';

/** @type {readonly Measure[]} */
export const MEASURES = [
  compared('start-up', 'appCpuMs', FIRST_LINE_CPU, 'ms', 1, startUpBar),
  compared('start-up', 'wallMs', 'time to the first line', 'ms', 1, noBar),
  compared('resting', 'rssBytes', 'RSS 3 s after start', 'MB', MIB, rssBarMb),
  compared('resting', 'idleCpuPercent', 'idle CPU, all threads', '% of a core', 1, () => 0.1),
  compared('resting', 'lastingIdleCpuPercent', LASTING_IDLE, '% of a core', 1, () => 0.1),
  compared('resting', 'wakeUpsPerSecond', 'idle wake-ups', '/s', 1, noBar),
  compared('in-memory', 'processCpuUs', 'CPU, whole process', 'µs/request', 1, requestBar),
  compared('in-memory', 'appCpuUs', 'CPU, app thread', 'µs/request', 1, noBar),
  compared('in-memory', 'wallUs', 'time, closed loop', 'µs/request', 1, noBar),
  compared('loopback', 'processCpuUs', 'CPU, whole process', 'µs/request', 1, pageBar),
  compared('loopback', 'appCpuUs', 'CPU, app thread', 'µs/request', 1, noBar),
  compared('loopback', 'p50Us', 'p50', 'µs', 1, () => 'noise'),
  compared('loopback', 'p99Us', 'p99', 'µs', 1, () => 'noise'),
  compared('loopback', 'rssBytes', 'RSS after the load', 'MB', MIB, noBar),
  compared('loopback', 'wireBytesPerRequest', 'bytes on the wire', 'B/request', 1, noBar),
  compared('instructions', 'appInstructions', INSTRUCTIONS, 'k/request', 1000, pageBar),
  compared('stall', 'maxMs', 'longest time the app thread was held', 'ms', 1, () => 1),
  compared('stall', 'p999Ms', 'p99.9 of the same', 'ms', 1, noBar),
  compared('stall', 'stallsPerMinute', 'times it was held for 1 ms or more', '/min', 1, noBar),
  {
    ...{ kind: 'interval', harness: 'growth', value: 'slopeBytesPerHour', unit: 'MB/h', per: MIB },
    title: 'growth of RSS, 500 requests/s, 2,000 series',
    bar: () => 1,
  },
  compared('sustained', 'droppedPercent', 'dropped of a million a second', '%', 1, noBar),
  compared('sustained', 'longestCallUs', 'longest call that records', 'µs', 1, () => 1000),
  compared('sustained', 'otherThreadsPercent', 'CPU, all other threads', '% of a core', 1, noBar),
  compared('sustained', 'recordsPerSecond', 'rate reached', '/s', 1, noBar),
  part('yardstickNs', 'yardstick, which times are compared in', 'ns', 1, noBar),
  part('ringWriteNs', 'ring write', 'ns', 1, noBar),
  part('recordNs', 'one record, app thread', 'ns', 1, () => 50),
  part('clockReadNs', 'one clock read', 'ns', 1, noBar),
  part('routeLookUpNs', 'series of a route', 'ns', 1, noBar),
  part('seriesLookUpNs', 'series by attribute values', 'ns', 1, noBar),
  part('requestNs', 'one request: state, clocks, series, three records', 'ns', 1, noBar),
  part('cellRecordNs', 'one record, worker', 'ns', 1, noBar),
  part('ringToCellNs', 'one record through ring and worker', 'ns', 1, noBar),
  part('payloadNs', 'histogram payload, 2,000 values', 'µs', 1000, noBar),
  part('encodeBatchNs', 'encode a batch of 50 histograms', 'µs', 1000, noBar),
  part('decodeBatchNs', 'decode the same', 'µs', 1000, noBar),
  part('ingestBatchNs', 'ingest that batch (100 series), gunzip to commit', 'µs', 1000, noBar),
  ...wire('busy', 450),
  ...wire('quiet', 60),
  part('hdrJsRecordNs', 'hdr-histogram-js, JavaScript: record', 'ns', 1, noBar),
  part('hdrWasmRecordNs', 'hdr-histogram-js, WebAssembly: record', 'ns', 1, noBar),
  ...['JavaScript', 'WebAssembly'].flatMap((subject) => [
    memory(subject, 'libraryBytes', 'library loaded and warm', 'MB', MIB),
    memory(subject, 'bytesPerHistogram', 'a histogram of 2,000 values', 'KiB', 1024),
    memory(subject, 'keptBytesPerHistogram', 'still resident once released', 'KiB', 1024),
  ]),
];

/**
 * @param {string} harness
 * @param {string} value
 * @param {string} title
 * @param {string} unit
 * @param {number} per
 * @param {Measure['bar']} bar
 * @returns {Measure}
 */
function compared(harness, value, title, unit, per, bar) {
  return { kind: 'compared', harness, value, title, unit, per, bar };
}

/**
 * @param {string} value
 * @param {string} title
 * @param {string} unit
 * @param {number} per
 * @param {Measure['bar']} bar
 * @returns {Measure}
 */
function part(value, title, unit, per, bar) {
  return { kind: 'absolute', harness: 'micro', subject: 'parts', value, title, unit, per, bar };
}

/**
 * Bytes of a series and window, ours and OpenTelemetry's, and what can be read from them. We promise fewer bytes than
 * OTLP has, at a smaller error.
 *
 * @param {string} subject
 * @param {number} bytesMax
 * @returns {Measure[]}
 */
function wire(subject, bytesMax) {
  /** @type {(value: string, title: string, unit: string, barAt?: number) => Measure} */
  const row = (value, title, unit, barAt) => ({
    ...{ kind: 'absolute', harness: 'wire', subject, value, unit, per: 1, bar: () => barAt },
    title: `${subject} series and window, ${title}`,
  });
  const encodings = [
    ['own', 'ours'],
    ['exponential', 'OTLP exponential'],
    ['fine', 'OTLP exponential, 2,560 buckets'],
    ['explicit', 'OTLP explicit'],
  ];
  return [
    ...encodings.flatMap(([key, name]) => [
      row(`${key}GzipBytes`, `${name}: gzip`, 'B', key === 'own' ? bytesMax : undefined),
      row(`${key}PlainBytes`, `${name}: plain`, 'B'),
      row(`${key}ErrorPercent`, `${name}: worst error of p50 to p99`, '%'),
    ]),
    ...encodings
      .slice(1, 3)
      .flatMap(([key, name]) => [
        row(`${key}GzipBytesRatio`, `ours ÷ ${name}: gzip`, '×', 1),
        row(
          `${key}ErrorPercentRatio`,
          `ours ÷ ${name}: error`,
          '×',
          key === 'exponential' ? 1 : undefined,
        ),
      ]),
  ];
}

/**
 * @param {string} subject
 * @param {string} value
 * @param {string} title
 * @param {string} unit
 * @param {number} per
 * @returns {Measure}
 */
function memory(subject, value, title, unit, per) {
  const full = `${subject} histograms: ${title}`;
  return { kind: 'absolute', harness: 'micro', subject, value, title: full, unit, per, bar: noBar };
}
