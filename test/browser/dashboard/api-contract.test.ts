/** The check of questions finds what it is there for, and every path in the dashboard's source is one of the API. */
import { describe, expect, it } from 'vitest';
import { projectFiles, textOf } from '../../project/source-files.js';
import { troubleWith } from './api-contract.js';

const ORIGIN = 'http://127.0.0.1:4319';

describe('a question', () => {
  it.each([
    '/v1/routes?service=shop&from=-1h&to=now&limit=5&where=a:b',
    '/v1/traces/0af7651916cd43dd8448eb211c80319c',
    '/assets/main.js',
  ])('%s is known', (path) => {
    expect(troubleWith('GET', ORIGIN + path)).toBeUndefined();
  });

  it.each([
    ['GET', '/v1/routs', 'no route'],
    ['GET', '/v1/routes?form=-1h', 'form'],
    ['POST', '/v1/routes', 'no route'],
    ['DELETE', '/v1/silences', 'no route'],
  ])('%s %s is not', (method, path, said) => {
    expect(troubleWith(method, ORIGIN + path)).toContain(said);
  });
});

it('is asked nowhere in the source at a path that the API lacks', () => {
  const sources = projectFiles().filter((path) => path.startsWith('src/browser/dashboard/'));
  const asked = sources.flatMap((path) => [
    ...textOf(path).matchAll(/['"`](\/v1\/[^'"`?]*)[^'"`]*['"`]/g),
  ]);
  expect(asked.length).toBeGreaterThan(30);
  const troubles = asked.flatMap(([, path = '']) => {
    const example = ORIGIN + path.replace(/\$\{[^}]*\}/g, 'x');
    const found = ['GET', 'POST', 'DELETE'].map((method) => troubleWith(method, example));
    return path === '/v1/' || found.includes(undefined) ? [] : [path];
  });
  expect(troubles).toEqual([]);
});
