/** Options of alerts: rows of the table of options (./options.ts), for the collector and the agent's worker alike. */
import type { OptionRow } from './option-row.js';

export interface AlertOptions {
  readonly alerts: 'auto' | 'on' | 'off';
  readonly alertRules: readonly string[];
  readonly alertRulesFile: string;
  readonly alertSlo: string;
  readonly alertRepeatMs: number;
  readonly alertStormMax: number;
  readonly alertMaintenance: readonly string[];
  readonly alertLink: string;
  readonly alertSlackUrl: string;
  readonly alertSlackLevel: 'CRITICAL' | 'WARNING' | 'INFO';
  readonly alertSmtpUrl: string;
  readonly alertEmailTo: readonly string[];
  readonly alertEmailFrom: string;
  readonly alertEmailLevel: 'CRITICAL' | 'WARNING' | 'INFO';
  readonly alertWebhookUrl: string;
  readonly alertWebhookSecret: string;
  readonly alertWebhookLevel: 'CRITICAL' | 'WARNING' | 'INFO';
  readonly alertmanagerUrl: string;
}

const LEVELS = ['CRITICAL', 'WARNING', 'INFO'] as const;

export const ALERT_OPTIONS: readonly OptionRow[] = [
  {
    key: 'alerts',
    env: 'TACHOGRAPH_ALERTS',
    type: 'choice',
    default: 'auto',
    values: ['auto', 'on', 'off'],
    description:
      'Who evaluates alerts: the collector; in auto an agent too that has a notifier and no bundled collector among its destinations; on, any agent that has a notifier; off, nobody.',
  },
  {
    key: 'alertRules',
    env: 'TACHOGRAPH_ALERT_RULES',
    type: 'list',
    default: [],
    description:
      'Rules in place of the table’s (alerts.md): rule=threshold, rule=off or rule=on, such as response_time.critical=3s,template_rendering=off.',
  },
  {
    key: 'alertRulesFile',
    env: 'TACHOGRAPH_ALERT_RULES_FILE',
    type: 'text',
    default: '',
    description: 'JSON file of rules, for durations and the like too (alerts.md).',
  },
  {
    key: 'alertSlo',
    env: 'TACHOGRAPH_ALERT_SLO',
    type: 'text',
    default: '99.9',
    description: 'Percentage of requests that are to succeed; the rules error_budget_… go by it.',
  },
  {
    key: 'alertRepeatMs',
    env: 'TACHOGRAPH_ALERT_REPEAT',
    type: 'duration',
    default: 14_400_000,
    min: 60_000,
    max: 604_800_000,
    description: 'An alert that goes on is told again after so long.',
  },
  {
    key: 'alertStormMax',
    env: 'TACHOGRAPH_ALERT_STORM',
    type: 'integer',
    default: 10,
    min: 1,
    max: 1000,
    description: 'Messages a minute of one notifier; what comes beyond is gathered in a digest.',
  },
  {
    key: 'alertMaintenance',
    env: 'TACHOGRAPH_ALERT_MAINTENANCE',
    type: 'list',
    default: [],
    item: {
      pattern:
        /^(?:daily|sun|mon|tue|wed|thu|fri|sat) +(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d$/i,
      expected: 'items such as sun 02:00-04:00 or daily 23:30-00:30 (UTC), separated by commas',
    },
    description: 'Times of the week in which nobody is told, in UTC: sun 02:00-04:00.',
  },
  {
    key: 'alertLink',
    env: 'TACHOGRAPH_ALERT_LINK',
    type: 'text',
    default: '',
    description: 'Address of the dashboard as people reach it, for the link in messages.',
  },
  {
    key: 'alertSlackUrl',
    env: 'TACHOGRAPH_ALERT_SLACK_URL',
    type: 'text',
    default: '',
    secret: true,
    fallbacks: ['SLACK_WEBHOOK_URL'],
    description: 'Incoming webhook of Slack.',
  },
  {
    key: 'alertSlackLevel',
    env: 'TACHOGRAPH_ALERT_SLACK_LEVEL',
    type: 'choice',
    default: 'WARNING',
    values: LEVELS,
    description: 'The least severe level that Slack is told.',
  },
  {
    key: 'alertSmtpUrl',
    env: 'TACHOGRAPH_ALERT_SMTP_URL',
    type: 'text',
    default: '',
    secret: true,
    fallbacks: ['SMTP_URL'],
    description: 'SMTP server: smtp://user:password@host:587 or smtps://….',
  },
  {
    key: 'alertEmailTo',
    env: 'TACHOGRAPH_ALERT_EMAIL_TO',
    type: 'list',
    default: [],
    item: {
      pattern: /^[^\s@<>,;"]+@[^\s@<>,;"]+$/,
      expected: 'addresses such as ops@example.com, several separated by commas',
    },
    description: 'Who gets mail; without it there is none.',
  },
  {
    key: 'alertEmailFrom',
    env: 'TACHOGRAPH_ALERT_EMAIL_FROM',
    type: 'text',
    default: '',
    description: 'Sender of mail. Default: the first of those who get it.',
  },
  {
    key: 'alertEmailLevel',
    env: 'TACHOGRAPH_ALERT_EMAIL_LEVEL',
    type: 'choice',
    default: 'CRITICAL',
    values: LEVELS,
    description: 'The least severe level that is mailed.',
  },
  {
    key: 'alertWebhookUrl',
    env: 'TACHOGRAPH_ALERT_WEBHOOK_URL',
    type: 'text',
    default: '',
    secret: true,
    description: 'Webhook of your own, which gets each message as JSON.',
  },
  {
    key: 'alertWebhookSecret',
    env: 'TACHOGRAPH_ALERT_WEBHOOK_SECRET',
    type: 'text',
    default: '',
    secret: true,
    description: 'Shared secret that signs what the webhook gets.',
  },
  {
    key: 'alertWebhookLevel',
    env: 'TACHOGRAPH_ALERT_WEBHOOK_LEVEL',
    type: 'choice',
    default: 'WARNING',
    values: LEVELS,
    description: 'The least severe level that the webhook is told.',
  },
  {
    key: 'alertmanagerUrl',
    env: 'TACHOGRAPH_ALERTMANAGER_URL',
    type: 'text',
    default: '',
    secret: true,
    description: 'Alertmanager of Prometheus (API v2): http://127.0.0.1:9093.',
  },
];

/** Whether anybody could be told; cheap, so that who tells nobody need not load what tells. */
export function namesNotifier(options: AlertOptions): boolean {
  const { alertSlackUrl, alertSmtpUrl, alertWebhookUrl, alertmanagerUrl } = options;
  return [alertSlackUrl, alertSmtpUrl, alertWebhookUrl, alertmanagerUrl].some((url) => url !== '');
}
