/** Takes rows away: as CSV or JSON in a file, or as Markdown on the clipboard. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { type Cells, csvText, markdownText } from './export-text.js';

export interface ExportMenuProps {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly cells: () => Cells;
  readonly rows: readonly unknown[];
}

export function ExportMenu({ name, cells, rows }: ExportMenuProps): JSX.Element {
  const said = useSignal('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(markdownText(cells()));
      said.value = 'Copied';
    } catch {
      said.value = 'The browser did not allow it';
    }
  };
  return (
    <fieldset class="export" aria-label="Take away">
      <button
        type="button"
        class="quiet"
        onClick={() => save(`${name}.csv`, 'text/csv', csvText(cells()))}
      >
        CSV
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => save(`${name}.json`, 'application/json', JSON.stringify(rows, null, 2))}
      >
        JSON
      </button>
      <button type="button" class="quiet" onClick={() => void copy()}>
        Copy as Markdown
      </button>
      <span class="small dim" role="status">
        {said}
      </span>
    </fieldset>
  );
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
