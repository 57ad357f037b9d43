/** Processes and the machines under them: a row for each instance, and their curves. */
import type { JSX } from 'preact';
import { isOfBrowsers } from '../../../../shared/beacon-source.js';
import { useAnswer } from '../../api/api-client.js';
import type { InstanceRow } from '../../api/health-answers.js';
import { DataTable } from '../../parts/data-table.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Answered, Panel } from '../../parts/panel.js';
import { isInScope, rangeEnds, rangeText } from '../../state/range.js';
import { param } from '../../state/url-state.js';
import { Curves } from './curves.js';
import { columnsFor } from './instance-columns.js';
import { useInstanceRows } from './use-instance-rows.js';

export function InfrastructurePage(): JSX.Element {
  const instances = useAnswer<{ instances: readonly InstanceRow[] }>('/v1/instances', {
    service: param('service'),
  });
  const all = (instances.data?.instances ?? []).filter(isProcess);
  const newest = Math.max(0, ...all.map(({ lastSeenMs }) => lastSeenMs));
  const { fromMs, toMs } = rangeEnds(newest);
  const rows = useInstanceRows(
    all.filter(
      ({ resource, firstSeenMs, lastSeenMs }) =>
        isInScope(resource) && lastSeenMs >= fromMs && firstSeenMs <= toMs,
    ),
    newest,
  );
  return (
    <>
      <Panel
        title="Instances"
        note={`seen in ${rangeText()}; means, and where it says so the newest`}
      >
        <Answered answer={instances} what="the instances">
          {() => (
            <DataTable
              name="instances"
              caption="Instances"
              columns={columnsFor(rows)}
              rows={rows}
              sort="-cpu"
              keyOf={({ agent, boot }) => `${agent} ${boot}`}
              empty={
                <EmptyState title="No process has sent anything in this time.">
                  Start one under the agent: node --import tachograph app.js
                </EmptyState>
              }
              hasFilter
            />
          )}
        </Answered>
      </Panel>
      <Curves />
    </>
  );
}

/** What browsers send for is written by the collector: no process that has a memory or a heap. */
function isProcess({ resource }: InstanceRow): boolean {
  return !isOfBrowsers(resource);
}
