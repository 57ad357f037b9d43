/**
 * One look after the other: samples, a step of the engine, the messages, all written down in one transaction,
 * then sent. Runs in the collector and in the agent's worker. Looks do not overlap, and take a tenth of the
 * time at most, for the next one waits as much longer; an idle source costs one look at what is new.
 */
import type { Alert } from './alert.js';
import type { AlertSettings } from './alert-settings.js';
import { type Alerts, step } from './engine.js';
import type { AlertJournal } from './journal.js';
import type { Outbox } from './outbox.js';
import { type NotifierPlan, type Paces, planNotifications } from './plan-notifications.js';
import type { Sample } from './sample.js';

export interface Look {
  readonly samples: readonly Sample[];
  /** What the source wants to be given at the next look. */
  readonly memory: string;
}

export interface SampleSource {
  /** Alerts of somebody who is gone, that are to go on here. Asked at each look; none mostly. */
  left?(nowMs: number): Alerts;
  look(nowMs: number, memory: string): Promise<Look>;
  /** What takes part most in an alert that fired, a line each. */
  explain(alert: Alert, nowMs: number): Promise<readonly string[]>;
}

export interface EvaluatorParts {
  readonly settings: Pick<AlertSettings, 'rules' | 'maintenance'>;
  readonly plans: readonly NotifierPlan[];
  readonly source: SampleSource;
  readonly journal: AlertJournal;
  readonly outbox: Outbox;
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}

/** Alerts of one look that are explained: each is a few queries. */
const EXPLAINED_MAX = 10;
const OMITTED_SAID_EVERY_MS = 3_600_000;

export class Evaluator {
  readonly #parts: EvaluatorParts;
  #alerts: Alerts;
  #paces: Paces;
  #memory: string;
  #written = '';
  #saidOmittedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: EvaluatorParts) {
    this.#parts = parts;
    const { alerts, paces, memory } = parts.journal.load();
    this.#alerts = alerts;
    this.#paces = paces;
    this.#memory = memory;
  }

  get alerts(): Alerts {
    return this.#alerts;
  }

  /** @throws {Error} what the source or the disk says; the next look begins where this one did. */
  async evaluate(): Promise<void> {
    const { source, journal, settings, plans, nowMs } = this.#parts;
    const now = nowMs();
    const { samples, memory } = await source.look(now, this.#memory);
    const left = source.left?.(now);
    if (left !== undefined && left.size > 0) this.#alerts = new Map([...left, ...this.#alerts]);
    const stepped = step(this.#alerts, samples, { rules: settings.rules, nowMs: now });
    this.#sayOmitted(stepped.omitted, now);
    const explained = await this.#explained(stepped.alerts, stepped.fired, now);
    // Read anew: a digest that became due meanwhile takes nothing more. From here on nothing waits.
    const plannedMs = nowMs();
    const plan = planNotifications({
      alerts: explained,
      ended: stepped.ended,
      notifiers: plans,
      silences: journal.silences(plannedMs),
      maintenance: settings.maintenance,
      paces: this.#paces,
      waiting: journal.waitingKeys(),
      nowMs: plannedMs,
    });
    const { alerts, paces, notifications } = plan;
    const text = JSON.stringify([[...alerts], paces, memory]);
    if (text !== this.#written || notifications.length + stepped.ended.length > 0) {
      journal.commit({ alerts, paces, memory, notifications, ended: stepped.ended });
    }
    // After the commit: what was not written did not happen.
    this.#written = text;
    this.#alerts = alerts;
    this.#paces = paces;
    this.#memory = memory;
  }

  async #explained(alerts: Alerts, fired: readonly Alert[], nowMs: number): Promise<Alerts> {
    if (fired.length === 0) return alerts;
    const ids = new Set(fired.slice(0, EXPLAINED_MAX).map(({ id }) => id));
    const explained = new Map(alerts);
    for (const [key, alert] of alerts) {
      if (!ids.has(alert.id)) continue;
      try {
        const context = await this.#parts.source.explain(alert, nowMs);
        explained.set(key, { ...alert, context });
      } catch {
        // It is told without: that it fires matters more than why.
      }
    }
    return explained;
  }

  #sayOmitted(omitted: number, nowMs: number): void {
    if (omitted === 0 || nowMs - this.#saidOmittedMs < OMITTED_SAID_EVERY_MS) return;
    this.#saidOmittedMs = nowMs;
    this.#parts.log(`alerts: too many at once; ${omitted} did not begin.`);
  }
}
