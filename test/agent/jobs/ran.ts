/** What an application that handles jobs did and what was recorded of it. */
import { type Line, type Run, type RunOptions, runApp } from '../../support/run-app.js';

/** As it is planted in job data, headers, keys and error texts. */
export const SECRET = 'sk9jobs7f3b2a9c8d1e4f5a6b0x';
/** A value cut at any place would still show this much. */
const PART = SECRET.slice(0, 8);
const FORMATS = ['cjs', 'esm'] as const;

/** Each runtime with each way of loading. */
export function eachWay<Node extends object>(
  nodes: readonly Node[],
): readonly (Node & { readonly format: string })[] {
  return nodes.flatMap((node) => FORMATS.map((format) => ({ ...node, format })));
}

export async function runJobs(
  script: string,
  format: string,
  { env, ...options }: RunOptions = {},
): Promise<Run & { readonly said: unknown }> {
  const run = await runApp(`jobs/${script}`, {
    timeoutMs: 120_000,
    ...options,
    args: [format],
    env: {
      PLANTED: SECRET,
      TACHOGRAPH_TRACE_SAMPLE: '1',
      TACHOGRAPH_WINDOW: '1s',
      TACHOGRAPH_EXIT_TIMEOUT: '10s',
      ...env,
    },
  });
  if (run.code !== 0) throw new Error(`${run.stdout}${run.stderr}`);
  return { ...run, said: JSON.parse(run.stdout) };
}

/** Nothing of what was planted has left the process; the test is worth nothing unless traces did. */
export function leaksOf({ lines, stderr }: Run): string[] {
  const text = (JSON.stringify(lines) + stderr).toLowerCase();
  if (!text.includes('tachograph.trace')) return ['no trace'];
  return text.includes(PART.toLowerCase()) ? [PART] : [];
}

const JOB = ['messaging.system', 'messaging.destination.name', 'tachograph.job.name'];

/** Of a metric, by what tells its series apart: the values of these attributes, and `pick` of the points. */
export function byJob(
  lines: readonly Line[],
  metric: string,
  pick: 'count' | 'sum' | 'value' = 'count',
  attributes: readonly string[] = [...JOB, 'error.type'],
): Record<string, number> {
  const found: Record<string, number> = {};
  for (const line of lines.filter(({ name }) => name === metric)) {
    const key = attributes.flatMap((name) => line[name] ?? []).join(' ');
    found[key] = (found[key] ?? 0) + Number(line[pick]);
  }
  return found;
}
