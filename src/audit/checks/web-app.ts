/** What makes a site an application of its own: a manifest, and a service worker that answers without a network. */
import { textOf } from '../asset.js';
import type { Checked } from '../audit-result.js';
import type { Subject } from '../subject.js';

const REGISTERS = /serviceWorker\s*(?:\?\.|\.)\s*register\s*\(/;

export function manifest({ pages, target }: Subject): Checked {
  const isThere = pages.some((page) => page.manifest !== null);
  const finding = {
    kind: 'no_manifest',
    where: target,
    text: 'No page names a web app manifest.',
    fix: '<link rel="manifest" href="/manifest.webmanifest"> with name, icons, start_url and display.',
    savedBytes: 0,
  };
  return {
    item: 'pwa',
    looked: pages.length,
    findings: isThere || pages.length === 0 ? [] : [finding],
  };
}

export function serviceWorker({ pages, assets, target }: Subject): Checked {
  const isThere =
    pages.some(({ scripts }) => scripts.some(({ text }) => REGISTERS.test(text))) ||
    assets.some((asset) => asset.kind === 'script' && REGISTERS.test(textOf(asset)));
  const finding = {
    kind: 'no_service_worker',
    where: target,
    text: 'No script registers a service worker: without a network there is nothing.',
    fix: "navigator.serviceWorker.register('/sw.js'), which keeps the shell of the application.",
    savedBytes: 0,
  };
  const isWanting = !isThere && pages.length > 0;
  return { item: 'service_worker', looked: pages.length, findings: isWanting ? [finding] : [] };
}
