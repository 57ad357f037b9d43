/** What the agent itself costs, and the ledger: on every page, always. */
import type { JSX } from 'preact';
import { useAnswer } from '../api/api-client.js';
import type { ProcessRow } from '../api/health-answers.js';
import { useTotals } from '../api/questions.js';
import { Badge } from '../parts/badge.js';
import { formatBytes, formatCount, formatPercent } from '../parts/format-value.js';
import { linkTo, param } from '../state/url-state.js';
import { type LedgerSums, ledgerOf } from './ledger-sums.js';

export function CostBar(): JSX.Element {
  const cpu = useTotals({ metric: 'tachograph.agent.cpu.utilization' });
  const memory = useTotals({ metric: 'tachograph.agent.memory.usage' });
  const ledger = useAnswer<{ processes: readonly ProcessRow[] }>('/v1/ledger', {
    service: param('service'),
  });
  const sums = ledger.data === undefined ? undefined : ledgerOf(ledger.data.processes);
  return (
    <footer class="cost">
      <span>
        The agent takes{' '}
        <b data-test="agent-cpu">{formatPercent(cpu.data?.groups[0]?.total.mean)}</b> of a core and{' '}
        <b data-test="agent-memory">{formatBytes(memory.data?.groups[0]?.total.mean)}</b> a process
      </span>
      <span class="ledger">
        recorded <b data-test="recorded">{formatCount(sums?.recorded)}</b> = received{' '}
        <b data-test="received">{formatCount(sums?.received)}</b> + dropped{' '}
        <b data-test="dropped">{formatCount(sums?.dropped)}</b> + pending{' '}
        <b data-test="pending">{formatCount(sums?.pending)}</b>
      </span>
      <a href={linkTo('settings')}>{sums !== undefined && <Balance sums={sums} />}</a>
    </footer>
  );
}

function Balance({ sums }: { readonly sums: LedgerSums }): JSX.Element {
  if (sums.processes === 0) return <Badge tone="unknown">no process yet</Badge>;
  if (sums.isBalanced) return <Badge tone="ok">ledger balances</Badge>;
  return <Badge tone="bad">{formatCount(Math.abs(sums.unaccounted))} unaccounted for</Badge>;
}
