/** Silences an alert for a while; those who may only read are told so by the collector. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { send } from '../../api/api-client.js';
import type { AlertRow } from '../../api/health-answers.js';

const HOURS: readonly (readonly [hours: number, text: string])[] = [
  [1, 'an hour'],
  [4, '4 hours'],
  [24, 'a day'],
  [168, 'a week'],
];

export function SilenceForm({ alert }: { readonly alert: AlertRow }): JSX.Element {
  const hours = useSignal(1);
  const comment = useSignal('');
  const refusal = useSignal('');
  return (
    <form
      class="row"
      onSubmit={async (event) => {
        event.preventDefault();
        const matchers = { rule: alert.rule, service: alert.service };
        const body = { matchers, forMs: hours.value * 3_600_000, comment: comment.value };
        refusal.value = (await send('POST', '/v1/silences', body))?.message ?? '';
      }}
    >
      <label>
        Silence for{' '}
        <select
          value={String(hours.value)}
          onChange={(event) => {
            hours.value = Number(event.currentTarget.value);
          }}
        >
          {HOURS.map(([value, text]) => (
            <option key={value} value={String(value)}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        because{' '}
        <input
          type="text"
          maxLength={200}
          value={comment.value}
          onInput={(event) => {
            comment.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit">Silence</button>
      {refusal.value !== '' && (
        <span class="text-bad" role="alert">
          {refusal}
        </span>
      )}
    </form>
  );
}
