/** Which libraries are instrumented, and what services talk to without one. */
import type { JSX } from 'preact';
import { useAnswer } from '../../api/api-client.js';
import { Badge } from '../../parts/badge.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Answered, Panel } from '../../parts/panel.js';
import { param } from '../../state/url-state.js';

interface LibraryRow {
  readonly service: string;
  readonly library: string;
  readonly version: string;
  readonly adapter: string;
  readonly tier: string;
  readonly tested: string;
  readonly verdict: string;
}

interface UncoveredRow {
  readonly service: string;
  readonly system: string;
  readonly port: string;
  readonly reason: string;
}

interface LibrariesAnswer {
  readonly libraries: readonly LibraryRow[];
  readonly uncovered: readonly UncoveredRow[];
}

export function Libraries(): JSX.Element {
  const answer = useAnswer<LibrariesAnswer>('/v1/libraries', {
    service: param('service'),
    from: '-7d',
    limit: '500',
  });
  return (
    <Panel title="Libraries" note="as services met them in the last week">
      <Answered answer={answer} what="a list of libraries">
        {({ libraries, uncovered }) => (
          <>
            {uncovered.map(({ service, system, port, reason }) => (
              <p key={`${service} ${system} ${port}`} class="pad">
                <Badge tone="attention">not seen</Badge> {service} talks to {system} at port {port}:{' '}
                {reason}
              </p>
            ))}
            <DataTable
              name="libraries"
              caption="Libraries"
              columns={COLUMNS}
              rows={distinct(libraries)}
              sort="library"
              keyOf={keyOf}
              empty={
                <EmptyState title="No library was met yet.">
                  Frameworks, drivers and queues show here once a service loads them under the
                  agent.
                </EmptyState>
              }
            />
          </>
        )}
      </Answered>
    </Panel>
  );
}

function keyOf({ service, library, version, verdict }: LibraryRow): string {
  return [service, library, version, verdict].join('\n');
}

/** A library that several adapters know is one. */
function distinct(rows: readonly LibraryRow[]): readonly LibraryRow[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

const COLUMNS: readonly Column<LibraryRow>[] = [
  { key: 'library', title: 'Library', isText: true, value: ({ library }) => library },
  { key: 'version', title: 'Version', isText: true, value: ({ version }) => version || '—' },
  { key: 'service', title: 'Service', isText: true, value: ({ service }) => service },
  {
    key: 'verdict',
    title: 'Of the versions tried',
    isText: true,
    value: ({ verdict }) => verdict,
    show: ({ verdict, tested }) => (
      <Badge tone={verdict === 'inside' ? 'ok' : 'unknown'} title={tested}>
        {verdict}
      </Badge>
    ),
  },
];
