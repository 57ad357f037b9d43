import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRecommendationBook } from '../../../src/collector/recommendations/book.js';
import type { Evidence } from '../../../src/collector/recommendations/evidence/evidence.js';
import { rankedOf } from '../../../src/collector/recommendations/rank.js';
import { HOUR_MS, makeEvidence, makeFinding, makeRoute } from './make-evidence.js';

const START_MS = Date.UTC(2026, 10, 23);
let folder = '';
let lines: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openRecommendationBook(folder, (line) => lines.push(line));

/** An hour of 100 requests; with the fault each takes 400 ms, without 50 ms. */
function hour(isFaulty: boolean, calls = 100): Evidence {
  return makeEvidence({
    requests: calls,
    routes: [makeRoute('GET', '/orders', calls, isFaulty ? 0.39 : 0.05)],
    findings: isFaulty ? [makeFinding('n_plus_one', { perDay: 800 })] : [],
  });
}

function check(book: ReturnType<typeof open>, evidence: Evidence, hours: number): void {
  book.check(evidence, rankedOf(evidence), START_MS + hours * HOUR_MS);
}

const [fault] = rankedOf(hour(true)).map(({ recommendation }) => recommendation);

it('what is followed is verified after a day of traffic, with what was saved', () => {
  const book = open();
  for (let i = 0; i < 3; i++) check(book, hour(true), i);
  expect(book.gone('shop')).toEqual([]);
  check(book, hour(false), 3);
  expect(book.gone('shop')).toMatchObject([{ id: fault?.id, status: 'followed', saved: null }]);
  for (let i = 4; i < 27; i++) check(book, hour(false), i);
  expect(book.gone('shop')).toMatchObject([{ status: 'followed' }]);
  check(book, hour(false), 27);
  const [verified] = book.gone('shop');
  expect(verified).toMatchObject({ id: fault?.id, status: 'verified', costPerDay: 800 });
  // 340 ms less for 2,400 requests a day
  expect(verified?.saved).toBeCloseTo(0.34 * 2400, 3);
  expect(book.judged(fault!)).toMatchObject({ status: 'verified' });
});

it('without traffic nothing is followed', () => {
  const book = open();
  check(book, hour(true), 0);
  for (let i = 1; i < 60; i++) check(book, hour(false, 3), i);
  expect(book.gone('shop')).toEqual([]);
});

it('hours of far less traffic than usual say nothing: nights, and a Sunday', () => {
  const book = open();
  for (let i = 0; i < 8; i++) check(book, hour(true), i);
  for (let i = 8; i < 60; i++) check(book, hour(false, 40), i);
  expect(book.gone('shop')).toEqual([]);
  expect(book.judged(fault!).status).toBe('open');
  check(book, hour(false, 60), 60);
  expect(book.gone('shop')).toMatchObject([{ status: 'followed' }]);
});

it('what comes back is open again, and its day begins anew', () => {
  const book = open();
  check(book, hour(true), 0);
  for (let i = 1; i < 20; i++) check(book, hour(false), i);
  check(book, hour(true), 20);
  expect(book.judged(fault!).status).toBe('open');
  for (let i = 21; i < 40; i++) check(book, hour(false), i);
  expect(book.gone('shop')).toMatchObject([{ status: 'followed' }]);
});

it('another service says nothing of this one', () => {
  const book = open();
  check(book, hour(true), 0);
  check(book, { ...hour(false), service: 'other' }, 1);
  expect(book.gone('shop')).toEqual([]);
});

it('a collector that starts again goes on where it was', () => {
  check(open(), hour(true), 0);
  for (let i = 1; i <= 25; i++) check(open(), hour(false), i);
  expect(open().gone('shop')).toMatchObject([{ status: 'verified' }]);
  expect(lines).toEqual([]);
});

it('a file that is none of ours is said, and begun anew', () => {
  const path = join(folder, 'recommendations.json');
  writeFileSync(path, 'nonsense');
  const book = open();
  expect(lines).toHaveLength(1);
  check(book, hour(true), 0);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ version: 1 });
});

it('what nobody saw for a month is forgotten, and entries have a most', () => {
  const book = open();
  check(book, hour(true), 0);
  check(book, hour(false), 1);
  check(book, hour(false, 0), 1 + 31 * 24);
  expect(book.gone('shop')).toEqual([]);
  for (let i = 0; i < 60; i++) {
    const findings = Array.from({ length: 8 }, (_, k) =>
      makeFinding('n_plus_one', { route: `/r${i}-${k}` }),
    );
    check(book, makeEvidence({ findings }), 800 + i);
  }
  const { entries } = JSON.parse(readFileSync(join(folder, 'recommendations.json'), 'utf8'));
  expect(entries).toHaveLength(300);
});

it('what is kept can be read back, whatever its letters', () => {
  const book = open();
  for (let i = 0; i < 20; i++) {
    const findings = Array.from({ length: 8 }, (_, k) =>
      makeFinding('n_plus_one', { route: `/${'路'.repeat(1500)}${i}-${k}` }),
    );
    check(book, makeEvidence({ findings }), i);
  }
  open();
  expect(lines).toEqual([]);
});
