/** Findings of windows: when one is told, what it adds up to, when its place is asked for, and bounds. */
import { describe, expect, it } from 'vitest';
import { FINDING_EVENT, type Finding, readFinding } from '../../../src/transport/finding-event.js';
import {
  FINDINGS_OMITTED_EVENT,
  type FindingsOmitted,
  readFindingsOmitted,
} from '../../../src/transport/findings-omitted-event.js';
import { FindingLog } from '../../../src/workers/findings/finding-log.js';
import { QueryPlaceReader } from '../../../src/workers/findings/query-place.js';
import { SourceMaps } from '../../../src/workers/findings/source-maps.js';
import { each, found, inTurn, unitOf } from './suspects.js';

const BOOKS = 'SELECT title FROM book WHERE author_id = $1';
const TEXT = 'SELECT title FROM book WHERE author_id = ?';
const runs = inTurn(each(10, BOOKS));

function open() {
  const asked: [series: number, call: number][] = [];
  const places = new QueryPlaceReader({ working: '/srv/app', home: '' }, new SourceMaps());
  const log = new FindingLog(places, (_thread, series, call) => asked.push([series, call]));
  const show = (route: string, weight = 1, detected = found(runs)): void =>
    log.add(0, unitOf(runs, { attributes: [['http.route', route]], weight }), detected, []);
  const answer = (route: string): void =>
    log.add(0, unitOf(runs, { attributes: [['http.route', route]] }), found(runs), [
      {
        series: 1,
        system: 'postgresql',
        text: TEXT,
        frames: [['load', '/srv/app/books.js', 7, 3]],
      },
    ]);
  const told = (): Finding[] =>
    log.events
      .filter(({ name }) => name === FINDING_EVENT)
      .map(({ attributes }) => readFinding(Object.fromEntries(attributes))!);
  const omitted = (): FindingsOmitted[] =>
    log.events
      .filter(({ name }) => name === FINDINGS_OMITTED_EVENT)
      .map(({ attributes }) => readFindingsOmitted(Object.fromEntries(attributes)));
  return { log, asked, show, answer, told, omitted };
}

describe('a finding', () => {
  it('is told once three requests have shown it, with what they stand for', () => {
    const { show, told, log } = open();
    show('/a');
    log.reset();
    show('/a', 5);
    expect(told()).toEqual([]);
    show('/a');
    expect(told()).toMatchObject([
      { kind: 'n_plus_one', requests: 7, calls: 70, totalUs: 70_000, place: undefined },
    ]);
    log.reset();
    expect(told()).toEqual([]);
    show('/a');
    expect(told()).toMatchObject([{ requests: 1 }]);
  });

  it('that cannot wait is told at once', () => {
    const { show, told } = open();
    show('/a', 1, found(inTurn([{ sql: BOOKS, values: '1', ms: 300 }])));
    expect(told()).toMatchObject([{ kind: 'slow_query', requests: 1 }]);
  });

  it('of an idle transaction is told at once when it was long, else once three have shown it', () => {
    const { show, told } = open();
    const idle = (gapMs: number) =>
      found(
        inTurn([{ sql: 'BEGIN' }, { sql: 'SELECT 1' }, { sql: 'COMMIT', afterMs: gapMs }]),
      ).filter(({ kind }) => kind === 'idle_transaction');
    show('/long', 1, idle(1500));
    for (let i = 0; i < 2; i++) show('/short', 1, idle(150));
    expect(told().map(({ attributes }) => attributes['http.route'])).toEqual(['/long']);
    show('/short', 1, idle(150));
    expect(told()).toHaveLength(2);
  });

  it('of a read without a bound is told at once of a request, and of a start when it comes again', () => {
    const { log, show, told } = open();
    const unbounded = found(inTurn([{ sql: 'SELECT id FROM book', rows: 1500, ms: 3 }]));
    log.add(0, unitOf(runs, { attributes: [] }), unbounded, []);
    expect(told()).toEqual([]);
    show('/a', 1, unbounded);
    expect(told()).toMatchObject([{ kind: 'unbounded_read', requests: 1 }]);
  });

  it('of a route that ended otherwise is the same', () => {
    const { log, told } = open();
    for (const status of ['2xx', '4xx', '5xx']) {
      const attributes = [
        ['http.response.status_class', status],
        ['http.route', '/a'],
      ] as const;
      log.add(0, unitOf(runs, { attributes }), found(runs), []);
    }
    expect(told()).toMatchObject([{ requests: 3, attributes: { 'http.route': '/a' } }]);
  });
});

describe('a place', () => {
  it('is asked for once the finding is known, until it is told', () => {
    const { show, answer, asked, told } = open();
    show('/a');
    show('/a');
    expect(asked).toEqual([]);
    show('/a');
    expect(asked).toEqual([[1, 5]]);
    answer('/a');
    expect(asked.at(-1)).toEqual([1, 0]);
    expect(told()[0]!.place).toMatchObject({ file: 'books.js', line: 7, function: 'load' });
  });

  it('of another route is no answer, and the question stays', () => {
    const { show, answer, asked, told } = open();
    for (let i = 0; i < 3; i++) show('/a');
    for (let i = 0; i < 3; i++) answer('/b');
    expect(told().map(({ attributes, place }) => [attributes['http.route'], place?.line])).toEqual([
      ['/a', undefined],
      ['/b', 7],
    ]);
    expect(asked.at(-1)).toEqual([1, 5]);
  });

  it('that only other routes tell is let go, until its own shows it again', () => {
    const { show, answer, asked } = open();
    for (let i = 0; i < 3; i++) show('/rare');
    for (let i = 0; i < 100; i++) answer('/busy');
    expect(asked.at(-1)).toEqual([1, 0]);
    show('/rare');
    expect(asked.at(-1)).toEqual([1, 5]);
  });

  it('that nobody tells is let go', () => {
    const { show, asked } = open();
    for (let i = 0; i < 80; i++) show('/a');
    expect(asked.at(-1)).toEqual([1, 0]);
  });
});

it('findings are bounded: those of a window, of a kind, and those that are remembered', () => {
  const { log, show, told, omitted } = open();
  for (let i = 0; i < 300; i++) for (let j = 0; j < 3; j++) show(`/${i}`);
  expect(told()).toHaveLength(25);
  expect(omitted()).toEqual([{ untold: 175, forgotten: 100 }]);
  log.reset();
  expect(omitted()).toEqual([]);
});

it('what was forgotten before it could be told is told of with its time', () => {
  const { log, show, told } = open();
  for (let i = 0; i < 300; i++) show(`/${i}`);
  expect(told()).toEqual([]);
  expect(log.events).toMatchObject([{ name: FINDINGS_OMITTED_EVENT, timeMs: unitOf(runs).timeMs }]);
});
