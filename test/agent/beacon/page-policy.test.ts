/** What a Content-Security-Policy says of the beacon. */
import { describe, expect, it } from 'vitest';
import { PageBody } from '../../../src/agent/beacon/page-body.js';
import { askPolicy } from '../../../src/agent/beacon/page-policy.js';

const SCRIPT = new URL('https://tacho.example/tachograph.js');
const ask = (policies: string | string[], isOwn = false) =>
  askPolicy([policies].flat(), SCRIPT, isOwn);
const ALLOWED = { isAllowed: true, nonce: undefined };
const FORBIDDEN = { isAllowed: false };

describe('a policy', () => {
  it.each([
    [[]],
    ['img-src https:'],
    ['default-src *'],
    ["script-src 'self' https://tacho.example; connect-src https:"],
    ['script-src tacho.example; connect-src *.example'],
    ["default-src 'none'; script-src https://tacho.example:443; connect-src tacho.example:*"],
    ["script-src 'none'; script-src-elem https://tacho.example"],
    [['script-src https://tacho.example', 'connect-src https://tacho.example']],
  ])('allows it by its source: %j', (policies) => {
    expect(ask(policies)).toEqual(ALLOWED);
  });

  it.each([
    ["default-src 'none'"],
    ["default-src 'self'"],
    ["script-src 'self'; connect-src *"],
    ["script-src *; connect-src 'self'"],
    ["script-src 'unsafe-inline'"],
    ["script-src 'strict-dynamic' https://tacho.example"],
    ['script-src https://tacho.example.evil; connect-src *'],
    ['script-src https://tacho.example:8443; connect-src *'],
    ['script-src http://tacho.example; connect-src *'],
    ['script-src *.tacho.example; connect-src *'],
    [['script-src *', "default-src 'none'"]],
    ["script-src *, script-src 'none'"],
    ["script-src 'nonce-a'; connect-src 'none'"],
    [["script-src 'nonce-a'", "script-src 'nonce-b'"]],
  ])('forbids it: %j', (policies) => {
    expect(ask(policies)).toEqual(FORBIDDEN);
  });

  it('allows it by its nonce', () => {
    expect(ask("script-src 'self' 'nonce-r4nd0m+/='")).toEqual({
      isAllowed: true,
      nonce: 'r4nd0m+/=',
    });
    expect(ask(["script-src 'strict-dynamic' 'nonce-a'", "script-src 'nonce-a'"])).toEqual({
      isAllowed: true,
      nonce: 'a',
    });
  });

  it('allows the site’s own script where that is meant', () => {
    const policy = "default-src 'none'; script-src 'self'; connect-src 'self'";
    expect(ask(policy, true)).toEqual(ALLOWED);
    expect(ask(policy, false)).toEqual(FORBIDDEN);
  });
});

describe('the place of the tag', () => {
  const put = (...parts: string[]): string => {
    const page = new PageBody(Buffer.from('<TAG>'));
    const last = parts.pop();
    return [...parts.map((part) => page.write(part, 'utf8')), page.end(last, undefined)].join('');
  };

  it.each([
    ['<head></head>', '<head><TAG></head>'],
    ['<!-- <head> --><html><HEAD\nid=a>', '<!-- <head> --><html><HEAD\nid=a><TAG>'],
    ['<html lang="de"><body>', '<html lang="de"><TAG><body>'],
    ['<header></header>', '<header></header><TAG>'],
    ['\n<!DOCTYPE html><title>ä</title>', '\n<!DOCTYPE html><TAG><title>ä</title>'],
    [
      `<script>"${'x'.repeat(9000)}<head>"</script>`,
      `<script>"${'x'.repeat(9000)}<head>"</script><TAG>`,
    ],
  ])('is found in %j', (page, expected) => {
    expect(put(page)).toBe(expected);
  });

  it('is the first of several chunks that has one', () => {
    expect(put('<!-- a -->', '<he', 'ad><title>', '</title></head>')).toBe(
      '<!-- a --><head><title></title></head><TAG>',
    );
    expect(put('', '<html>', '<head>')).toBe('<html><TAG><head>');
  });

  it('leaves what is no text of a page to the runtime', () => {
    const page = new PageBody(Buffer.from('<TAG>'));
    for (const chunk of [null, 5, {}, undefined]) expect(page.write(chunk, undefined)).toBe(chunk);
    expect(page.write('<head>', 'no-such-encoding')).toBe('<head>');
    expect(page.end(undefined, undefined)).toBeUndefined();
  });
});
