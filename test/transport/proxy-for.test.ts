import { describe, expect, it } from 'vitest';
import { proxyAuthorization, proxyFor } from '../../src/transport/proxy-for.js';

const HTTP = new URL('http://metrics.example:4600/v1/batches');
const HTTPS = new URL('https://metrics.example/v1/batches');

describe('the proxy of a destination', () => {
  it.each([
    ['none', HTTP, {}, undefined],
    ['by HTTP_PROXY', HTTP, { HTTP_PROXY: 'http://proxy:3128' }, 'http://proxy:3128/'],
    [
      'by http_proxy, which goes first',
      HTTP,
      { HTTP_PROXY: 'http://a:1', http_proxy: 'b:2' },
      'http://b:2/',
    ],
    ['by HTTPS_PROXY for https', HTTPS, { HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128/'],
    ['not by HTTP_PROXY for https', HTTPS, { HTTP_PROXY: 'http://proxy:3128' }, undefined],
    ['none where the variable is empty', HTTP, { HTTP_PROXY: ' ' }, undefined],
    [
      'none of a CGI program, whose visitors set HTTP_PROXY',
      HTTP,
      { HTTP_PROXY: 'http://evil:1', REQUEST_METHOD: 'GET' },
      undefined,
    ],
    [
      'that of http_proxy in a CGI program',
      HTTP,
      { HTTP_PROXY: 'http://evil:1', http_proxy: 'b:2', REQUEST_METHOD: 'GET' },
      'http://b:2/',
    ],
  ])('is %s', async (_name, url, environment, expected) => {
    expect((await proxyFor(url, environment))?.href).toBe(expected);
  });

  it.each([
    'http://127.0.0.1:4600/',
    'http://localhost/',
    'http://[::1]:4600/',
    'http://127.8.1.2/',
  ])('is none for the loopback address %s', async (url) => {
    expect(await proxyFor(new URL(url), { HTTP_PROXY: 'http://proxy:3128' })).toBeUndefined();
  });

  it.each([
    ['*', true],
    ['metrics.example', true],
    ['.example', true],
    ['*.example', true],
    ['example', true],
    ['other.example, METRICS.example', true],
    ['other.example metrics.example:4600', true],
    ['metrics.example:80', false],
    ['trics.example', false],
    ['s.example', false],
    ['metrics.example.org', false],
    ['10.0.0.0/8', false],
    [',,', false],
  ])('with NO_PROXY=%s is left out: %s', async (noProxy, isLeftOut) => {
    const environment = { HTTP_PROXY: 'http://proxy:3128', NO_PROXY: noProxy };
    expect((await proxyFor(HTTP, environment)) === undefined).toBe(isLeftOut);
  });

  it.each([
    ['http://10.1.2.3/', '10.0.0.0/8', true],
    ['http://10.1.2.3/', '10.1.2.3', true],
    ['http://10.1.2.3/', '2.3', false],
    ['http://10.1.2.3/', '10.0.0.0/99', false],
    ['http://11.1.2.3/', '10.0.0.0/8', false],
    ['http://[fd00::7]/', 'fd00::/8', true],
    ['http://[fd00::7]/', 'fd00::7', true],
    ['http://[fd00::7]:99/', '[fd00::7]:99', true],
    ['http://[fd00::7]/', '10.0.0.0/8', false],
  ])('of the address %s with NO_PROXY=%s is left out: %s', async (url, noProxy, isLeftOut) => {
    const environment = { HTTP_PROXY: 'http://proxy:3128', no_proxy: noProxy };
    expect((await proxyFor(new URL(url), environment)) === undefined).toBe(isLeftOut);
  });

  it.each(['socks5://proxy:1080', 'https://proxy:3128', 'http://', ':::'])(
    'that cannot be used is an error which says so: %s',
    async (proxy) => {
      await expect(proxyFor(HTTP, { HTTP_PROXY: proxy })).rejects.toThrow(
        'HTTP_PROXY: expected http://',
      );
    },
  );

  it.each([
    ['socks5://bob:hunter2@proxy:1080', 'socks5://***@proxy:1080'],
    ['bob:hunter2@proxy:99999', '***@proxy:99999'],
    ['http://bob:hunter2#hunter2@proxy:1', 'http://***@proxy:1'],
    ['http://bob:hunter2/hunter2@proxy:1', 'http://***@proxy:1'],
    ['http://bob:hunter2?x=hunter2@hunter2@proxy:1', 'http://***@proxy:1'],
    [`http://bob:${'hunter2'.repeat(100)}#@proxy:1`, 'http://***@proxy:1'],
  ])('shows no password in its error: %s', async (proxy, shown) => {
    const error = await proxyFor(HTTP, { HTTP_PROXY: proxy }).catch((caught: Error) => caught);
    expect(String(error)).not.toContain('hunter2');
    expect(String(error)).toContain(`got "${shown}"`);
  });
});

it('the credentials of a proxy become a header', () => {
  expect(proxyAuthorization(new URL('http://proxy:1'))).toEqual({});
  expect(proxyAuthorization(new URL('http://bob:p%40ss@proxy:1'))).toEqual({
    'proxy-authorization': `Basic ${Buffer.from('bob:p@ss').toString('base64')}`,
  });
});
