/** What became slower or faster than a time or a version before: only what the data supports, unless all is asked for. */
import type { JSX } from 'preact';
import type { ChangeRow, DeployRow } from '../../api/health-answers.js';
import { useServiceView } from '../../api/questions.js';
import { Badge } from '../../parts/badge.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatTime } from '../../parts/format-time.js';
import {
  formatCount,
  formatDifference,
  formatRatio,
  formatSeconds,
  NONE,
} from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import type { Tone } from '../../parts/tone.js';
import { serviceNote } from '../../state/range.js';
import { linkHere, param } from '../../state/url-state.js';
import { BaselineChoice, baselineQuery } from './baseline.js';

const TONES: Readonly<Record<ChangeRow['verdict'], Tone>> = {
  slower: 'bad',
  faster: 'ok',
  unchanged: 'plain',
  noisy: 'unknown',
  'not enough data': 'unknown',
};

export function ChangesPage(): JSX.Element {
  const { baseline, version } = baselineQuery();
  const answer = useServiceView<{ rows: readonly ChangeRow[] }>('/v1/changes', {
    ...{ baseline, version, limit: '500' },
  });
  const isAll = param('all') === '1';
  const sure = (row: ChangeRow): boolean => row.verdict === 'slower' || row.verdict === 'faster';
  return (
    <>
      <Panel
        title="Changes"
        note={version === '' ? serviceNote() : `version ${version}`}
        actions={
          <>
            <BaselineChoice />
            <a
              class="segment"
              href={linkHere({ all: isAll ? undefined : '1' })}
              aria-current={isAll ? 'true' : undefined}
            >
              Show all
            </a>
          </>
        }
      >
        <Answered answer={answer} what="comparisons of two times">
          {({ rows }) => (
            <DataTable
              name="changes"
              caption="Changes"
              columns={COLUMNS}
              rows={isAll ? rows : rows.filter(sure)}
              sort="-ratio"
              keyOf={({ kind, name }) => `${kind} ${name}`}
              empty={
                <EmptyState title="No change that the data supports.">
                  {rows.length === 0
                    ? 'There is nothing to compare with yet: two times of at least a day are needed.'
                    : `Of ${rows.length} that were compared none differs by more than chance explains.`}
                </EmptyState>
              }
              hasFilter
            />
          )}
        </Answered>
      </Panel>
      <Deploys />
    </>
  );
}

function Deploys(): JSX.Element {
  const answer = useServiceView<{ deploys: readonly DeployRow[] }>('/v1/deploys');
  return (
    <Panel title="Deploys" note={serviceNote()}>
      <Answered answer={answer} what="a list of deploys">
        {({ deploys }) =>
          deploys.length === 0 ? (
            <EmptyState title="No version began in this time." />
          ) : (
            <ul class="plain">
              {deploys.map(({ service, version, environment, atMs }) => (
                <li key={`${service} ${version} ${environment} ${atMs}`}>
                  <b>{service}</b> <span class="tag">{version}</span> {environment}{' '}
                  <span class="dim">{formatTime(atMs)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Panel>
  );
}

const COLUMNS: readonly Column<ChangeRow>[] = [
  {
    key: 'name',
    title: 'What',
    isText: true,
    value: ({ name }) => name,
    show: ({ kind, name, version }) => (
      <>
        <span class="tag">{kind}</span> <span class="mono wrap">{name}</span>{' '}
        {version !== null && <span class="dim">since {version}</span>}
      </>
    ),
  },
  {
    key: 'verdict',
    title: 'Verdict',
    isText: true,
    value: ({ verdict }) => verdict,
    show: ({ verdict }) => <Badge tone={TONES[verdict]}>{verdict}</Badge>,
  },
  {
    key: 'ratio',
    title: 'Change',
    value: ({ ratio }) => ratio,
    show: ({ ratio }) => formatRatio(ratio),
  },
  {
    key: 'interval',
    title: '95 % interval',
    isText: true,
    value: ({ low, high }) =>
      low === null || high === null ? NONE : `${formatRatio(low)} to ${formatRatio(high)}`,
  },
  {
    key: 'before',
    title: 'Before',
    value: ({ before }) => before,
    show: ({ before }) => formatSeconds(before),
  },
  {
    key: 'after',
    title: 'After',
    value: ({ after }) => after,
    show: ({ after }) => formatSeconds(after),
  },
  {
    key: 'samples',
    title: 'Samples',
    value: ({ samplesAfter }) => samplesAfter,
    show: ({ samplesBefore, samplesAfter }) =>
      `${formatCount(samplesBefore)} → ${formatCount(samplesAfter)}`,
  },
  {
    key: 'cause',
    title: 'Because of',
    isText: true,
    hint: 'Parts of the difference of the total times',
    value: ({ cause }) =>
      cause === null
        ? NONE
        : `latency ${formatDifference(cause.latency)}, mix ${formatDifference(cause.mix)}, volume ${formatDifference(cause.volume)}`,
  },
  {
    key: 'since',
    title: 'Since',
    isText: true,
    value: ({ sinceMs }) => sinceMs,
    show: ({ sinceMs }) => formatTime(sinceMs),
  },
];
