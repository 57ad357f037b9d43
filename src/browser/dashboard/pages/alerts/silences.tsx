/** Silences that are in force, each with a way to end it. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { send, useAnswer } from '../../api/api-client.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatTime } from '../../parts/format-time.js';
import { Answered, Panel } from '../../parts/panel.js';

interface SilenceRow {
  readonly id: string;
  readonly matchers: Readonly<Record<string, string>>;
  readonly untilMs: number;
  readonly comment: string;
}

export function Silences(): JSX.Element {
  const answer = useAnswer<{ silences: readonly SilenceRow[] }>('/v1/silences');
  const refusal = useSignal('');
  const end = async (id: string): Promise<void> => {
    const path = `/v1/silences/${encodeURIComponent(id)}`;
    refusal.value = (await send('DELETE', path))?.message ?? '';
  };
  return (
    <Panel title="Silences">
      {refusal.value !== '' && (
        <p class="failure" role="alert">
          {refusal}
        </p>
      )}
      <Answered answer={answer} what="silences">
        {({ silences }) =>
          silences.length === 0 ? (
            <EmptyState title="Nothing is silenced." />
          ) : (
            <ul class="plain">
              {silences.map(({ id, matchers, untilMs, comment }) => (
                <li key={id} class="row">
                  <b>{Object.values(matchers).join(' ')}</b> until {formatTime(untilMs)}{' '}
                  <span class="dim">{comment}</span>
                  <button type="button" class="quiet" onClick={() => void end(id)}>
                    End it
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Panel>
  );
}
