/** What the agent itself costs, and the ledger: on every page, always. */
import type { JSX } from 'preact';
import { useAnswer } from '../api/api-client.js';
import type { ProcessRow } from '../api/health-answers.js';
import { useTotals } from '../api/questions.js';
import { Badge } from '../parts/badge.js';
import { formatBytes, formatCount, formatPercent } from '../parts/format-value.js';
import { linkTo, param } from '../state/url-state.js';
import { ledgerOf } from './ledger-sums.js';

export function CostBar(): JSX.Element {
  const cpu = useTotals({ metric: 'tachograph.agent.cpu.utilization' });
  const memory = useTotals({ metric: 'tachograph.agent.memory.usage' });
  const ledger = useAnswer<{ processes: readonly ProcessRow[] }>('/v1/ledger', {
    service: param('service'),
  });
  const sums = ledgerOf(ledger.data?.processes ?? []);
  const state = sums.processes === 0 ? 'unknown' : sums.isBalanced ? 'ok' : 'bad';
  return (
    <footer class="cost">
      <span>
        The agent takes{' '}
        <b data-test="agent-cpu">{formatPercent(cpu.data?.groups[0]?.total.mean)}</b> of a core and{' '}
        <b data-test="agent-memory">{formatBytes(memory.data?.groups[0]?.total.mean)}</b> a process
      </span>
      <span class="ledger">
        recorded <b data-test="recorded">{formatCount(sums.recorded)}</b> = received{' '}
        <b data-test="received">{formatCount(sums.received)}</b> + dropped{' '}
        <b data-test="dropped">{formatCount(sums.dropped)}</b> + pending{' '}
        <b data-test="pending">{formatCount(sums.pending)}</b>
      </span>
      <a href={linkTo('settings')}>
        <Badge tone={state}>
          {state === 'unknown'
            ? 'no process yet'
            : sums.isBalanced
              ? 'ledger balances'
              : `${formatCount(Math.abs(sums.unaccounted))} unaccounted for`}
        </Badge>
      </a>
    </footer>
  );
}
