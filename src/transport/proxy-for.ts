/**
 * Which proxy stands between this machine and a destination: HTTP_PROXY, HTTPS_PROXY and NO_PROXY as
 * curl reads them (https://curl.se/libcurl/c/CURLOPT_NOPROXY.html), but that curl never takes HTTP_PROXY in
 * capitals. A loopback address is never reached by a proxy, whatever the variables say: on the proxy's
 * machine it means another one. node:net is loaded where a proxy is named, for the worker of every other
 * process would load it for nothing.
 */
import { bareHost, isLoopback } from '../shared/host-name.js';
import { maskedUrl } from '../shared/masked-url.js';
import type { Network } from './network.js';

/** What is set for a proxy, its credentials included, cannot be used: someone must mend it. */
export class ProxySettingError extends Error {}

/**
 * The proxy's URL; undefined when there is none for this destination.
 * @throws {ProxySettingError} when one is named that cannot be used.
 */
export async function proxyFor(
  url: URL,
  environment: Network['environment'],
): Promise<URL | undefined> {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const text = settingOf(name, environment);
  if (text === '' || isLoopback(bareHost(url.hostname))) return undefined;
  if (isExempt(url, settingOf('NO_PROXY', environment), await import('node:net'))) return undefined;
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const proxy = URL.canParse(given) ? new URL(given) : undefined;
  if (proxy?.protocol === 'http:' && proxy.hostname !== '') return proxy;
  throw new ProxySettingError(`${name}: expected http://host:port, got "${maskedUrl(text)}"`);
}

/** `Basic …` from the user and password of the proxy's URL, or nothing. */
export function proxyAuthorization(proxy: URL): Readonly<Record<string, string>> {
  if (proxy.username === '' && proxy.password === '') return {};
  const pair = `${decoded(proxy.username)}:${decoded(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/**
 * In small letters first, as curl has it. In a CGI program HTTP_PROXY is the header `Proxy` of a request, which
 * anyone may send (https://httpoxy.org).
 */
function settingOf(name: string, environment: Network['environment']): string {
  const isForeign = name === 'HTTP_PROXY' && environment.REQUEST_METHOD !== undefined;
  const capital = isForeign ? undefined : environment[name];
  return (environment[name.toLowerCase()] || capital || '').trim();
}

type Net = typeof import('node:net');

function isExempt(url: URL, noProxy: string, net: Net): boolean {
  const host = bareHost(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return noProxy.split(/[\s,]+/).some((entry) => entry !== '' && matches(entry, host, port, net));
}

function matches(entry: string, host: string, port: string, net: Net): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInSubnet(entry, host, net);
  const [, name = '', ofPort] = /^(.*?)(?::(\d+))?$/.exec(
    net.isIP(entry) === 6 ? `[${entry}]` : entry,
  )!;
  if (ofPort !== undefined && ofPort !== port) return false;
  const wanted = bareHost(name.toLowerCase()).replace(/^\*?\./, '');
  if (wanted === '' || net.isIP(host) !== 0) return wanted === host;
  return host === wanted || host.endsWith(`.${wanted}`);
}

function isInSubnet(entry: string, host: string, { isIP, BlockList }: Net): boolean {
  const [network = '', prefix = ''] = entry.split('/');
  const family = isIP(network);
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (family === 0 || isIP(host) !== family || bits < 0 || bits > (family === 4 ? 32 : 128)) {
    return false;
  }
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, bits, type);
  return list.check(host, type);
}

/** Percent escapes; a broken one is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
