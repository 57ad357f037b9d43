/**
 * The tag of the beacon for one response, when it is a page that may have it: decided by the request and
 * the head of the response, before there is a body. Owns the warning why one may not.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Options } from '../../shared/options.js';
import type { Warn } from '../guarded.js';
import { askPolicy } from './page-policy.js';

/** A header of the response, by its name in small letters. */
export type HeaderOf = (name: string) => unknown;

/** Undefined: nothing is to be put into the response. */
export type TagOf = (
  request: { readonly method: string; readonly headers: IncomingHttpHeaders },
  statusCode: number,
  headerOf: HeaderOf,
) => Buffer | undefined;

/** Of bodies that these are about nothing may be changed. */
const DIGESTS = ['content-md5', 'digest', 'content-digest', 'repr-digest', 'content-range'];
/** In which the tag's bytes are the same. */
const CHARSET = /;\s*charset\s*=\s*"?(?:utf-?8|us-ascii|iso-8859-\d+|windows-125\d)/i;

/** @returns undefined, and says why, when the options lack something */
export function createTagOf({ beaconScript, beaconKey }: Options, warn: Warn): TagOf | undefined {
  if (beaconScript === '' || beaconKey === '' || !URL.canParse(beaconScript, 'http://site')) {
    const missing = beaconKey === '' ? 'TACHOGRAPH_BEACON_KEY' : 'TACHOGRAPH_BEACON_SCRIPT';
    warn('TACHO_BEACON_OFF', `expected ${missing}, got none that can be used.`);
    return undefined;
  }
  const attributes = `src="${escaped(beaconScript)}" data-key="${escaped(beaconKey)}"`;
  return (request, statusCode, headerOf) => {
    if (!isNavigation(request) || !isPage(statusCode, headerOf)) return undefined;
    const host = request.headers.host ?? String(request.headers[':authority'] ?? '');
    const site = `http://${host}`;
    const script = new URL(beaconScript, URL.canParse(site) ? site : 'http://site');
    const isOwn = script.host === host || beaconScript.startsWith('/');
    const answer = askPolicy(policiesOf(headerOf), script, isOwn);
    if (!answer.isAllowed) {
      const which = 'Content-Security-Policy allows neither the script nor a nonce, or no sending';
      warn('TACHO_BEACON_OFF', `A page's ${which}: ${script.origin}.`);
      return undefined;
    }
    const nonce = answer.nonce === undefined ? '' : ` nonce="${escaped(answer.nonce)}"`;
    return Buffer.from(`<script async ${attributes}${nonce}></script>`);
  };
}

/** Parts of pages that scripts ask for are none: `fetch` and its kin say so, where they can. */
function isNavigation({ method, headers }: Parameters<TagOf>[0]): boolean {
  if (method === 'HEAD') return false;
  const purpose = headers['sec-fetch-dest'];
  if (purpose !== undefined) return purpose === 'document' || purpose === 'iframe';
  const isCall = headers['x-requested-with'] !== undefined || headers['hx-request'] !== undefined;
  return !isCall && String(headers.accept ?? '').includes('text/html');
}

function isPage(statusCode: number, headerOf: HeaderOf): boolean {
  if (statusCode < 200 || [204, 205, 206, 304].includes(statusCode)) return false;
  const type = String(headerOf('content-type') ?? '');
  if (!/^\s*text\/html\s*(?:;|$)/i.test(type)) return false;
  if (/charset/i.test(type) && !CHARSET.test(type)) return false;
  const encoding = String(headerOf('content-encoding') ?? 'identity').trim();
  if (encoding !== '' && encoding.toLowerCase() !== 'identity') return false;
  if (/\bno-transform\b/i.test(String(headerOf('cache-control') ?? ''))) return false;
  return DIGESTS.every((name) => headerOf(name) === undefined);
}

function policiesOf(headerOf: HeaderOf): readonly string[] {
  const value = headerOf('content-security-policy');
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
