/** What needs attention, the costliest first. */
import type { JSX } from 'preact';
import type { BreachRow, FindingRow, StallRow } from '../../api/health-answers.js';
import { useServiceView, useTotals, useView } from '../../api/questions.js';
import { together } from '../../api/together.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatSeconds } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { ShareBar } from '../../parts/share-bar.js';
import { rangeMs } from '../../state/range.js';
import { linkTo } from '../../state/url-state.js';
import { type Attention, attentionOf } from './attention.js';

const ROWS_MAX = 8;

export function AttentionList(): JSX.Element {
  const findings = useServiceView<{ findings: readonly FindingRow[] }>('/v1/findings');
  const stalls = useServiceView<{ stalls: readonly StallRow[] }>('/v1/stalls');
  const breaches = useView<{ breaches: readonly BreachRow[] }>('/v1/breaches');
  const recordedSeconds = useRecordedSeconds();
  return (
    <Panel title="Needs attention" note="the time that it costs a day">
      <Answered answer={together(findings, stalls, breaches)} what="what needs attention">
        {([found, blocks, over]) => (
          <Ranked
            rows={attentionOf({
              findings: found?.findings ?? [],
              stalls: blocks?.stalls ?? [],
              breaches: over?.breaches ?? [],
              recordedSeconds,
            })}
          />
        )}
      </Answered>
    </Panel>
  );
}

/** Of the range: a service that began ten minutes ago has cost what it has in these. */
function useRecordedSeconds(): number {
  const { data } = useTotals({ metric: 'tachograph.agent.cpu.utilization' });
  const { recordedFromMs = null, recordedToMs = null } = data ?? {};
  if (recordedFromMs === null || recordedToMs === null) return rangeMs() / 1000;
  return Math.max(1, (recordedToMs - recordedFromMs) / 1000);
}

function Ranked({ rows }: { readonly rows: readonly Attention[] }): JSX.Element {
  if (rows.length === 0) {
    return (
      <EmptyState title="Nothing stands out.">
        No line blocked the event loop, nothing is over its budget in this time.
      </EmptyState>
    );
  }
  const most = rows[0]?.perDay ?? 0;
  return (
    <>
      <ol class="attention">
        {rows.slice(0, ROWS_MAX).map((row) => (
          <Row key={row.key} row={row} most={most} />
        ))}
      </ol>
      {rows.length > ROWS_MAX && <p class="dim pad">and {rows.length - ROWS_MAX} more</p>}
    </>
  );
}

function Row({ row, most }: { readonly row: Attention; readonly most: number }): JSX.Element {
  const { what, name, why, perDay } = row;
  const href = hrefOf(row);
  return (
    <li data-row="" tabIndex={-1}>
      <span class="attention-cost">
        {perDay === null ? '' : `${row.isEstimate ? '~' : ''}${formatSeconds(perDay)}/day`}
        {perDay !== null && most > 0 && <ShareBar share={perDay / most} tone="attention" />}
      </span>
      <span class="attention-what">
        {href === undefined ? <b class="mono">{name}</b> : <a href={href}>{name}</a>}{' '}
        <span class="tag">{what}</span>
        <span class="dim clamp">{why}</span>
      </span>
    </li>
  );
}

function hrefOf({ method, route, traceId }: Attention): string | undefined {
  if (route !== null) return linkTo('route', { method: method ?? '', route });
  return traceId === null ? undefined : linkTo('trace', { id: traceId });
}
