/** Signing in and out. The session is a cookie that scripts cannot read; here is only what it may do. */
import { signal } from '@preact/signals';
import { needsLogin, type Refusal, refreshAll, send } from '../api/api-client.js';

export interface SessionState {
  /** Everybody may read and change things: nobody needs to sign in. */
  readonly isOpen: boolean;
  readonly role: 'read' | 'admin' | null;
}

export const session = signal<SessionState>({ isOpen: true, role: null });

/** Uses the link that the collector printed, if this is it, and asks who is reading. */
export async function startSession(): Promise<void> {
  const code = /^#login=([\w-]+)$/.exec(location.hash)?.[1];
  if (code !== undefined) {
    // A used link is of no use to whoever reads the history.
    history.replaceState(null, '', location.pathname + location.search);
    await signIn({ code });
  }
  await askSession();
}

/** Undefined when it was done. */
export async function signIn(
  credentials: { readonly token: string } | { readonly code: string },
): Promise<Refusal | undefined> {
  const refusal = await send('POST', '/v1/session', credentials);
  if (refusal === undefined) {
    await askSession();
    refreshAll();
  }
  return refusal;
}

export async function signOut(): Promise<void> {
  await send('DELETE', '/v1/session');
  await askSession();
}

async function askSession(): Promise<void> {
  const response = await fetch('/v1/session').catch(() => undefined);
  if (response?.ok !== true) return;
  session.value = (await response.json()) as SessionState;
  needsLogin.value = !session.value.isOpen && session.value.role === null;
}
