/** Kept traces as they arrive, with pause, filters, and how the last minute went. */
import type { JSX } from 'preact';
import { EmptyState } from '../../parts/empty-state.js';
import { formatClock } from '../../parts/format-time.js';
import { formatCount, formatPercent, formatRate, formatSeconds } from '../../parts/format-value.js';
import { Panel } from '../../parts/panel.js';
import { ScrollBox } from '../../parts/scroll-box.js';
import { Reason } from '../../parts/trace-link.js';
import { liveRows, liveState, liveTick, useLive } from '../../state/live.js';
import { isPaused } from '../../state/refresh.js';
import { choose, linkTo, param } from '../../state/url-state.js';

const ROWS_SHOWN = 30;
const MINIMA = ['', '100', '200', '500', '1000', '5000'] as const;

export function LiveTail(): JSX.Element {
  useLive();
  const filter = param('live.q').toLowerCase();
  const rows = liveRows.value.filter(
    ({ method, route, service }) =>
      filter === '' || `${service} ${method} ${route}`.toLowerCase().includes(filter),
  );
  return (
    <Panel title="Live" note={<Tick />} actions={<Tools />}>
      {rows.length === 0 ? (
        <EmptyState title="No request was kept yet.">
          Requests that are slow, fail or query too much are kept with their calls, and a few at
          random. They show here as they arrive.
        </EmptyState>
      ) : (
        <ScrollBox label="Kept requests" isShort>
          <table class="live">
            <thead>
              <tr>
                <th scope="col" class="text">
                  Time
                </th>
                <th scope="col" class="text">
                  Why
                </th>
                <th scope="col" class="text">
                  Request
                </th>
                <th scope="col" class="number">
                  Status
                </th>
                <th scope="col" class="number">
                  Took
                </th>
                <th scope="col" class="number">
                  Queries
                </th>
                <th scope="col" class="text">
                  Service
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, ROWS_SHOWN).map((row) => (
                <tr key={row.key} data-row="" tabIndex={-1}>
                  <td class="text">{formatClock(row.timeMs)}</td>
                  <td class="text">
                    <Reason reason={row.reason} />
                  </td>
                  <td class="text">
                    <a href={linkTo('trace', { id: row.traceId })}>
                      <span class="method">{row.method}</span> {row.route || '(no route)'}
                    </a>
                  </td>
                  <td class="number">{row.status ?? '—'}</td>
                  <td class="number">{formatSeconds(row.duration)}</td>
                  <td class="number">{formatCount(row.queries)}</td>
                  <td class="text">{row.service}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </Panel>
  );
}

function Tick(): JSX.Element {
  const tick = liveTick.value;
  const state = isPaused.value
    ? 'paused'
    : { off: 'off', waiting: 'connecting …', live: 'live' }[liveState.value];
  return (
    <>
      <span class={`pulse pulse-${liveState.value}`} aria-hidden="true" /> {state}
      {tick !== undefined && (
        <>
          {' '}
          · last minute {formatRate(tick.rate)} · p50 {formatSeconds(tick.p50)} · p95{' '}
          {formatSeconds(tick.p95)} · {formatPercent(tick.errorRatio)} failing ·{' '}
          {formatCount(tick.instances)} {tick.instances === 1 ? 'instance' : 'instances'}
        </>
      )}
    </>
  );
}

function Tools(): JSX.Element {
  return (
    <>
      <label>
        <span class="hidden">Filter live requests</span>
        <input
          type="search"
          data-filter=""
          placeholder="Filter  /"
          value={param('live.q')}
          onInput={(event) => choose({ 'live.q': event.currentTarget.value })}
        />
      </label>
      <label>
        <span class="hidden">Minimum duration</span>
        <select
          value={param('live.min')}
          onChange={(event) => choose({ 'live.min': event.currentTarget.value })}
        >
          {MINIMA.map((min) => (
            <option key={min} value={min}>
              {min === '' ? 'Any duration' : `≥ ${formatSeconds(Number(min) / 1000)}`}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        aria-pressed={isPaused.value}
        onClick={() => {
          isPaused.value = !isPaused.value;
        }}
      >
        {isPaused.value ? 'Go on' : 'Pause'}
      </button>
    </>
  );
}
