/** Where one can go, each with its key. */
import type { JSX } from 'preact';
import type { DashboardPage } from '../../../shared/dashboard-pages.js';
import { KEY_PAGES } from '../state/keyboard.js';
import { linkTo, page } from '../state/url-state.js';
import { titleOf } from './pages.js';

/** Pages that lie below another one. */
const PARENTS: Readonly<Partial<Record<DashboardPage, DashboardPage>>> = {
  route: 'routes',
  trace: 'routes',
};

export function SideNav(): JSX.Element {
  const here = PARENTS[page.value] ?? page.value;
  return (
    <nav class="side" aria-label="Pages">
      <p class="brand">
        <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
          <circle cx="16" cy="16" r="13" fill="none" stroke="currentColor" stroke-width="4" />
          <path d="M16 17 23 10" stroke="currentColor" stroke-width="4" stroke-linecap="round" />
        </svg>
        Tachograph
      </p>
      <ul>
        {Object.entries(KEY_PAGES).map(([key, name]) => (
          <li key={name}>
            <a href={linkTo(name)} aria-current={name === here ? 'page' : undefined}>
              {titleOf(name)}
              <span class="key" aria-hidden="true">
                {key}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
