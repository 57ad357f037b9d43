/** The time that is shown: four that end now, or one that is chosen; and whether a week earlier is shown beside it. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { isComparing, RANGES, rangeMs, rangeName } from '../state/range.js';
import { linkHere, param, visit } from '../state/url-state.js';

export function RangePicker(): JSX.Element {
  const isChoosing = useSignal(false);
  const chosen = rangeName();
  return (
    <fieldset class="group range" aria-label="Time">
      {RANGES.map((name) => (
        <a
          key={name}
          class="segment"
          href={linkHere({ range: name, from: undefined, to: undefined })}
          aria-current={name === chosen ? 'true' : undefined}
        >
          {name}
        </a>
      ))}
      <button
        type="button"
        class="segment"
        aria-expanded={isChoosing.value}
        aria-current={chosen === 'custom' ? 'true' : undefined}
        onClick={() => {
          isChoosing.value = !isChoosing.value;
        }}
      >
        Custom
      </button>
      <a
        class="segment compare"
        href={linkHere({ compare: isComparing() ? undefined : 'week' })}
        aria-current={isComparing() ? 'true' : undefined}
        title="Beside it the same time a week earlier (c)"
      >
        vs week
      </a>
      {isChoosing.value && (
        <CustomRange
          onDone={() => {
            isChoosing.value = false;
          }}
        />
      )}
    </fieldset>
  );
}

function CustomRange({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const toMs = Number(param('to')) || Date.now();
  const from = useSignal(localText(toMs - rangeMs()));
  const to = useSignal(localText(toMs));
  const isWrong = !(Date.parse(from.value) < Date.parse(to.value));
  return (
    <form
      class="popover"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWrong) return;
        const times = { from: String(Date.parse(from.value)), to: String(Date.parse(to.value)) };
        visit(linkHere({ range: undefined, ...times }));
        onDone();
      }}
    >
      <label>
        From
        <input
          type="datetime-local"
          value={from.value}
          onInput={(event) => {
            from.value = event.currentTarget.value;
          }}
        />
      </label>
      <label>
        To
        <input
          type="datetime-local"
          value={to.value}
          onInput={(event) => {
            to.value = event.currentTarget.value;
          }}
        />
      </label>
      {isWrong && <p class="small text-bad">The beginning has to be before the end.</p>}
      <button type="submit" class="primary" disabled={isWrong}>
        Show
      </button>
    </form>
  );
}

/** As the field wants it: in the reader's zone, to the minute. */
function localText(timeMs: number): string {
  const offsetMs = new Date(timeMs).getTimezoneOffset() * 60_000;
  return new Date(timeMs - offsetMs).toISOString().slice(0, 16);
}
