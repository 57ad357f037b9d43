/** Reports that were made, a day or a week each, as text and to take away. */

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { urlOf, useAnswer } from '../../api/api-client.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Answered, Panel } from '../../parts/panel.js';
import { serviceNote } from '../../state/range.js';
import { linkHere, param } from '../../state/url-state.js';

interface ReportsAnswer {
  readonly daily: readonly string[];
  readonly weekly: readonly string[];
}

const FORMATS = ['html', 'md', 'json', 'text'] as const;

export function ReportsPage(): JSX.Element {
  const answer = useAnswer<ReportsAnswer>('/v1/reports');
  return (
    <Answered answer={answer} what="reports">
      {({ daily, weekly }) => (
        <>
          <div class="halves">
            <Listing title="Weeks" name="week" ids={weekly} />
            <Listing title="Days" name="date" ids={daily} />
          </div>
          {param('week') !== '' && <Report path="/v1/reports/weekly" name="week" />}
          {param('date') !== '' && <Report path="/v1/reports/daily" name="date" />}
        </>
      )}
    </Answered>
  );
}

interface ListingProps {
  readonly title: string;
  readonly name: 'week' | 'date';
  readonly ids: readonly string[];
}

const SHOWN_MAX = 31;
const LOADING = 'Loading …';

function Listing({ title, name, ids }: ListingProps): JSX.Element {
  return (
    <Panel title={title}>
      {ids.length === 0 ? (
        <EmptyState title="None yet.">A report is made when its time is over.</EmptyState>
      ) : (
        <ul class="chips">
          {ids.slice(0, SHOWN_MAX).map((id) => (
            <li key={id} data-row="">
              <a
                class="segment"
                href={linkHere({ week: undefined, date: undefined, [name]: id })}
                aria-current={param(name) === id ? 'true' : undefined}
              >
                {id}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Report({ path, name }: { readonly path: string; readonly name: string }): JSX.Element {
  const id = param(name);
  const service = param('service');
  const hrefOf = (format: string): string => urlOf(path, { [name]: id, service, format });
  const text = useReportText(hrefOf('text'));
  return (
    <Panel
      title={id}
      note={serviceNote(service)}
      actions={FORMATS.map((format) => (
        <a key={format} href={hrefOf(format)} target="_blank" rel="noreferrer">
          {format}
        </a>
      ))}
    >
      <pre class="report" data-test="report">
        {text}
      </pre>
    </Panel>
  );
}

function useReportText(url: string): string {
  const text = useSignal(LOADING);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a signal is the same at each render
  useEffect(() => {
    const end = new AbortController();
    // Nothing of the one before stands under the title of this one.
    text.value = LOADING;
    fetch(url, { signal: end.signal })
      .then(async (response) => {
        text.value = response.ok
          ? await response.text()
          : `The collector answered ${response.status}.`;
      })
      .catch(() => {
        if (!end.signal.aborted) text.value = 'The collector does not answer.';
      });
    return () => end.abort();
  }, [url]);
  return text.value;
}
