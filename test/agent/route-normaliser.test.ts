import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRouteNormaliser, NORMALISED_ROUTES_MAX } from '../../src/agent/route-normaliser.js';

const normalise = (target: string): string => createRouteNormaliser('(other)').normalise(target);

describe('route normaliser', () => {
  it.each([
    ['/orders/42', '/orders/:int'],
    ['/orders/42/lines/7?expand=1', '/orders/:int/lines/:int'],
    ['/users/3f2504e0-4f89-11d3-9a0c-0305e82c3301', '/users/:uuid'],
    ['/commits/9fceb02d0ae598e9', '/commits/:hex'],
    ['/days/2026-11-23', '/days/:date'],
    ['/people/ada@example.org/mail', '/people/:email/mail'],
    ['/reset/eyJhbGciOiJIUzI1NiIsInR5cCI6', '/reset/:token'],
    ['/a/b/c/d/e/f/g/h', '/a/b/c/d/e/f/*'],
    ['/', '/'],
    ['/health', '/health'],
    ['/decades', '/decades'],
    ['*', '*'],
    ['http://other.example/x', '/'],
    ['/x#y', '/x'],
  ])('calls %s %s', (target, template) => {
    expect(normalise(target)).toBe(template);
  });

  // It would last for minutes if a part of one were tried again from each of its places.
  it.each([
    ['a@', '.', '@'],
    ['', 'a@', ''],
    ['1.', '1', 'x'],
    ['', 'f', '!'],
    ['', 'a1.', '@'],
  ])('goes through a segment once, however long it is: %s %s … %s', (start, middle, end) => {
    expect(normalise(`/${start}${middle.repeat(300_000)}${end}`)).toBe('/:token');
  });

  it('never lets a query string through', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
        expect(normalise(`${path || '/'}?${query}`)).toBe(normalise(path || '/'));
      }),
    );
  });

  it('makes no more templates than its limit, whatever a scanner asks for', () => {
    const normaliser = createRouteNormaliser('(other)');
    const seen = new Set<string>();
    for (let i = 0; i < 5000; i++) {
      const word = [...i.toString(26)].map((c) => String.fromCharCode(97 + Number.parseInt(c, 26)));
      seen.add(normaliser.normalise(`/scan-${word.join('')}`));
    }
    expect(seen.size).toBe(NORMALISED_ROUTES_MAX + 1);
    expect(seen).toContain('(other)');
  });
});
