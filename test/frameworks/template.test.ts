import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asPrefix,
  isCatchAll,
  joinTemplate,
  unlessUnmatched,
} from '../../src/agent/frameworks/template.js';

describe('joinTemplate', () => {
  it('appends a pattern to the mounts around it', () => {
    expect(joinTemplate('/api/:org', '/users/:id')).toBe('/api/:org/users/:id');
    expect(joinTemplate('', '/users')).toBe('/users');
  });

  it('is the prefix itself for the root of a mounted router', () => {
    expect(joinTemplate('/api', '/')).toBe('/api');
    expect(joinTemplate('', '/')).toBe('/');
  });

  it('puts a slash where a pattern has none', () => {
    expect(joinTemplate('', '*')).toBe('/*');
    expect(joinTemplate('/api', 'users')).toBe('/api/users');
  });

  it('writes a regular expression as it is', () => {
    expect(joinTemplate('', /^\/a\/(\d+)$/)).toBe(String.raw`/^\/a\/(\d+)$/`);
  });

  it('always begins with a slash and never loses a segment', () => {
    const segment = fc.stringMatching(/^[a-z:]{1,5}$/);
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
        const template = segments.reduce((prefix, text) => joinTemplate(prefix, `/${text}`), '');
        expect(template).toBe(segments.map((text) => `/${text}`).join(''));
      }),
    );
  });
});

describe('asPrefix', () => {
  it('leaves out the slash at the end', () => {
    expect(asPrefix('/api/')).toBe('/api');
    expect(asPrefix('/')).toBe('');
  });
});

describe('isCatchAll', () => {
  it.each([
    ...['/*', '/*splat', '/{*splat}', '/{path*}', '/(.*)', '/:path*', '/:path(.*)'],
    ...['/.*/', '/^.*$/'],
  ])('is true for %s', (template) => expect(isCatchAll(template)).toBe(true));

  it.each([
    ...['/', '/users', '/:id', '/{id}', '/{id?}', '/{path*2}', '/files/*', '/files/*path'],
    '/^a.*$/',
  ])('is false for %s', (template) => expect(isCatchAll(template)).toBe(false));
});

describe('unlessUnmatched', () => {
  it('drops a catch-all route that answered 404', () => {
    expect(unlessUnmatched('/*', 404)).toBeUndefined();
  });

  it.each(['*', '(.*)', '{*path}', ':path*'])('gives %s the slash that it lacks', (pattern) => {
    expect(unlessUnmatched(pattern, 404)).toBeUndefined();
    expect(unlessUnmatched(pattern, 200)).toBe(`/${pattern}`);
  });

  it('keeps a catch-all route with another status, and any other route with 404', () => {
    expect(unlessUnmatched('/*', 200)).toBe('/*');
    expect(unlessUnmatched('/users/:id', 404)).toBe('/users/:id');
  });
});
