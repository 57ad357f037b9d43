/** Signing in with a token, where the collector asks for one. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { signIn } from '../state/session.js';

export function LoginPage(): JSX.Element {
  const token = useSignal('');
  const refusal = useSignal('');
  return (
    <main class="login" id="main">
      <form
        class="panel"
        onSubmit={async (event) => {
          event.preventDefault();
          refusal.value = (await signIn({ token: token.value.trim() }))?.message ?? '';
        }}
      >
        <h1>Tachograph</h1>
        <p class="dim">This collector asks who is reading.</p>
        <label>
          Token
          <input
            type="password"
            autocomplete="current-password"
            required
            value={token.value}
            onInput={(event) => {
              token.value = event.currentTarget.value;
            }}
          />
        </label>
        {refusal.value !== '' && (
          <p class="text-bad" role="alert">
            {refusal}
          </p>
        )}
        <button type="submit" class="primary">
          Sign in
        </button>
        <p class="small dim">
          A token is made on the collector’s machine, of the role read to look or admin to change
          things too:
        </p>
        <pre class="code">npx tachograph token create --role read</pre>
      </form>
    </main>
  );
}
