/** Silences the chosen alert for a while: one form for all of them. Those who may only read are told so by the collector. */
import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { send } from '../../api/api-client.js';
import type { AlertRow } from '../../api/health-answers.js';

const HOURS: readonly (readonly [hours: number, text: string])[] = [
  [1, 'an hour'],
  [4, '4 hours'],
  [24, 'a day'],
  [168, 'a week'],
];

export interface SilenceDialogProps {
  /** What is to be silenced; open as long as there is one. */
  readonly chosen: Signal<AlertRow | undefined>;
}

export function SilenceDialog({ chosen }: SilenceDialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const alert = chosen.value;
  useEffect(() => {
    const isOpen = dialog.current?.open === true;
    if (alert !== undefined && !isOpen) dialog.current?.showModal();
    if (alert === undefined && isOpen) dialog.current?.close();
  });
  const close = (): void => {
    chosen.value = undefined;
  };
  return (
    <dialog ref={dialog} aria-labelledby="silence-title" onClose={close}>
      <h2 id="silence-title">
        Silence {alert?.rule} of {alert?.service}
      </h2>
      {alert !== undefined && <Form key={alert.id} alert={alert} onDone={close} />}
    </dialog>
  );
}

interface FormProps {
  readonly alert: AlertRow;
  readonly onDone: () => void;
}

function Form({ alert: { rule, service }, onDone }: FormProps): JSX.Element {
  const hours = useSignal(1);
  const comment = useSignal('');
  const refusal = useSignal('');
  const silence = async (event: Event): Promise<void> => {
    event.preventDefault();
    const forMs = hours.value * 3_600_000;
    const body = { matchers: { rule, service }, forMs, comment: comment.value };
    refusal.value = (await send('POST', '/v1/silences', body))?.message ?? '';
    if (refusal.value === '') onDone();
  };
  return (
    <form class="stack" onSubmit={silence}>
      <p class="dim">It is still shown, and nobody is told of it, nor of others of this rule.</p>
      <label>
        For
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
        Because
        <input
          type="text"
          maxLength={200}
          placeholder="who reads it later wants to know"
          value={comment.value}
          onInput={(event) => {
            comment.value = event.currentTarget.value;
          }}
        />
      </label>
      {refusal.value !== '' && (
        <p class="text-bad" role="alert">
          {refusal}
        </p>
      )}
      <div class="row">
        <button type="submit" class="primary">
          Silence
        </button>
        <button type="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}
