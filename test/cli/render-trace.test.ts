import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/cli/format-value.js';
import { renderTrace, renderTraces } from '../../src/cli/render-trace.js';
import type { WaterfallSpan } from '../../src/collector/query/waterfall.js';
import type { TraceDetail } from '../../src/collector/views/traces.js';

const span = (changes: Partial<WaterfallSpan>): WaterfallSpan => ({
  kind: 'query',
  label: 'SELECT * FROM orders WHERE id = ?',
  offset: 0.25,
  duration: 0.5,
  parent: null,
  depth: 0,
  rows: null,
  isOpen: false,
  code: null,
  name: 'db.client.operation.duration',
  attributes: {},
  ...changes,
});

const TRACE: TraceDetail = {
  timeMs: Date.UTC(2026, 10, 23, 12, 34, 50),
  traceId: '0123456789abcdef0123456789abcdef',
  spanId: '0123456789abcdef',
  parentId: null,
  service: 'shop',
  agent: 'host:1',
  reason: 'slow',
  attributes: { 'http.request.method': 'GET', 'http.route': '/orders/:id' },
  statusCode: 200,
  duration: 1,
  queries: 1,
  queryTime: 0.5,
  middlewareTime: 0.001,
  clientCalls: 0,
  cacheHits: 0,
  cacheMisses: 0,
  stallTime: 0,
  stalls: [],
  spans: [
    span({ kind: 'operation', label: 'load', offset: 0, duration: 1 }),
    span({ depth: 1, parent: 0, rows: 3 }),
  ],
  spansOmitted: 2,
};

const plain = (_style: string, text: string): string => text;

describe('a trace as text', () => {
  it('has bars where its calls were', () => {
    expect(renderTrace(TRACE, 100, plain).split('\n')).toEqual([
      'GET /orders/:id 200',
      'slow  1.00 s  │  1 query 500 ms  │  middleware 1.00 ms  │  0 outbound calls',
      '2026-11-23T12:34:50.000Z  shop  host:1',
      'trace 0123456789abcdef0123456789abcdef',
      '',
      `      0 µs    1.00 s  operation      ${'load'.padEnd(32)}${'█'.repeat(31)}`,
      `    250 ms    500 ms  query          ${'  SELECT * FROM orders WHERE i… '}${' '.repeat(8)}${'█'.repeat(15)}`,
      '… and 2 more that were not kept',
    ]);
  });

  it('says of a call that it was not over', () => {
    const spans = [span({ label: 'SELECT ?', offset: 0.5, duration: 0.5, isOpen: true })];
    const line = renderTrace({ ...TRACE, spans }, 120, plain).split('\n')[5];
    expect(line).toMatch(/query +SELECT \? {2}\(not over\) +█+$/);
  });

  it('has the blocks of the event loop among its calls, where they began', () => {
    const place = { function: 'parse', file: 'src/a.js', line: 7, isApproximate: true };
    const none = { function: null, file: null, line: null, isApproximate: false };
    const trace = {
      ...TRACE,
      stallTime: 0.4,
      stalls: [
        { offset: 0.1, duration: 0.1, ...place },
        { offset: 0.6, duration: 0.3, ...none },
      ],
    };
    const lines = renderTrace(trace, 100, plain).split('\n');
    expect(lines[1]).toMatch(/│ {2}blocked 400 ms$/);
    expect(lines.slice(5, 9).map((line) => line.slice(0, 69).trim())).toEqual([
      '0 µs    1.00 s  operation      load',
      '100 ms    100 ms  blocked        parse  ~src/a.js:7',
      '250 ms    500 ms  query            SELECT * FROM orders WHERE i…',
      '600 ms    300 ms  blocked        (not looked into)',
    ]);
  });

  it('says what was asked of caches, where anything was', () => {
    const text = renderTrace({ ...TRACE, cacheHits: 3, cacheMisses: 1 }, 120, plain);
    expect(text.split('\n')[1]).toBe(
      'slow  1.00 s  │  1 query 500 ms  │  cache 3 hits, 1 miss  │  middleware 1.00 ms  │  0 outbound calls',
    );
  });

  it('says that nothing was called', () => {
    const text = renderTrace({ ...TRACE, spans: [], spansOmitted: 0 }, 100, plain);
    expect(text).toContain('It called nothing that is recorded.');
  });

  it('neutralises names and keeps the width, whatever a service sends', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('\x1b[2J\x1b]0;owned\x07', 'a\r\nb', '\u202eabc', '統計'.repeat(80)),
    );
    const time = fc.oneof(fc.double(), fc.constantFrom(0, -1, 1e300));
    fc.assert(
      fc.property(text, time, time, fc.integer({ min: 1, max: 160 }), (name, from, long, width) => {
        const hostile = {
          ...TRACE,
          service: name,
          agent: name,
          reason: name,
          traceId: name,
          attributes: { 'http.route': name },
          duration: long,
          stallTime: long,
          stalls: [
            {
              offset: from,
              duration: long,
              function: name,
              file: name,
              line: long,
              isApproximate: true,
            },
          ],
          spans: [span({ label: name, offset: from, duration: long, depth: 30 })],
        };
        const lines = [
          ...renderTrace(hostile, width, plain).split('\n'),
          ...renderTraces([hostile], width, plain).split('\n'),
        ];
        for (const line of lines) {
          expect(widthOf(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('counts the columns of wide letters, where a row is as long as the screen', () => {
    const wide = { ...TRACE, spans: [span({ label: '統計'.repeat(80) })], stalls: [] };
    for (let width = 30; width < 120; width++) {
      for (const line of renderTrace(wide, width, plain).split('\n')) {
        expect(widthOf(line)).toBeLessThanOrEqual(width);
      }
    }
  });

  it('paints only where it is asked to', () => {
    const painted = renderTrace(TRACE, 100, (style, text) => `<${style}>${text}</${style}>`);
    expect(painted).toContain('<yellow>');
    expect(renderTrace(TRACE, 100, plain)).not.toContain('\x1b');
  });
});

it('a query has the line that makes it before its statement, with nothing that moves a cursor', () => {
  const code = { file: 'src/or\u001b[2Jders.js', line: 12, function: 'load' };
  const text = renderTrace({ ...TRACE, spans: [span({ code })] }, 160, (_style, plain) => plain);
  expect(text).toContain('ders.js:12 load  SELECT * FROM orders');
  expect(text).not.toContain('\u001b');
});
