/** What browsers measured: vitals against their thresholds, by page, device and connection. */
import type { JSX } from 'preact';
import type {
  FrontendAnswer,
  FrontendGroup,
  FrontendPage as PageRow,
} from '../../api/health-answers.js';
import { useView } from '../../api/questions.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { EmptyState } from '../../parts/empty-state.js';
import {
  formatBytes,
  formatCount,
  formatPercent,
  formatSeconds,
  NONE,
} from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { rangeText } from '../../state/range.js';
import { param } from '../../state/url-state.js';
import { beaconLines } from './beacon-lines.js';
import { Vitals } from './vitals.js';

export function FrontendPage(): JSX.Element {
  const answer = useView<FrontendAnswer>('/v1/frontend');
  return (
    <Answered answer={answer} what="measurements of browsers">
      {(data) =>
        data.vitals.every(({ samples }) => samples === 0) && data.pages.length === 0 ? (
          <NoBeacon />
        ) : (
          <Measured data={data} />
        )
      }
    </Answered>
  );
}

function NoBeacon(): JSX.Element {
  return (
    <EmptyState
      title="No browser has sent anything in this time."
      code={beaconLines(location.origin, param('service'))}
    >
      Start the collector with a key of your choice and the address of your site, and put the tag
      into your pages, or let the agent do it with TACHOGRAPH_BEACON=inject. It sets no cookie and
      stores nothing.
    </EmptyState>
  );
}

function Measured({ data }: { readonly data: FrontendAnswer }): JSX.Element {
  return (
    <>
      <Vitals vitals={data.vitals} />
      <Panel title="Pages" note={`p75, ${rangeText()}`}>
        <DataTable
          name="pages"
          caption="Pages"
          columns={PAGE_COLUMNS}
          rows={data.pages}
          sort="-views"
          keyOf={({ page }) => page}
          empty={<EmptyState title="No page was viewed in this time." />}
          hasFilter
        />
      </Panel>
      <div class="halves">
        <Groups title="Devices" rows={data.devices} />
        <Groups title="Connections" rows={data.connections} />
      </div>
      <Panel title="Calls of pages" note="fetch and XMLHttpRequest, by the route that answered">
        <DataTable
          name="ajax"
          caption="Calls of pages"
          columns={AJAX_COLUMNS}
          rows={data.ajax}
          sort="-calls"
          keyOf={({ method, route }) => `${method} ${route}`}
          empty={<EmptyState title="No page made a call in this time." />}
        />
      </Panel>
      <Panel title="Resources">
        <DataTable
          name="resources"
          caption="Resources"
          columns={RESOURCE_COLUMNS}
          rows={data.resources}
          sort="-bytes"
          keyOf={({ type }) => type}
          empty={<EmptyState title="No resource was loaded in this time." />}
        />
      </Panel>
      <Panel title="Scripts that hold a frame" note="in long animation frames">
        <DataTable
          name="scripts"
          caption="Scripts that hold a frame"
          columns={SCRIPT_COLUMNS}
          rows={data.scripts}
          sort="-total"
          keyOf={(row) => `${row.url}\n${row.function}`}
          empty={<EmptyState title="No frame took long in this time." />}
        />
      </Panel>
    </>
  );
}

function Groups(props: {
  readonly title: string;
  readonly rows: readonly FrontendGroup[];
}): JSX.Element {
  return (
    <Panel title={props.title}>
      <DataTable
        name={props.title.toLowerCase()}
        caption={props.title}
        columns={GROUP_COLUMNS}
        rows={props.rows}
        sort="-views"
        keyOf={groupName}
        empty={<EmptyState title="None was seen in this time." />}
      />
    </Panel>
  );
}

function groupName({ device, connection }: FrontendGroup): string {
  return device ?? connection ?? '';
}

type SecondsOf<Row> = (row: Row) => number | null;

function seconds<Row>(key: string, title: string, of: SecondsOf<Row>): Column<Row> {
  return { key, title, value: of, show: (row) => formatSeconds(of(row)) };
}

function count<Row>(key: string, title: string, of: (row: Row) => number): Column<Row> {
  return { key, title, value: of, show: (row) => formatCount(of(row)) };
}

const PAGE_COLUMNS: readonly Column<PageRow>[] = [
  { key: 'page', title: 'Page', isText: true, value: ({ page }) => page },
  count('views', 'Views', ({ views }) => views),
  seconds('lcp', 'LCP', ({ lcp }) => lcp),
  seconds('inp', 'INP', ({ inp }) => inp),
  { key: 'cls', title: 'CLS', value: ({ cls }) => cls, show: ({ cls }) => cls?.toFixed(3) ?? NONE },
  seconds('fcp', 'FCP', ({ fcp }) => fcp),
  seconds('ttfb', 'TTFB', ({ ttfb }) => ttfb),
  seconds('load', 'Load', ({ load }) => load),
  count('errors', 'Errors', ({ errors }) => errors),
];

const GROUP_COLUMNS: readonly Column<FrontendGroup>[] = [
  { key: 'name', title: 'Kind', isText: true, value: groupName },
  count('views', 'Views', ({ views }) => views),
  seconds('lcp', 'LCP', ({ lcp }) => lcp),
  seconds('inp', 'INP', ({ inp }) => inp),
];

const AJAX_COLUMNS: readonly Column<FrontendAnswer['ajax'][number]>[] = [
  {
    key: 'route',
    title: 'Route',
    isText: true,
    value: ({ method, route }) => `${method} ${route}`,
  },
  count('calls', 'Calls', ({ calls }) => calls),
  seconds('p75', 'p75', ({ p75 }) => p75),
  seconds('p95', 'p95', ({ p95 }) => p95),
  count('errors', 'Errors', ({ errors }) => errors),
];

const RESOURCE_COLUMNS: readonly Column<FrontendAnswer['resources'][number]>[] = [
  { key: 'type', title: 'Type', isText: true, value: ({ type }) => type },
  count('count', 'Loaded', (row) => row.count),
  {
    key: 'bytes',
    title: 'Bytes',
    value: ({ bytes }) => bytes,
    show: ({ bytes }) => formatBytes(bytes),
  },
  {
    key: 'cached',
    title: 'From cache',
    value: ({ cachedRatio }) => cachedRatio,
    show: ({ cachedRatio }) => formatPercent(cachedRatio),
  },
  {
    key: 'compressed',
    title: 'Compressed',
    value: ({ compressedRatio }) => compressedRatio,
    show: ({ compressedRatio }) => formatPercent(compressedRatio),
  },
  count('oversized', 'Too large', ({ oversized }) => oversized),
];

const SCRIPT_COLUMNS: readonly Column<FrontendAnswer['scripts'][number]>[] = [
  {
    key: 'script',
    title: 'Script',
    isText: true,
    value: (row) => `${row.function || '(anonymous)'} ${row.url}`,
  },
  count('count', 'Frames', (row) => row.count),
  seconds('p95', 'p95', ({ p95 }) => p95),
  seconds('total', 'Total', ({ total }) => total),
];
