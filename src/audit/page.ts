/**
 * What of a page decides how it loads: its scripts, styles, images, fonts and links, as parse5 reads them, which is as
 * browsers do. Nothing of it is run. Templates of servers are read as the HTML that they mostly are.
 */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

export interface PageScript {
  /** Null where it stands in the page. */
  readonly src: string | null;
  readonly text: string;
  readonly isInHead: boolean;
  /** Neither async, deferred, a module, nor data. */
  readonly isBlocking: boolean;
  readonly hasIntegrity: boolean;
}

export interface PageImage {
  readonly src: string;
  /** As the page has them, in its own pixels; null where it has none. */
  readonly width: number | null;
  readonly height: number | null;
  readonly isLazy: boolean;
  /** The browser may choose among several. */
  readonly hasChoice: boolean;
}

export interface Page {
  readonly name: string;
  readonly scripts: readonly PageScript[];
  readonly styles: readonly { readonly href: string; readonly isBlocking: boolean }[];
  readonly inlineStyleBytes: number;
  readonly inlineStyles: string;
  readonly images: readonly PageImage[];
  readonly preloads: readonly { readonly href: string; readonly as: string }[];
  readonly manifest: string | null;
  readonly links: readonly string[];
}

/** Elements that are looked at of a page. */
const ELEMENTS_MAX = 20_000;
const DATA_SCRIPT = /json|template|importmap|speculationrules|x-/i;

export function readPage(name: string, html: string): Page {
  const page = {
    name,
    scripts: [] as PageScript[],
    styles: [] as Page['styles'][number][],
    inlineStyleBytes: 0,
    inlineStyles: '',
    images: [] as PageImage[],
    preloads: [] as Page['preloads'][number][],
    manifest: null as string | null,
    links: [] as string[],
  };
  for (const { element, isInHead, parent } of elementsOf(parse(html).childNodes)) {
    const attributes = attributesOf(element);
    switch (element.tagName) {
      case 'script':
        page.scripts.push(scriptOf(element, attributes, isInHead));
        break;
      case 'style':
        page.inlineStyles += textIn(element);
        page.inlineStyleBytes += Buffer.byteLength(textIn(element));
        break;
      case 'img':
        page.images.push(imageOf(attributes, parent === 'picture'));
        break;
      case 'a':
        if (attributes.href) page.links.push(attributes.href);
        break;
      case 'link':
        addLink(page, attributes);
    }
  }
  return page;
}

type Attributes = Readonly<Record<string, string>>;

function addLink(
  page: {
    styles: Page['styles'][number][];
    preloads: Page['preloads'][number][];
    manifest: string | null;
  },
  { rel = '', href = '', media = '', as = '', onload }: Attributes,
): void {
  const kinds = rel.toLowerCase().split(/\s+/);
  if (href === '') return;
  if (kinds.includes('stylesheet')) {
    const isBlocking = !/print/i.test(media) && onload === undefined;
    page.styles.push({ href, isBlocking });
  }
  if (kinds.includes('preload')) page.preloads.push({ href, as });
  if (kinds.includes('manifest')) page.manifest = href;
}

function scriptOf(element: Element, attributes: Attributes, isInHead: boolean): PageScript {
  const { src = '', type = '', async, defer, integrity } = attributes;
  const isLate = async !== undefined || defer !== undefined || /module/i.test(type);
  return {
    src: src === '' ? null : src,
    text: textIn(element),
    isInHead,
    isBlocking: src !== '' && isInHead && !isLate && !DATA_SCRIPT.test(type),
    hasIntegrity: integrity !== undefined,
  };
}

function imageOf(
  { src = '', width, height, loading = '', srcset }: Attributes,
  isInPicture: boolean,
): PageImage {
  return {
    src,
    width: pixelsOf(width),
    height: pixelsOf(height),
    isLazy: loading.toLowerCase() === 'lazy',
    hasChoice: srcset !== undefined || isInPicture,
  };
}

function pixelsOf(text = ''): number | null {
  const value = /^\d+(?:\.\d+)?(?:px)?$/.test(text.trim()) ? Number.parseFloat(text) : 0;
  return value > 0 ? value : null;
}

function attributesOf({ attrs }: Element): Attributes {
  return Object.fromEntries(attrs.map(({ name, value }) => [name, value]));
}

function textIn({ childNodes }: Element): string {
  return childNodes.map((node) => ('value' in node ? node.value : '')).join('');
}

/** In the order of the page, without recursion: pages may be deep. */
function* elementsOf(
  roots: readonly Node[],
): Generator<{ element: Element; isInHead: boolean; parent: string }> {
  const waiting = [...roots].reverse().map((node) => ({ node, isInHead: false, parent: '' }));
  for (let seen = 0; waiting.length > 0 && seen < ELEMENTS_MAX; ) {
    const { node, isInHead, parent } = waiting.pop()!;
    if (!('tagName' in node)) continue;
    seen += 1;
    yield { element: node, isInHead, parent };
    const inside = { isInHead: isInHead || node.tagName === 'head', parent: node.tagName };
    for (const child of [...node.childNodes].reverse()) waiting.push({ node: child, ...inside });
  }
}
