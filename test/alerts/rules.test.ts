import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAlertSettings } from '../../src/alerts/alert-settings.js';
import { DEFAULT_RULES } from '../../src/alerts/default-rules.js';
import { readRules } from '../../src/alerts/rules-file.js';
import { BUDGETS } from '../../src/shared/budgets.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';

const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
afterAll(() => rmSync(folder, { recursive: true }));

const thresholdOf = (rules: typeof DEFAULT_RULES, name: string): number | undefined =>
  rules.find((rule) => rule.name === name)?.threshold;

describe('the rules that are there by themselves', () => {
  it.each([
    ['response_time', [2000, 1000, 500]],
    ['error_rate', [5, 2, 1]],
    ['cpu', [90, 70, 50]],
    ['memory', [85, 70, 50]],
    ['db_connections', [90, 70, 50]],
  ])('have the levels of %s', (metric, limits) => {
    const own = ['critical', 'warning', 'info'].map((level) =>
      thresholdOf(DEFAULT_RULES, `${metric}.${level}`),
    );
    expect(own).toEqual(limits);
  });

  it('have every budget as a warning', () => {
    for (const { name, limit } of BUDGETS) {
      expect([name, thresholdOf(DEFAULT_RULES, `${name}.warning`)]).toEqual([name, limit]);
    }
  });

  it.each(['management_commands', 'scheduled_job', 'migration_execution', 'backup_operation'])(
    'tell a single run at once: %s',
    (name) => {
      const rule = DEFAULT_RULES.find((one) => one.metric === name);
      expect(rule).toMatchObject({ forMs: 0, samplesMin: 1, enabled: true });
    },
  );

  it('have names of their own', () => {
    expect(new Set(DEFAULT_RULES.map(({ name }) => name)).size).toBe(DEFAULT_RULES.length);
  });
});

function file(text: string): string {
  const path = join(folder, 'rules.json');
  writeFileSync(path, text);
  return path;
}

describe('a user’s rules', () => {
  it('have other thresholds, durations and the like', () => {
    const path = file(
      JSON.stringify({
        rules: {
          'response_time.critical': { threshold: '3s', for: '5m', clearFor: '0s', clearRatio: 0.5 },
          template_rendering: false,
          'cpu.warning': '80%',
          slow_response: true,
        },
      }),
    );
    const { rules, problems } = readRules(path, ['cpu.info=off', 'error_budget_1h=10x']);
    expect(problems).toEqual([]);
    const of = (name: string) => rules.find((rule) => rule.name === name);
    expect(of('response_time.critical')).toMatchObject({
      threshold: 3000,
      forMs: 300_000,
      clearForMs: 0,
      clearRatio: 0.5,
    });
    expect(of('template_rendering.warning')!.enabled).toBe(false);
    expect(of('cpu.warning')!.threshold).toBe(80);
    expect(of('cpu.info')!.enabled).toBe(false);
    expect(of('slow_response.warning')).toMatchObject({ enabled: true, takesLimits: true });
    expect(of('error_budget_1h.critical')!.threshold).toBe(10);
  });

  it('of the option win over those of the file', () => {
    const path = file('{"rules":{"cpu.critical":60}}');
    const { rules } = readRules(path, ['cpu.critical=65']);
    expect(thresholdOf(rules, 'cpu.critical')).toBe(65);
  });

  it('of a budget hold for all its groups, whatever limits of single routes there are', () => {
    const { rules } = readRules('', ['view_response_time=1s']);
    const rule = rules.find(({ name }) => name === 'view_response_time.warning');
    expect(rule).toMatchObject({ threshold: 1000, takesLimits: false });
  });

  it.each([
    [['respnse_time=1s'], 'no rule "respnse_time". Did you mean response_time?'],
    [['cpu.critical'], 'expected rule=threshold or rule=off, got "cpu.critical"'],
    [
      ['cpu.critical=high'],
      'cpu.critical: expected a percentage such as 70 or 70%, off or on, got "high"',
    ],
    [['response_time.info=3x'], 'expected a duration such as 300ms or 2s'],
  ])('%j is a problem that says what was expected', (items, message) => {
    const { rules, problems } = readRules('', items);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
    expect(rules).toEqual(DEFAULT_RULES);
  });

  it.each([
    ['{', 'got text that is not JSON'],
    ['{"rule":{}}', 'got the key "rule"'],
    ['{"rules":[]}', 'got "rules" that is no object'],
    [
      '{"rules":{"cpu.info":{"fro":"1m"}}}',
      'expected threshold, enabled, for, clearFor, clearRatio, samplesMin, got "fro"',
    ],
    [
      '{"rules":{"cpu.info":{"for":"2 weeks"}}}',
      'for: expected a duration up to 24h, such as 5m, got "2 weeks"',
    ],
    ['{"rules":{"cpu.info":{"clearRatio":2}}}', 'clearRatio: expected a number from 0 to 1'],
  ])('a file %s is a problem', (text, message) => {
    const { problems } = readRules(file(text), []);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });
});

describe('settings', () => {
  const read = (env: Record<string, string>) => readAlertSettings(resolveOptions(env).options);

  it('take SLACK_WEBHOOK_URL and SMTP_URL', () => {
    const { settings, problems } = read({
      SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/x',
      SMTP_URL: 'smtps://user:pass@mail.example:465',
      TACHOGRAPH_ALERT_EMAIL_TO: 'ops@example.com,dev@example.com',
    });
    expect(problems).toEqual([]);
    expect(settings.slack).toMatchObject({ level: 'WARNING' });
    expect(settings.email).toMatchObject({
      level: 'CRITICAL',
      from: 'ops@example.com',
      to: ['ops@example.com', 'dev@example.com'],
    });
  });

  it('take secrets from files, those of other tools too', () => {
    const path = join(folder, 'slack');
    writeFileSync(path, 'https://hooks.slack.com/services/T/B/from-file\n');
    expect(read({ SLACK_WEBHOOK_URL_FILE: path }).settings.slack?.url.pathname).toContain(
      'from-file',
    );
    expect(read({ TACHOGRAPH_ALERT_SLACK_URL_FILE: path }).settings.slack).toBeDefined();
  });

  it.each([
    [{ SLACK_WEBHOOK_URL: 'http://hooks.example/T/B/secret' }, 'expected https'],
    [{ SLACK_WEBHOOK_URL: 'file:///secret' }, 'got the scheme "file"'],
    [{ SLACK_WEBHOOK_URL: 'hooks.example/secret' }, 'text that is no URL'],
    [
      { TACHOGRAPH_ALERT_SMTP_URL: 'http://secret', TACHOGRAPH_ALERT_EMAIL_TO: 'a@b' },
      'expected smtp://',
    ],
    [{ TACHOGRAPH_ALERT_EMAIL_TO: 'a@b' }, 'expected TACHOGRAPH_ALERT_SMTP_URL'],
    [{ TACHOGRAPH_ALERT_SLO: '100' }, 'below 100'],
    [{ TACHOGRAPH_ALERT_LINK: 'javascript:alert(1)' }, 'expected http(s)'],
  ])('%j is a problem, and what is secret is not in it', (env, message) => {
    const { settings, problems } = read(env as Record<string, string>);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
    expect(problems[0]).not.toContain('secret');
    expect([settings.slack, settings.email, settings.link]).toEqual([undefined, undefined, '']);
  });
});
