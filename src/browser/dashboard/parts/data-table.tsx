/**
 * Rows that can be sorted, filtered and taken away; order and filter stand in the URL. ROWS_MAX rows are
 * drawn, the rest on demand.
 */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { choose, linkHere, param } from '../state/url-state.js';
import { ExportMenu } from './export-menu.js';
import { ScrollBox } from './scroll-box.js';
import { compareValues, sortOrder, type Value } from './sort-order.js';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** What it is sorted by and taken away as. */
  readonly value: (row: Row) => Value;
  /** How it is shown, where that is not the value. */
  readonly show?: (row: Row) => ComponentChildren;
  readonly isText?: boolean;
  /** What the title means. */
  readonly hint?: string;
}

export interface DataTableProps<Row> {
  /** Of this table among those of its page: in the URL, and of files. */
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** The column that is sorted by until another is chosen; `-` before it: the greatest first. */
  readonly sort: string;
  readonly keyOf: (row: Row) => string;
  readonly empty: ComponentChildren;
  /** Whether there is a field to filter by. */
  readonly hasFilter?: boolean;
}

const ROWS_MAX = 100;

export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { name, columns, rows, keyOf } = props;
  const isWhole = useSignal(false);
  const { column, isDescending } = sortOrder(param(`${name}.sort`) || props.sort, columns);
  const filter = props.hasFilter === true ? param('q').toLowerCase() : '';
  const found = filter === '' ? rows : rows.filter((row) => textOf(columns, row).includes(filter));
  const sorted =
    column === undefined
      ? found
      : [...found].sort((a, b) => compareValues(column.value(a), column.value(b), isDescending));
  const shown = isWhole.value ? sorted : sorted.slice(0, ROWS_MAX);
  const cells = () => ({
    titles: columns.map(({ title }) => title),
    rows: sorted.map((row) => columns.map(({ value }) => value(row))),
  });
  if (rows.length === 0) return <>{props.empty}</>;
  return (
    <div class="table-box">
      <div class="table-tools">
        {props.hasFilter === true && <FilterField count={found.length} />}
        <ExportMenu name={`tachograph-${name}`} cells={cells} rows={sorted} />
      </div>
      <ScrollBox label={`Table: ${props.caption}`}>
        <table>
          <caption class="hidden">{props.caption}</caption>
          <thead>
            <tr>
              {columns.map((one) => (
                <Heading
                  key={one.key}
                  table={name}
                  column={one}
                  sorted={one === column ? (isDescending ? 'descending' : 'ascending') : 'none'}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={keyOf(row)} data-row="" tabIndex={-1}>
                {columns.map(({ key, value, show, isText }) => (
                  <td key={key} class={isText === true ? 'text' : 'number'}>
                    {show === undefined ? value(row) : show(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {found.length === 0 && <p class="dim pad">No row matches “{param('q')}”.</p>}
      {sorted.length > shown.length && (
        <button
          type="button"
          onClick={() => {
            isWhole.value = true;
          }}
        >
          Show all {sorted.length}
        </button>
      )}
    </div>
  );
}

function textOf<Row>(columns: readonly Column<Row>[], row: Row): string {
  return columns
    .filter(({ isText }) => isText === true)
    .map(({ value }) => String(value(row) ?? ''))
    .join(' ')
    .toLowerCase();
}

function Heading<Row>({
  table,
  column,
  sorted,
}: {
  readonly table: string;
  readonly column: Column<Row>;
  readonly sorted: 'ascending' | 'descending' | 'none';
}): JSX.Element {
  const next = sorted === 'descending' ? column.key : `-${column.key}`;
  return (
    <th scope="col" aria-sort={sorted} class={column.isText === true ? 'text' : 'number'}>
      <a href={linkHere({ [`${table}.sort`]: next })} title={column.hint}>
        {column.title}
        <span class="sort" aria-hidden="true">
          {sorted === 'none' ? '' : sorted === 'descending' ? ' ↓' : ' ↑'}
        </span>
      </a>
    </th>
  );
}

function FilterField({ count }: { readonly count: number }): JSX.Element {
  return (
    <label class="filter">
      <span class="hidden">Filter the table</span>
      <input
        type="search"
        data-filter=""
        placeholder="Filter  /"
        value={param('q')}
        onInput={(event) => choose({ q: event.currentTarget.value })}
      />
      <span class="small dim" role="status">
        {param('q') === '' ? '' : `${count} match`}
      </span>
    </label>
  );
}
