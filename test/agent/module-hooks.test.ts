import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { hookModules } from '../../src/agent/module-hooks.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-hooks-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'some/lib'), { recursive: true });
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
write('package.json', '{}');
const require = createRequire(join(folder, 'index.js'));
const silent = (): void => {};

it('calls back with the exports of a file of the table, which it may replace', () => {
  const path = write('some/lib/wanted.js', 'module.exports = { answer: 1 }');
  hookModules(
    [
      {
        file: 'lib/wanted.js',
        onLoad: (loaded) => {
          loaded.exports = { was: loaded.exports };
        },
      },
    ],
    silent,
  );
  expect(require(path)).toEqual({ was: { answer: 1 } });
});

it('does not call back for a file of the same name elsewhere', () => {
  const path = write('some/other.js', 'exports.answer = 2');
  const seen: unknown[] = [];
  hookModules([{ file: 'lib/other.js', onLoad: (loaded) => seen.push(loaded) }], silent);
  expect(require(path)).toEqual({ answer: 2 });
  expect(seen).toEqual([]);
});

it('does not let the error of a hook reach the one who loads the file', () => {
  const path = write('some/broken-hook.js', 'exports.answer = 3');
  const onLoad = (): never => {
    throw new Error('ours');
  };
  hookModules([{ file: 'some/broken-hook.js', onLoad }], silent);
  expect(require(path)).toEqual({ answer: 3 });
});

it('does not call back for a file that throws, and lets its error through', () => {
  const path = write('some/throws.js', 'throw new Error("theirs")');
  const seen: unknown[] = [];
  hookModules([{ file: 'some/throws.js', onLoad: (loaded) => seen.push(loaded) }], silent);
  expect(() => require(path)).toThrow('theirs');
  expect(seen).toEqual([]);
});

it('keeps the name and the length of _compile', () => {
  const prototype = Module.prototype as unknown as { _compile: (...args: unknown[]) => unknown };
  const { name, length } = prototype._compile;
  hookModules([], silent);
  expect([prototype._compile.name, prototype._compile.length]).toEqual([name, length]);
});
