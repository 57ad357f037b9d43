/** What is chosen for every page: the time, what it is compared with, and whose data. */
import type { JSX } from 'preact';
import { areKeysShown } from '../state/keyboard.js';
import { isPaused } from '../state/refresh.js';
import { theme, toggleTheme } from '../state/theme.js';
import { Filters } from './filters.js';
import { RangePicker } from './range-picker.js';

export function TopBar({ title }: { readonly title: string }): JSX.Element {
  return (
    <header class="top">
      <h1>{title}</h1>
      <div class="top-tools">
        <Filters />
        <RangePicker />
        <div class="group">
          <button
            type="button"
            class="icon"
            aria-pressed={isPaused.value}
            title="Pause or go on (Space)"
            onClick={() => {
              isPaused.value = !isPaused.value;
            }}
          >
            <span aria-hidden="true">{isPaused.value ? '▶' : '❚❚'}</span>
            <span class="hidden">Pause</span>
          </button>
          <button type="button" class="icon" title="Dark or light (d)" onClick={toggleTheme}>
            <span aria-hidden="true">{theme.value === 'dark' ? '☀' : '☾'}</span>
            <span class="hidden">{theme.value === 'dark' ? 'Light' : 'Dark'} theme</span>
          </button>
          <button
            type="button"
            class="icon"
            title="Keys (?)"
            onClick={() => {
              areKeysShown.value = true;
            }}
          >
            <span aria-hidden="true">?</span>
            <span class="hidden">Keys</span>
          </button>
        </div>
      </div>
    </header>
  );
}
