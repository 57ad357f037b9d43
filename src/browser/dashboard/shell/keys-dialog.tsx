/** What keys do, shown when `?` is pressed. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { areKeysShown, KEYS } from '../state/keyboard.js';

export function KeysDialog(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const isShown = areKeysShown.value;
  useEffect(() => {
    const isOpen = dialog.current?.open === true;
    if (isShown && !isOpen) dialog.current?.showModal();
    if (!isShown && isOpen) dialog.current?.close();
  });
  const close = (): void => {
    areKeysShown.value = false;
  };
  return (
    <dialog ref={dialog} aria-labelledby="keys-title" onClose={close}>
      <h2 id="keys-title">Keys</h2>
      <dl class="keys">
        {KEYS.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={close}>
        Close
      </button>
    </dialog>
  );
}
