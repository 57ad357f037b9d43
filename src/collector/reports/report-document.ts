/**
 * A report as blocks of text and tables, whatever shows it: terminal, Markdown or mail. Texts are plain and may
 * hold anything that a service is called; each renderer escapes them for its medium.
 */

export type Tone = 'plain' | 'good' | 'bad' | 'dim';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
  /** From 0 to 1: drawn beside the text where the medium can. */
  readonly bar?: number;
}

export interface Column {
  readonly title: string;
  /** Numbers stand right, names left; a name takes what room is left. */
  readonly align: 'left' | 'right';
}

export interface Tile {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly tone: Tone;
}

export type Block =
  | { readonly type: 'heading'; readonly text: string }
  | { readonly type: 'text'; readonly text: string; readonly tone?: Tone }
  | { readonly type: 'list'; readonly items: readonly Cell[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'tiles'; readonly tiles: readonly Tile[] }
  | {
      readonly type: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
    };

export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  readonly verdict: { readonly text: string; readonly tone: Tone };
  readonly blocks: readonly Block[];
}

export function cell(text: string, tone: Tone = 'plain'): Cell {
  return { text, tone };
}

/** With a bar of `share`; what is no share has none. */
export function barCell(text: string, share: number): Cell {
  return { text, bar: Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0 };
}
