import { describe, expect, it } from 'vitest';
import { waterfallOf } from '../../../src/collector/query/waterfall.js';
import type { TraceSpan } from '../../../src/transport/trace-event.js';

const span = (
  name: string,
  attributes: Record<string, string>,
  startUs: number,
  durationUs: number,
  detail = -1,
): TraceSpan => ({ name, attributes, startUs, durationUs, detail });

const operation = (label: string, startUs: number, durationUs: number): TraceSpan =>
  span(
    'tachograph.operation.duration',
    { 'tachograph.operation.name': label },
    startUs,
    durationUs,
  );
const query = (text: string, startUs: number, durationUs: number, rows = -1): TraceSpan =>
  span('db.client.operation.duration', { 'db.query.text': text }, startUs, durationUs, rows);

/** Each label with that of its parent. */
function parents(spans: readonly TraceSpan[]): [label: string, parent: string | null][] {
  const rows = waterfallOf(spans);
  return rows.map(({ label, parent }) => [label, parent === null ? null : rows[parent]!.label]);
}

describe('a waterfall', () => {
  it('puts each span under the one that it ran in, whichever ended first', () => {
    const spans = [
      query('SELECT ?', 20, 10),
      operation('inner', 10, 50),
      query('UPDATE ?', 70, 10),
      operation('outer', 5, 100),
      query('COMMIT', 200, 10),
    ];
    expect(parents(spans)).toEqual([
      ['outer', null],
      ['inner', 'outer'],
      ['SELECT ?', 'inner'],
      ['UPDATE ?', 'outer'],
      ['COMMIT', null],
    ]);
    expect(waterfallOf(spans).map(({ depth }) => depth)).toEqual([0, 1, 2, 1, 0]);
  });

  it('takes queries side by side for siblings, for a query calls nothing', () => {
    expect(parents([query('a', 0, 100), query('b', 10, 20)])).toEqual([
      ['a', null],
      ['b', null],
    ]);
  });

  it('takes what only overlaps for no child', () => {
    expect(parents([operation('a', 0, 100), operation('b', 50, 100)])).toEqual([
      ['a', null],
      ['b', null],
    ]);
  });

  it('takes of two equal spans the one that ended later for the outer one', () => {
    expect(parents([operation('inner', 5, 10), operation('outer', 5, 10)])).toEqual([
      ['outer', null],
      ['inner', 'outer'],
    ]);
  });

  it('forgives the µs that cutting to whole ones takes', () => {
    expect(parents([query('q', 5, 11), operation('a', 5, 10)])).toEqual([
      ['q', null],
      ['a', null],
    ]);
    expect(parents([query('q', 6, 10), operation('a', 5, 10)])).toEqual([
      ['a', null],
      ['q', 'a'],
    ]);
  });

  it('has times in seconds, kinds, and the rows of a query', () => {
    expect(waterfallOf([query('SELECT ?', 1500, 2_000_000, 7)])[0]).toMatchObject({
      kind: 'query',
      label: 'SELECT ?',
      offset: 0.0015,
      duration: 2,
      rows: 7,
      parent: null,
    });
  });

  it('says which calls were not over', () => {
    const spans = [query('a', 0, 10), { ...query('b', 5, 100), isOpen: true }];
    expect(waterfallOf(spans).map(({ label, isOpen }) => [label, isOpen])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });

  it('names calls by what tells most of them', () => {
    const labels = waterfallOf([
      span(
        'http.client.request.duration',
        { 'http.request.method': 'GET', 'server.address': 'a.example', 'server.port': '80' },
        0,
        1,
      ),
      span('tachograph.middleware.duration', { 'tachograph.library': 'koa' }, 5, 1),
      span('some.metric', {}, 9, 1),
    ]).map(({ kind, label }) => `${kind} ${label}`);
    expect(labels).toEqual(['http GET a.example 80', 'middleware koa', 'other some.metric']);
  });
});
