import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../../src/collector/query/events.js';
import { stallPlaces } from '../../../src/collector/query/stalls.js';

/** A report of a block; names of attributes without what they all begin with. */
function report(changes: Record<string, string>, event: Partial<StoredEvent> = {}): StoredEvent {
  const own = Object.entries({ duration: '0.400', id: '1', state: 'ended', ...changes });
  return {
    timeMs: 1000,
    name: 'nodejs.eventloop.stall',
    service: 'shop',
    agent: 'host:1',
    boot: 'a',
    attributes: Object.fromEntries(
      own.map(([name, value]) => [
        name.startsWith('code.') ? name : `nodejs.eventloop.stall.${name}`,
        value,
      ]),
    ),
    ...event,
  };
}

const at = (line: string) => ({
  'code.function.name': 'work',
  'code.file.path': 'app.js',
  'code.line.number': line,
  'code.stacktrace': `at work (app.js:${line}:1)`,
});

describe('what blocked event loops', () => {
  it('is summed by service and line, the largest sum first', () => {
    const places = stallPlaces(
      [
        report({ id: '1', ...at('3') }),
        report(
          { id: '2', duration: '0.900', ...at('3'), 'gc.duration': '0.100' },
          { timeMs: 5000 },
        ),
        report({ id: '1', ...at('3'), approximate: 'true' }, { boot: 'b', timeMs: 2000 }),
        report({ id: '3', duration: '2.000', ...at('8') }),
        report({ id: '1', ...at('3') }, { service: 'other', boot: 'c' }),
      ],
      10,
    );
    expect(places.map(({ service, line, count }) => [service, line, count])).toEqual([
      ['shop', 8, 1],
      ['shop', 3, 3],
      ['other', 3, 1],
    ]);
    expect(places[1]).toMatchObject({
      function: 'work',
      file: 'app.js',
      sum: expect.closeTo(1.7),
      max: 0.9,
      gc: 0.1,
      lastSeenMs: 5000,
      approximate: 1,
      ongoing: 0,
      stack: 'at work (app.js:3:1)',
    });
  });

  it('counts a block once, by its last report, in whatever order they come', () => {
    const reports = [
      report({ duration: '5.000', state: 'ongoing' }, { timeMs: 1000 }),
      report({ duration: '15.000', state: 'ongoing', ...at('3') }, { timeMs: 2000 }),
      // The time for which the process was stopped is off.
      report({ duration: '14.000', ...at('3') }, { timeMs: 2000 }),
    ];
    for (const events of [reports, [...reports].reverse()]) {
      expect(stallPlaces(events, 10)).toMatchObject([
        { line: 3, count: 1, sum: 14, lastSeenMs: 2000, ongoing: 0 },
      ]);
    }
    expect(stallPlaces(reports.slice(0, 2), 10)).toMatchObject([{ sum: 15, ongoing: 1 }]);
  });

  it('keeps apart what was counted and not looked into', () => {
    const { id: _, ...rest } = { id: '', duration: '3.000', count: '4', 'duration.max': '1.500' };
    const several = report(rest);
    delete several.attributes['nodejs.eventloop.stall.id'];
    expect(stallPlaces([several, several], 10)).toMatchObject([
      { function: null, file: null, line: null, count: 8, sum: 6, max: 1.5, stack: null },
    ]);
  });

  it('shows as many places as it is asked for', () => {
    const reports = Array.from({ length: 20 }, (_, i) => report({ id: `${i}`, ...at(`${i}`) }));
    expect(stallPlaces(reports, 5)).toHaveLength(5);
  });

  it('has numbers for numbers, whatever a sender wrote', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('NaN', '-1', '1e999', 'Infinity', '0x10', ' ', '1e300'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text, text)), (rows) => {
        const reports = rows.map(([duration, count, line, id]) =>
          report({ duration, count, id, 'duration.max': line, ...at(line) }),
        );
        for (const { count, sum, max, line } of stallPlaces(reports, 500)) {
          for (const value of [count, sum, max, line]) expect(value).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
