/** The notifiers that the settings name, and how each is told: level, repetition, storm. */
import type { Network } from '../../transport/network.js';
import type { AlertSettings } from '../alert-settings.js';
import type { NotifierPlan } from '../plan-notifications.js';
import { ALERTMANAGER_REPEAT_MS, alertmanagerNotifier } from './alertmanager.js';
import { emailNotifier } from './email.js';
import { logNotifier } from './log.js';
import type { Notifier } from './notifier.js';
import { slackNotifier } from './slack.js';
import { webhookNotifier } from './webhook.js';

export interface NotifierParts {
  readonly settings: AlertSettings;
  /** Of the dashboard, where the settings name none; empty for none. */
  readonly link: string;
  readonly nowMs: () => number;
  /** Undefined where nothing may be written: in an application. */
  readonly write: ((line: string) => void) | undefined;
  readonly network?: Network;
}

export interface Told {
  readonly notifiers: readonly Notifier[];
  readonly plans: readonly NotifierPlan[];
}

export function createNotifiers(parts: NotifierParts): Told {
  const { settings, nowMs, write, network } = parts;
  const link = settings.link || parts.link;
  const { slack, email, webhook, alertmanager, stormMax, repeatMs } = settings;
  const hook = (url: URL) => ({ url, link, nowMs, ...(network === undefined ? {} : { network }) });
  const notifiers: Notifier[] = [];
  const plans: NotifierPlan[] = [];
  const add = (notifier: Notifier, plan: Omit<NotifierPlan, 'name'>): void => {
    notifiers.push(notifier);
    plans.push({ name: notifier.name, ...plan });
  };
  const common = { repeatMs, stormMax };
  if (slack !== undefined) add(slackNotifier(hook(slack.url)), { ...common, level: slack.level });
  if (email !== undefined)
    add(emailNotifier({ ...email, link }), { ...common, level: email.level });
  if (webhook !== undefined) {
    const notifier = webhookNotifier({ ...hook(webhook.url), secret: webhook.secret });
    add(notifier, { ...common, level: webhook.level });
  }
  if (alertmanager !== undefined) {
    // It groups and repeats by itself, and must hear of each alert every minute.
    const own = {
      repeatMs: ALERTMANAGER_REPEAT_MS,
      stormMax: Number.MAX_SAFE_INTEGER,
      isWhole: true,
    };
    add(alertmanagerNotifier(hook(alertmanager)), { ...own, level: 'INFO' });
  }
  if (settings.log && write !== undefined) add(logNotifier(write), { ...common, level: 'WARNING' });
  return { notifiers, plans };
}
