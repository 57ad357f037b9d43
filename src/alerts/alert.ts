/** An alert between its first breach and its end. Pure data: it is written down as JSON and read back. */
import type { AlertLevel, AlertUnit } from './rule.js';

/** Times are event times in Unix ms, but for `no_data`. */
export type Phase =
  | { readonly state: 'pending'; readonly sinceMs: number }
  | { readonly state: 'firing'; readonly sinceMs: number; readonly firedMs: number }
  | {
      readonly state: 'recovering';
      readonly sinceMs: number;
      readonly firedMs: number;
      readonly clearSinceMs: number;
    }
  | {
      readonly state: 'no_data';
      readonly sinceMs: number;
      readonly firedMs: number;
      /** When that was noticed, by the clock of who evaluates. */
      readonly noticedMs: number;
    };

/** What a notifier was told of an alert. */
export interface Told {
  /** Keys of the first notification and of the last. */
  readonly key: string;
  readonly lastKey: string;
  readonly lastMs: number;
}

export interface Alert {
  /** Of this alert, from its first breach to its end; the next one of its group has another. */
  readonly id: string;
  readonly rule: string;
  readonly metric: string;
  readonly level: AlertLevel;
  readonly unit: AlertUnit;
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly phase: Phase;
  /** Of the newest sample. */
  readonly value: number;
  readonly threshold: number;
  readonly count: number | null;
  readonly note: string;
  /** The highest value since it began. */
  readonly worst: number;
  /** End of the newest sample that was judged. */
  readonly lastMs: number;
  readonly windowMs: number;
  /** What was found out when it fired: the routes that take part most. */
  readonly context: readonly string[];
  /** By the name of the notifier. */
  readonly told: Readonly<Record<string, Told>>;
}

/** Why an alert ended. */
export type EndReason = 'cleared' | 'no data' | 'rule removed';

export interface EndedAlert {
  readonly alert: Alert;
  /** Event time. */
  readonly endedMs: number;
  readonly reason: EndReason;
}

/** Whether people may have been told: it fired, and is not over. */
export function hasFired({ phase }: Alert): boolean {
  return phase.state !== 'pending';
}
