/**
 * Where the reader is: the page and everything that was chosen, all of it in the URL. One signal, owned
 * here; a change is a new entry of the browser's history, so that Back works and a link shows the same.
 */
import { computed, signal } from '@preact/signals';
import { DASHBOARD_PAGES, type DashboardPage } from '../../../shared/dashboard-pages.js';

export type Changes = Readonly<Record<string, string | undefined>>;

const url = signal(new URL(location.href));

/** What stays when one goes from page to page. */
const KEPT = ['range', 'from', 'to', 'compare', 'service', 'environment', 'instance', 'version'];

export const page = computed((): DashboardPage => {
  const name = url.value.pathname.slice(1);
  return DASHBOARD_PAGES.find((known) => known === name) ?? 'now';
});

/** Empty for what is not in the URL. */
export function param(name: string): string {
  return url.value.searchParams.get(name) ?? '';
}

/** The URL of a page, with what was chosen for all of them and `changes`. */
export function linkTo(to: DashboardPage, changes: Changes = {}): string {
  const params = new URLSearchParams();
  for (const name of KEPT) if (param(name) !== '') params.set(name, param(name));
  return urlOf(to, withChanges(params, changes));
}

/** This page with other choices. */
export function linkHere(changes: Changes): string {
  return urlOf(page.value, withChanges(new URLSearchParams(url.value.searchParams), changes));
}

/** Goes to a URL of this page's origin. */
export function visit(href: string): void {
  if (new URL(href, location.href).href === location.href) return;
  history.pushState(null, '', href);
  url.value = new URL(location.href);
}

/** Chooses without a step of the history: what is typed, letter by letter. */
export function choose(changes: Changes): void {
  history.replaceState(null, '', linkHere(changes));
  url.value = new URL(location.href);
}

/** Follows Back, Forward and links to pages, which stay links for everything else that one does with links. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    url.value = new URL(location.href);
  });
  document.addEventListener('click', (event) => {
    const link = (event.target as Element | null)?.closest?.('a[href]');
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!(link instanceof HTMLAnchorElement) || !isPlain || event.defaultPrevented) return;
    if (link.origin !== location.origin || link.hasAttribute('target')) return;
    if (link.pathname.startsWith('/v1/') || link.hasAttribute('download')) return;
    event.preventDefault();
    const isOtherPage = link.pathname !== location.pathname;
    visit(link.href);
    if (isOtherPage) scrollTo(0, 0);
  });
}

function withChanges(params: URLSearchParams, changes: Changes): URLSearchParams {
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') params.delete(name);
    else params.set(name, value);
  }
  return params;
}

function urlOf(to: DashboardPage, params: URLSearchParams): string {
  const query = params.toString();
  return (to === 'now' ? '/' : `/${to}`) + (query === '' ? '' : `?${query}`);
}
