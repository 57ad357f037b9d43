import { describe, expect, it } from 'vitest';
import { codePlace } from '../../src/workers/code-place.js';

const CWD = '/home/alice/shop';
const FOLDERS = { working: CWD, home: '/home/bob' };

function fileOf(file: string): string | undefined {
  return codePlace([['f', file, 1, 2]], FOLDERS)?.file;
}

describe('the place of a stack', () => {
  it('is its innermost frame with a file, without the frames of the runtime', () => {
    const place = codePlace(
      [
        ['from', 'node:buffer', 295, 28],
        ['test', '', 0, 0],
        ['', `file://${CWD}/orders.mjs`, 12, 5],
        ['handle', `${CWD}/app.cjs`, 3, 1],
        ['processTimers', 'node:internal/timers', 519, 7],
      ],
      FOLDERS,
    );
    expect(place).toEqual({
      function: '(anonymous)',
      file: 'orders.mjs',
      line: 12,
      column: 5,
      stack: 'at test (native)\nat (anonymous) (orders.mjs:12:5)\nat handle (app.cjs:3:1)',
    });
  });

  it('is in the runtime when nothing else is on the stack, and nowhere when nothing has a file', () => {
    expect(codePlace([['listOnTimeout', 'node:internal/timers', 581, 17]], FOLDERS)).toMatchObject({
      function: 'listOnTimeout',
      file: 'node:internal/timers',
    });
    expect(codePlace([['sort', '', 0, 0]], FOLDERS)).toBeUndefined();
    expect(codePlace([], FOLDERS)).toBeUndefined();
  });

  it.each([
    ['a file of the application', `${CWD}/src/orders.js`, 'src/orders.js'],
    ['a module with a query', `file://${CWD}/a%20b.mjs?token=secret#hash`, 'a b.mjs'],
    ['code in a URL', 'data:text/javascript,secret()', 'data:'],
    ['a name that is no path', 'evalmachine.<anonymous>', 'evalmachine.<anonymous>'],
    ['a URL that is none', 'file://%zz/x?secret', '…/x'],
  ])('names %s by no more than it must', (_what, file, shown) => {
    expect(fileOf(file)).toBe(shown);
  });

  it('has bounds, whatever the names are', () => {
    const frames = Array.from({ length: 50 }, (_, i) => {
      return ['n'.repeat(5000), `${CWD}/${'f'.repeat(5000)}`, i, i] as const;
    });
    const place = codePlace(frames, FOLDERS)!;
    expect(place.function.length).toBeLessThanOrEqual(128);
    expect(place.file.length).toBeLessThanOrEqual(256);
    expect(place.stack.length).toBeLessThanOrEqual(1024);
    const short = Array.from({ length: 50 }, () => ['f', `${CWD}/x.js`, 1, 1] as const);
    expect(codePlace(short, FOLDERS)?.stack.split('\n')).toHaveLength(8);
  });
});
