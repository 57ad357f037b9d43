/** One way to tell people. Each has its file here; `create-notifiers.ts` makes those that are configured. */
import type { Notification } from '../notification.js';

export type SendOutcome =
  | { readonly state: 'delivered' }
  /** Not now: worth another attempt. */
  | { readonly state: 'retry'; readonly reason: string; readonly retryAfterMs: number | undefined }
  /** Never: the same message would be refused again. */
  | { readonly state: 'refused'; readonly reason: string };

export interface Notifier {
  /** Of the outbox's rows: it must stay the same over restarts. */
  readonly name: string;
  /** For people, without secrets. */
  readonly label: string;
  /** Bounded in time. A throw counts as `retry`. No reason holds a secret. */
  send(notification: Notification): Promise<SendOutcome>;
  close(): Promise<void>;
}
