/** Alerts: those that are active, with why and who was told; those that are over; and silences. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useAnswer } from '../../api/api-client.js';
import type { AlertRow } from '../../api/health-answers.js';
import { useServiceView } from '../../api/questions.js';
import { Badge } from '../../parts/badge.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatTime } from '../../parts/format-time.js';
import { formatSeconds, formatUnit } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import type { Tone } from '../../parts/tone.js';
import { serviceNote } from '../../state/range.js';
import { param } from '../../state/url-state.js';
import { alertsOf } from './alert-scope.js';
import { SilenceDialog } from './silence-dialog.js';
import { Silences } from './silences.js';

const LEVEL_TONES: Readonly<Record<AlertRow['level'], Tone>> = {
  CRITICAL: 'bad',
  WARNING: 'attention',
  INFO: 'accent',
};

export function AlertsPage(): JSX.Element {
  const active = useAnswer<{ alerts: readonly AlertRow[] }>('/v1/alerts');
  const history = useServiceView<{ alerts: readonly AlertRow[] }>('/v1/alerts/history', {
    limit: '200',
  });
  const silencing = useSignal<AlertRow | undefined>(undefined);
  const silence = (row: AlertRow): void => {
    silencing.value = row;
  };
  return (
    <>
      <SilenceDialog chosen={silencing} />
      <Panel title="Active">
        <Answered answer={active} what="alerts">
          {({ alerts }) => <Active rows={alertsOf(alerts, param('service'))} onSilence={silence} />}
        </Answered>
      </Panel>
      <Silences />
      <Panel title="History" note={serviceNote()}>
        <Answered answer={history} what="a history of alerts">
          {({ alerts }) => (
            <DataTable
              name="history"
              caption="Alerts that are over"
              columns={HISTORY_COLUMNS}
              rows={alerts}
              sort="-since"
              keyOf={({ id, sinceMs }) => `${id} ${sinceMs}`}
              empty={<EmptyState title="No alert has ended in this time." />}
              hasFilter
            />
          )}
        </Answered>
      </Panel>
    </>
  );
}

interface ActiveProps {
  readonly rows: readonly AlertRow[];
  readonly onSilence: (row: AlertRow) => void;
}

function Active({ rows, onSilence }: ActiveProps): JSX.Element {
  if (rows.length === 0) return <EmptyState title="Nothing is wrong that a rule knows of." />;
  return (
    <ul class="cards">
      {rows.map((row) => (
        <li key={row.id} data-row="" tabIndex={-1}>
          <Alert row={row} onSilence={onSilence} />
        </li>
      ))}
    </ul>
  );
}

interface AlertProps extends Pick<ActiveProps, 'onSilence'> {
  readonly row: AlertRow;
}

function Alert({ row, onSilence }: AlertProps): JSX.Element {
  const { level, rule, state, value, threshold, unit, why, sinceMs, silencedUntilMs } = row;
  return (
    <article>
      <div class="card-action">
        {silencedUntilMs === null ? (
          <button type="button" class="quiet" onClick={() => onSilence(row)}>
            Silence …
          </button>
        ) : (
          <Badge tone="plain">silenced until {formatTime(silencedUntilMs)}</Badge>
        )}
      </div>
      <p>
        <Badge tone={LEVEL_TONES[level]}>{level}</Badge> <b>{rule}</b>{' '}
        <span class="tag">{state.replace('_', ' ')}</span> {row.service}{' '}
        <span class="dim">
          {formatUnit(value, unit)}, threshold {formatUnit(threshold, unit)}, since{' '}
          {formatTime(sinceMs)}
        </span>
      </p>
      <p>{why}</p>
      <p class="small dim">
        {Object.entries(row.attributes)
          .map(([name, text]) => `${name}: ${text}`)
          .join(' · ')}
      </p>
      <p class="small">
        {row.notifications.map(({ notifier, state: told, atMs }) => (
          <span key={notifier}>
            {notifier} {told} {formatTime(atMs)}{' '}
          </span>
        ))}
      </p>
    </article>
  );
}

const HISTORY_COLUMNS: readonly Column<AlertRow>[] = [
  {
    key: 'rule',
    title: 'Rule',
    isText: true,
    value: ({ rule, service }) => `${rule} ${service}`,
    show: ({ level, rule, service }) => (
      <>
        <Badge tone={LEVEL_TONES[level]}>{level}</Badge> {rule} <span class="dim">{service}</span>
      </>
    ),
  },
  { key: 'why', title: 'Why', isText: true, value: ({ why }) => why },
  {
    key: 'since',
    title: 'Began',
    isText: true,
    value: ({ sinceMs }) => sinceMs,
    show: ({ sinceMs }) => formatTime(sinceMs),
  },
  {
    key: 'lasted',
    title: 'Lasted',
    value: ({ sinceMs, endedMs }) => (endedMs === undefined ? null : (endedMs - sinceMs) / 1000),
    show: ({ sinceMs, endedMs }) =>
      endedMs === undefined ? '—' : formatSeconds((endedMs - sinceMs) / 1000),
  },
];
