/**
 * Alerts as the options have them: rules, notifiers, times. Pure but for reading the rules' file. Never throws: what
 * cannot be used becomes a sentence, without secrets, and is left out.
 */
import type { AlertOptions } from '../shared/alert-options.js';
import type { Problem } from '../shared/resolve-options.js';
import { parseHookUrl } from './notify/hook-url.js';
import type { AlertLevel, Rule } from './rule.js';
import { readRules } from './rules-file.js';
import { type MaintenanceWindow, parseMaintenance } from './silence.js';

interface Hook {
  readonly url: URL;
  readonly level: AlertLevel;
}

export interface AlertSettings {
  /** Those that are on. */
  readonly rules: readonly Rule[];
  /** Share of requests that may fail. */
  readonly errorBudget: number;
  readonly repeatMs: number;
  readonly stormMax: number;
  readonly maintenance: readonly MaintenanceWindow[];
  /** Of the dashboard; empty where it is not known. */
  readonly link: string;
  readonly slack: Hook | undefined;
  readonly email:
    | {
        readonly url: URL;
        readonly from: string;
        readonly to: readonly string[];
        readonly level: AlertLevel;
      }
    | undefined;
  readonly webhook: (Hook & { readonly secret: string }) | undefined;
  readonly alertmanager: URL | undefined;
  /** Whether the log of who evaluates is told too, where there is one. */
  readonly log: boolean;
}

export function readAlertSettings(options: AlertOptions): {
  readonly settings: AlertSettings;
  readonly problems: readonly string[];
} {
  const { rules, problems: ofRules } = readRules(options.alertRulesFile, options.alertRules);
  const problems = [...ofRules];
  const hook = (name: string, text: string): URL | undefined => {
    if (text === '') return undefined;
    const url = parseHookUrl(text);
    if (url instanceof URL) return url;
    problems.push(`${name}: ${url}; nobody is told by it.`);
    return undefined;
  };
  const slack = hook('TACHOGRAPH_ALERT_SLACK_URL', options.alertSlackUrl);
  const webhook = hook('TACHOGRAPH_ALERT_WEBHOOK_URL', options.alertWebhookUrl);
  const settings: AlertSettings = {
    rules: rules.filter(({ enabled }) => enabled),
    errorBudget: errorBudgetOf(options.alertSlo, problems),
    repeatMs: options.alertRepeatMs,
    stormMax: options.alertStormMax,
    maintenance: options.alertMaintenance.flatMap((text) => parseMaintenance(text) ?? []),
    link: linkOf(options.alertLink, problems),
    slack: slack && { url: slack, level: options.alertSlackLevel },
    email: emailOf(options, problems),
    webhook: webhook && {
      url: webhook,
      level: options.alertWebhookLevel,
      secret: options.alertWebhookSecret,
    },
    alertmanager: hook('TACHOGRAPH_ALERTMANAGER_URL', options.alertmanagerUrl),
    log: true,
  };
  return { settings, problems };
}

/** Of all that is wrong with an environment, what concerns alerts: the rest is the agent's to say. */
export function alertProblems(problems: readonly Problem[]): string[] {
  return problems
    .map(({ message }) => message)
    .filter((message) => /^\S*(?:ALERT|SLACK|SMTP)/.test(message));
}

/** Whether anybody but the log would be told. */
export function hasNotifier({ slack, email, webhook, alertmanager }: AlertSettings): boolean {
  return [slack, email, webhook, alertmanager].some((one) => one !== undefined);
}

function emailOf(options: AlertOptions, problems: string[]): AlertSettings['email'] {
  const { alertSmtpUrl: text, alertEmailTo: to, alertEmailFrom, alertEmailLevel: level } = options;
  if (text === '' || to.length === 0) {
    // SMTP_URL alone may be of another program; recipients alone cannot be meant otherwise.
    if (to.length > 0) {
      problems.push(
        'TACHOGRAPH_ALERT_EMAIL_TO: expected TACHOGRAPH_ALERT_SMTP_URL or SMTP_URL too, got none.',
      );
    }
    return undefined;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    problems.push(
      'TACHOGRAPH_ALERT_SMTP_URL: expected smtp://user:password@host:587 or smtps://…, got something else; no mail is sent.',
    );
    return undefined;
  }
  const from = alertEmailFrom.replace(/[\r\n]+/g, ' ') || to[0]!;
  return { url, from, to, level };
}

function errorBudgetOf(text: string, problems: string[]): number {
  const percent = /^\d+(?:\.\d+)?\s*%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (percent >= 50 && percent < 100) return (100 - percent) / 100;
  problems.push(
    `TACHOGRAPH_ALERT_SLO: expected a percentage from 50 to below 100, such as 99.9, got ${JSON.stringify(text.slice(0, 40))}; using 99.9.`,
  );
  return 0.001;
}

function linkOf(text: string, problems: string[]): string {
  if (text === '') return '';
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return new URL(text).href;
  problems.push(
    'TACHOGRAPH_ALERT_LINK: expected http(s)://host, got something else; there is no link.',
  );
  return '';
}
