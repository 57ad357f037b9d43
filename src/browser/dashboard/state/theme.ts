/** Dark or light: what the system prefers, until somebody chooses; the choice is kept by the browser. */
import { signal } from '@preact/signals';

export type Theme = 'dark' | 'light';

const KEY = 'tachograph.theme';
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export const theme = signal<Theme>(chosen() ?? preferred());

export function startTheme(): void {
  prefersDark.addEventListener('change', () => {
    if (chosen() === undefined) theme.value = preferred();
  });
  theme.subscribe((now) => {
    document.documentElement.dataset.theme = now;
  });
}

export function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

function preferred(): Theme {
  return prefersDark.matches ? 'dark' : 'light';
}

function chosen(): Theme | undefined {
  try {
    const text = localStorage.getItem(KEY);
    return text === 'dark' || text === 'light' ? text : undefined;
  } catch {
    return undefined;
  }
}
