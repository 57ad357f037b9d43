/** `tachograph alert silence`, `silences` and `unsilence`: changes of a running collector, by its API. */

import { DEFAULT_RULES } from '../alerts/default-rules.js';
import { LEVELS } from '../alerts/rule.js';
import type { Silence } from '../alerts/silence.js';
import { nearestName } from '../shared/nearest-name.js';
import { formatDuration, parseDurationMs } from '../shared/quantities.js';
import type { AlertArguments } from './alert.js';
import { changeCollector, createReadingClient } from './collector-client.js';
import { EXIT_NO_DATA, EXIT_OK, UsageError } from './exit-codes.js';
import { formatSpan, safeName } from './format-value.js';

export async function silence({ url, format, values }: AlertArguments): Promise<number> {
  const forMs = parseDurationMs(String(values.for ?? ''));
  if (forMs === undefined || forMs < 1000) {
    throw new UsageError('expected --for with a time such as 30m or 2h.');
  }
  const matchers = matchersOf(values);
  const comment = String(values.comment ?? '');
  const answer = await changeCollector<{ silence: Silence }>(
    url,
    process.env,
    'POST',
    '/v1/silences',
    {
      matchers,
      forMs,
      comment,
    },
  );
  if (answer === undefined) return noSilences();
  const { id } = answer.silence;
  if (format === 'json') process.stdout.write(`${JSON.stringify(answer.silence)}\n`);
  else process.stdout.write(`${id}  ${textOf(matchers)}, for ${formatDuration(forMs)}\n`);
  return EXIT_OK;
}

export async function listSilences({ url, format }: AlertArguments): Promise<number> {
  const get = createReadingClient(url, process.env);
  const answer = await get<{ silences: Silence[] }>('/v1/silences');
  if (answer === undefined) return noSilences();
  if (format === 'json') process.stdout.write(`${JSON.stringify(answer.silences)}\n`);
  else if (answer.silences.length === 0) process.stderr.write('Nothing is silenced.\n');
  else {
    for (const { id, matchers, untilMs, comment } of answer.silences) {
      const left = formatSpan(untilMs - Date.now());
      process.stdout.write(
        `${id}  ${textOf(matchers)}, ${left} left  ${safeName(comment)}`.trimEnd(),
      );
      process.stdout.write('\n');
    }
  }
  return EXIT_OK;
}

export async function unsilence({ url, id }: AlertArguments): Promise<number> {
  if (id === undefined) throw new UsageError('expected the id of a silence, got none.');
  const path = `/v1/silences/${encodeURIComponent(id)}`;
  const answer = await changeCollector<object>(url, process.env, 'DELETE', path);
  if (answer === undefined) {
    process.stderr.write('No silence has that id. Try: tachograph alert silences\n');
    return EXIT_NO_DATA;
  }
  process.stderr.write('The silence is taken back.\n');
  return EXIT_OK;
}

function matchersOf(values: AlertArguments['values']): Record<string, string> {
  const { service, rule, level } = values;
  const matchers: Record<string, string> = {
    ...(typeof service === 'string' ? { service } : {}),
    ...(typeof rule === 'string' ? ruleMatcher(rule) : {}),
    ...(typeof level === 'string' ? { level: levelOf(level) } : {}),
  };
  for (const item of (values.match ?? []) as string[]) {
    const cut = item.indexOf('=');
    if (cut < 1) throw new UsageError(`expected --match NAME=TEXT, got ${JSON.stringify(item)}.`);
    matchers[item.slice(0, cut)] = item.slice(cut + 1);
  }
  return matchers;
}

/** A metric stands for the rules of all its levels, as in TACHOGRAPH_ALERT_RULES. What is no rule would silence nothing. */
function ruleMatcher(text: string): Record<string, string> {
  const known = new Set(DEFAULT_RULES.map(({ name }) => name));
  const metrics = new Set(DEFAULT_RULES.map(({ metric }) => metric));
  if (text.includes('*') || known.has(text)) return { rule: text };
  if (metrics.has(text)) return { metric: text };
  const nearest = nearestName(text, [...known, ...metrics]);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new UsageError(
    `expected --rule with the name of a rule, got ${JSON.stringify(text)}.${hint}`,
  );
}

function levelOf(text: string): string {
  const level = LEVELS.find((one) => one === text.toUpperCase());
  if (level === undefined && !text.includes('*')) {
    throw new UsageError(`expected --level ${LEVELS.join(', ')}, got ${JSON.stringify(text)}.`);
  }
  return level ?? text;
}

function textOf(matchers: Silence['matchers']): string {
  const pairs = Object.entries(matchers).map(([name, text]) => `${name}=${text}`);
  return safeName(pairs.length === 0 ? 'every alert' : pairs.join(', '));
}

function noSilences(): number {
  process.stderr.write(
    'This collector judges no alerts (TACHOGRAPH_ALERTS is off, or it is older).\n',
  );
  return EXIT_NO_DATA;
}
