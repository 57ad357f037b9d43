/**
 * Reads a site: pages from its address on, and what they load, of the same origin only. One request at a time, each
 * bounded in time and bytes; redirects are followed within the origin only. Nothing is run, and no cookie
 * that the site sets is kept.
 */
import { type Asset, type AssetKind, kindOf } from './asset.js';
import { type Page, readPage } from './page.js';
import { isComputed, type Subject } from './subject.js';

const PAGES_MAX = 20;
const ASSETS_MAX = 300;
const BYTES_MAX = 64 * 1024 * 1024;
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
const ANSWER_MS_MAX = 10_000;
const REDIRECTS_MAX = 5;
const OMITTED_MAX = 50;

interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/**
 * @param signal ends it early: what was read until then is audited
 * @param cookie sent with every request, for what lies behind a log-in
 * @throws {Error} when the first page cannot be read
 */
export async function readSite(
  target: URL,
  signal: AbortSignal,
  cookie?: string,
): Promise<Subject> {
  const reader = createReader(target, signal, cookie);
  const pages = await reader.pages();
  const assets = await reader.assets(pages);
  const byUrl = new Map(assets.map((asset) => [asset.name, asset]));
  return {
    target: target.href,
    kind: 'site',
    pages,
    assets,
    find: (page, reference) => byUrl.get(absolute(page.name, reference)?.href ?? ''),
    isForeign: (page, reference) => {
      const url = absolute(page.name, reference);
      return url !== undefined && /^https?:$/.test(url.protocol) && url.origin !== target.origin;
    },
    omitted: reader.omitted,
  };
}

function createReader(target: URL, signal: AbortSignal, cookie: string | undefined) {
  const omitted: string[] = [];
  let bytesLeft = BYTES_MAX;
  const omit = (text: string): void => {
    if (omitted.length < OMITTED_MAX) omitted.push(text);
  };
  const read = async (url: URL): Promise<Answer | undefined> => {
    if (signal.aborted || bytesLeft <= 0) return undefined;
    try {
      const bytesMax = Math.min(ANSWER_BYTES_MAX, bytesLeft);
      const answer = await fetchBounded(url, { origin: target.origin, bytesMax, signal, cookie });
      bytesLeft -= answer.bytes.length;
      return answer;
    } catch (error) {
      omit(`${url.href}: ${(error as Error).message}`);
      return undefined;
    }
  };
  const pages = async (): Promise<Page[]> => {
    const found: Page[] = [];
    const waiting = [target];
    const seen = new Set([target.href]);
    while (waiting.length > 0 && found.length < PAGES_MAX) {
      const answer = await read(waiting.shift()!);
      const isFirst = seen.size === 1 && found.length === 0;
      if (isFirst && (answer === undefined || !answer.status.toString().startsWith('2'))) {
        throw new Error(omitted.at(-1) ?? `${target.href}: answered ${answer?.status}`);
      }
      if (answer === undefined || answer.status !== 200 || !isHtml(answer)) continue;
      // Many links may lead to one page: to a log-in, mostly.
      if (found.some(({ name }) => name === answer.url.href)) continue;
      const page = readPage(answer.url.href, Buffer.from(answer.bytes).toString('utf8'));
      found.push(page);
      for (const link of page.links) {
        const url = absolute(page.name, link);
        if (url === undefined || url.origin !== target.origin || seen.has(url.href)) continue;
        // Who logs out looks at nothing more.
        if (cookie !== undefined && /log-?out|sign-?out/i.test(url.pathname)) continue;
        if (kindOf(url.pathname) !== 'other' || seen.size >= PAGES_MAX * 10) continue;
        seen.add(url.href);
        waiting.push(url);
      }
    }
    if (waiting.length > 0) omit(`pages past the first ${PAGES_MAX}`);
    return found;
  };
  const assets = async (of: readonly Page[]): Promise<Asset[]> => {
    const wanted = new Map(of.flatMap((page) => referencesOf(page, target.origin)));
    const found: Asset[] = [];
    for (const [href, kind] of wanted) {
      if (found.length >= ASSETS_MAX) {
        omit(`files past the first ${ASSETS_MAX}`);
        break;
      }
      const answer = await read(new URL(href));
      if (answer === undefined) continue;
      if (answer.status === 200) found.push({ name: href, kind, ...answer });
      else omit(`${href}: answered ${answer.status}`);
    }
    return found;
  };
  return { omitted, pages, assets };
}

function isHtml({ headers }: Answer): boolean {
  return /^(?:text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? 'text/html');
}

function referencesOf(page: Page, origin: string): [href: string, kind: AssetKind][] {
  const references: [string, AssetKind][] = [
    ...page.scripts.flatMap(({ src }): [string, AssetKind][] => (src ? [[src, 'script']] : [])),
    ...page.styles.map(({ href }): [string, AssetKind] => [href, 'style']),
    ...page.images.map(({ src }): [string, AssetKind] => [src, 'image']),
    ...page.preloads.map(({ href }): [string, AssetKind] => [href, kindOf(href)]),
  ];
  return references.flatMap(([reference, kind]) => {
    const url = isComputed(reference) ? undefined : absolute(page.name, reference);
    return url === undefined || url.origin !== origin ? [] : [[url.href, kind]];
  });
}

/** Undefined where it is no address of a file: data, fragments, mail. */
function absolute(page: string, reference: string): URL | undefined {
  if (reference === '' || !URL.canParse(reference, page)) return undefined;
  const url = new URL(reference, page);
  url.hash = '';
  return /^https?:$/.test(url.protocol) ? url : undefined;
}

interface Bounds {
  readonly origin: string;
  readonly bytesMax: number;
  readonly signal: AbortSignal;
  readonly cookie: string | undefined;
}

/** @throws {Error} when it leaves the origin, takes too long, or is too large. */
async function fetchBounded(
  first: URL,
  { origin, bytesMax, signal, cookie }: Bounds,
): Promise<Answer> {
  let url = first;
  for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
    const response = await fetch(url, {
      redirect: 'manual',
      credentials: 'omit',
      headers: { 'accept-encoding': 'br, gzip', ...(cookie === undefined ? {} : { cookie }) },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      const { status, headers } = response;
      return { url, status, headers, bytes: await bodyOf(response, bytesMax) };
    }
    await response.body?.cancel();
    const next = absolute(url.href, location);
    if (next === undefined || next.origin !== origin) {
      const where = next === undefined ? '' : `, ${next.origin}`;
      throw new Error(`redirects to another origin${where}`);
    }
    url = next;
  }
  throw new Error(`more than ${REDIRECTS_MAX} redirects`);
}

async function bodyOf(response: Response, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      await response.body?.cancel().catch(() => undefined);
      throw new Error(`more than ${bytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
