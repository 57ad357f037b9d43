/** Lines of statements as findings have told them, for traces and lock waits. Events as agents send them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import type { TraceDetail } from '../../../src/collector/views/traces.js';
import { type Finding, findingEvent } from '../../../src/transport/finding-event.js';
import { type Trace, traceEvent } from '../../../src/transport/trace-event.js';
import { makeBatch, send } from '../make-batch.js';

const NOW_MS = Date.UTC(2026, 10, 27, 12, 0, 0);
const LONG = `SELECT a FROM book WHERE ${'b = ? AND '.repeat(30)}c = ?`;
/** Two statements that begin alike. */
const TWINS = ['d = ?', 'e = ?'].map(
  (end) => `SELECT z FROM book WHERE ${'b = ? AND '.repeat(30)}${end}`,
);
const folder = mkdtempSync(join(tmpdir(), 'tacho-places-'));
let collector: Collector;

const finding = (route: string, query: string, line: number): Finding => ({
  kind: 'slow_query',
  attributes: { 'http.request.method': 'GET', 'http.route': route },
  system: 'postgresql',
  query,
  parentQuery: undefined,
  ...{ requests: 1, calls: 1, totalUs: 9, wastedUs: 9, rows: 1 },
  errorType: undefined,
  confidence: 'high',
  place: { file: 'src/books.js', line, function: 'load', stack: '' },
  orm: undefined,
  traceId: undefined,
});

const trace = (route: string, texts: readonly string[], traceId: string): Trace => ({
  timeMs: NOW_MS - 5000,
  traceId,
  spanId: 'b'.repeat(16),
  parentId: undefined,
  reason: 'slow',
  attributes: { 'http.request.method': 'GET', 'http.route': route },
  durationUs: 1000,
  statusCode: 200,
  ...{ queries: texts.length, queryTimeUs: 9, middlewareTimeUs: 0, clientCalls: 0 },
  ...{ cacheHits: 0, cacheMisses: 0, omitted: 0 },
  spans: texts.map((text, i) => ({
    name: 'db.client.operation.duration',
    attributes: { 'db.query.text': text, 'db.system.name': 'postgresql' },
    startUs: i * 10,
    durationUs: 5,
    detail: 1,
  })),
});

beforeAll(async () => {
  collector = await startCollector({ folder, port: 0, queryThreads: 0, now: () => NOW_MS });
  const startMs = NOW_MS - 10_000;
  const events = [
    findingEvent(finding('/a', 'SELECT 1 FROM book', 7), startMs),
    findingEvent(finding('/b', 'SELECT 1 FROM book', 9), startMs + 1),
    findingEvent(finding('/b', LONG, 11), startMs + 1),
    ...TWINS.map((text, i) => findingEvent(finding('/d', text, 20 + i), startMs + 1)),
    traceEvent(trace('/d', TWINS, 'd'.repeat(32))),
    traceEvent(trace('/a', ['SELECT 1 FROM book', LONG, 'SELECT 2'], 'a'.repeat(32))),
    traceEvent(trace('/c', ['SELECT 1 FROM book'], 'c'.repeat(32))),
  ];
  expect((await send(collector.url, makeBatch({ startMs, events }))).status).toBe(200);
});
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

async function codesOf(traceId: string): Promise<unknown[]> {
  const answer = await fetch(`${collector.url}/v1/traces/${traceId}`);
  const { parts } = (await answer.json()) as { parts: TraceDetail[] };
  return parts.flatMap(({ spans }) => spans.map(({ code }) => code));
}

it('a query of a trace has the line that makes it on its route, one that was cut, too', async () => {
  expect(await codesOf('a'.repeat(32))).toEqual([
    { file: 'src/books.js', line: 7, function: 'load' },
    { file: 'src/books.js', line: 11, function: 'load' },
    null,
  ]);
});

it('on a route of which nothing is known it has the line that makes it elsewhere', async () => {
  expect(await codesOf('c'.repeat(32))).toMatchObject([{ line: 9 }]);
});

it('one that was cut has none, where what begins alike stands in several lines', async () => {
  expect(await codesOf('d'.repeat(32))).toEqual([null, null]);
});
