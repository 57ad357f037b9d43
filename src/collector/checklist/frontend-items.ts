/** The list of the frontend: one row an item. What only the pages tell is filled in from an audit, by the command. */
import { bytes, items, percent, time } from '../recommendations/words.js';
import { attention, cannotTell, type ItemRow, ok } from './checklist.js';
import { byBudgets } from './judges.js';

const NO_BEACON = 'no browser reports: add the beacon to your pages.';
const AUDIT =
  'only the pages tell: tachograph audit URL --json FILE, then tachograph checklist --audit FILE.';
/** Of one page; more are slower than one that is cut well. */
const SCRIPTS_MAX = 15;

const byAudit = (item: string, title: string): ItemRow => ({
  item,
  title,
  judge: () => cannotTell(AUDIT),
});

export const FRONTEND_ITEMS: readonly ItemRow[] = [
  {
    item: 'js_execution',
    title: 'Execution of scripts',
    judge: byBudgets(['javascript_execution', 'interaction_to_next_paint'], NO_BEACON),
  },
  {
    item: 'css_rendering',
    title: 'Rendering of styles',
    judge: byBudgets(['css_render_time', 'cumulative_layout_shift'], NO_BEACON),
  },
  {
    item: 'ajax',
    title: 'Calls of pages to the server',
    judge: byBudgets(['ajax_response_time'], NO_BEACON),
  },
  byAudit('pwa', 'Progressive web app: manifest'),
  byAudit('service_worker', 'Service worker'),
  byAudit('critical_css', 'Critical CSS'),
  {
    item: 'bundling',
    title: 'Bundling of scripts',
    judge: ({ evidence: { frontend } }) => {
      const views = frontend?.pages.reduce((sum, page) => sum + page.views, 0) ?? 0;
      const scripts = frontend?.resources.find(({ type }) => type === 'script');
      if (scripts === undefined || views === 0) return cannotTell(AUDIT);
      const perView = scripts.count / views;
      const figures = [
        `${perView.toFixed(1)} scripts a page view, ${bytes(scripts.bytes / Math.max(1, scripts.count))} each.`,
        ...(scripts.cachedRatio === null
          ? []
          : [`${percent(scripts.cachedRatio)} from the cache.`]),
      ];
      return perView > SCRIPTS_MAX
        ? attention('Pages load many scripts.', figures)
        : ok('Pages load few scripts.', figures);
    },
  },
  byAudit('fonts', 'Fonts'),
  {
    item: 'third_party',
    title: 'Scripts of others',
    judge: ({ evidence: { frontend } }) => {
      if (frontend === null) return cannotTell(AUDIT);
      const others = frontend.scripts.filter(({ url, total }) => /^https?:/.test(url) && total > 0);
      const slow = others.filter(({ p95 }) => (p95 ?? 0) > 0.05);
      const figures = others.map(
        ({ url, count, p95 }) =>
          `${url}: ${items(count, 'time')}, p95 ${p95 === null ? '—' : time(p95)}.`,
      );
      return slow.length > 0
        ? attention('Scripts of others block pages.', figures)
        : ok('No script of others blocks pages.', figures);
    },
  },
];
