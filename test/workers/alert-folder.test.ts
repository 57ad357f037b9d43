/** Owners are told apart by their boots here: all live in this process, and die with their markers. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AlertFolder } from '../../src/workers/alert-folder.js';

const T0 = Date.UTC(2026, 10, 23, 12);
const [A, B, C] = ['a', 'b', 'c'].map((boot) => `${process.pid}-${boot}`) as [
  string,
  string,
  string,
];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (owner: string, nowMs = T0): AlertFolder => new AlertFolder(folder, owner, nowMs);
const kill = (owner: string): void => rmSync(join(folder, `${owner}.owner`));
const write = (of: AlertFolder, text: string): void => writeFileSync(of.path, text);
const names = (): string[] => readdirSync(folder).sort();

it('each process has a file of its own, and one of them is first', () => {
  const [a, b] = [open(A), open(B)];
  expect([a.isFirst, b.isFirst]).toEqual([true, false]);
  expect(a.path).not.toBe(b.path);
});

it('who starts goes on with what a dead one left, the first one before the others', () => {
  const [a, b] = [open(A), open(B)];
  write(a, 'of a');
  write(b, 'of b');
  kill(A);
  kill(B);
  const c = open(C);
  expect([c.isFirst, readFileSync(c.path, 'utf8')]).toEqual([true, 'of a']);
  const next = open(A);
  expect([next.isFirst, readFileSync(next.path, 'utf8')]).toEqual([false, 'of b']);
});

it('what nobody took for a minute is joined to that of one who lives', () => {
  const [a, b] = [open(A), open(B)];
  write(a, 'of a');
  write(b, 'of b');
  kill(A);
  expect(b.tend(T0 + 30_000)).toBeUndefined();
  expect(b.isFirst).toBe(false);
  expect(b.tend(T0 + 60_000)).toBeUndefined();
  const taken = b.tend(T0 + 90_000);
  expect(readFileSync(taken!, 'utf8')).toBe('of a');
  expect([b.isFirst, readFileSync(b.path, 'utf8')]).toEqual([true, 'of b']);
  rmSync(taken!);
  expect(names()).toEqual([`${B}.first.json`, `${B}.owner`]);
});

it('what was being joined when its process died is not lost', () => {
  const [a, b] = [open(A), open(B)];
  write(a, 'of a');
  kill(A);
  for (const seconds of [30, 60, 90]) b.tend(T0 + seconds * 1000);
  kill(B);
  const c = open(C);
  const left = c.tend(T0 + 30_000);
  expect(left).toBeUndefined();
  c.tend(T0 + 60_000);
  const texts = [c.path, c.tend(T0 + 90_000)!].map((path) => readFileSync(path, 'utf8'));
  expect(texts).toEqual(['', 'of a']);
});

it('the dead that left nothing leave no marker either', () => {
  open(A);
  const stranger = `${2 ** 22 + 1}-dead`;
  writeFileSync(join(folder, `${stranger}.owner`), readFileSync(join(folder, `${A}.owner`)));
  open(B);
  expect(names()).toEqual([`${A}.first.json`, `${A}.owner`, `${B}.owner`]);
});

it('of two that became first at once the lower name stays it', () => {
  const b = open(B);
  expect(b.isFirst).toBe(true);
  writeFileSync(join(folder, `${A}.first.json`), '');
  writeFileSync(join(folder, `${A}.owner`), readFileSync(join(folder, `${B}.owner`)));
  b.tend(T0 + 30_000);
  expect(b.isFirst).toBe(false);
});
