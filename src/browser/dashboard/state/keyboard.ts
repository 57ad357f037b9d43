/**
 * Keys of the dashboard: one listener on the document. `g` and a letter goes to a page; rows are moved
 * through by `j` and `k`. Nothing is taken from fields, dialogs, or with a modifier held.
 */
import { signal } from '@preact/signals';
import type { DashboardPage } from '../../../shared/dashboard-pages.js';
import { isComparing, RANGES, rangeName } from './range.js';
import { isPaused } from './refresh.js';
import { toggleTheme } from './theme.js';
import { linkHere, linkTo, visit } from './url-state.js';

export const KEY_PAGES: Readonly<Record<string, DashboardPage>> = {
  n: 'now',
  r: 'routes',
  d: 'database',
  o: 'operations',
  f: 'frontend',
  i: 'infrastructure',
  c: 'changes',
  a: 'alerts',
  p: 'reports',
  m: 'recommendations',
  s: 'settings',
};

/** Keys with what they do, for the table that `?` shows. */
export const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['g, then a letter', 'Go to a page: the letters stand beside the pages'],
  ['/', 'Filter the table'],
  ['j k', 'Next and previous row'],
  ['Enter', 'Open the row'],
  ['Esc', 'Leave the filter, close what is open'],
  ['t', 'Next time range'],
  ['c', 'Compare with a week earlier'],
  ['Space', 'Pause, and go on'],
  ['d', 'Dark or light'],
  ['← →', 'In a chart: move through its values'],
  ['?', 'These keys'],
];

export const areKeysShown = signal(false);

/** After `g`, a letter is waited for. */
const PREFIX_MS = 1500;
let prefixUntilMs = 0;

export function startKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === 'Escape') {
      leave();
      return;
    }
    if (isTyping(event.target)) return;
    if (take(event)) event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, dialog') !== null;
}

function take(event: KeyboardEvent): boolean {
  const { key } = event;
  if (performance.now() < prefixUntilMs) {
    prefixUntilMs = 0;
    const to = KEY_PAGES[key];
    if (to !== undefined) visit(linkTo(to));
    return to !== undefined;
  }
  const isOnControl = event.target instanceof Element && event.target.closest('a, button, summary');
  if (key === ' ' && isOnControl) return false;
  const action = ACTIONS[key];
  action?.();
  return action !== undefined;
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  g: () => {
    prefixUntilMs = performance.now() + PREFIX_MS;
  },
  '/': () => document.querySelector<HTMLInputElement>('[data-filter]')?.focus(),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  t: nextRange,
  c: () => visit(linkHere({ compare: isComparing() ? undefined : 'week' })),
  ' ': () => {
    isPaused.value = !isPaused.value;
  },
  d: toggleTheme,
  '?': () => {
    areKeysShown.value = true;
  },
};

function leave(): void {
  areKeysShown.value = false;
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** Focus goes from row to row: the first link or button of each, or what opens it. */
function moveRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;
  const row = rows[Math.min(rows.length - 1, Math.max(0, next))];
  (row?.querySelector<HTMLElement>('a, button, summary') ?? row)?.focus();
}

function nextRange(): void {
  const name = rangeName();
  const at = name === 'custom' ? -1 : RANGES.indexOf(name);
  const range = RANGES[(at + 1) % RANGES.length];
  visit(linkHere({ range, from: undefined, to: undefined }));
}
