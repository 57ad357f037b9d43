/** Rule: background jobs that take longer than their budget, wait long for their turn, or are tried again and again. */
import type { JobRow } from '../../views/jobs.js';
import type { Draft } from '../recommendation.js';
import { inADay, items, percent, time } from '../words.js';
import { advice, type Rule } from './rule.js';

const LIMIT_DEFAULT_MS = 5000;
const WAIT_DEFAULT_MS = 30_000;
const RETRIED_MAX = 0.1;
const JOBS_MIN = 5;

export const jobsOverBudget: Rule = ({ jobs, budgets, recordedMs }) => {
  const limitOf = (name: string, fallbackMs: number): number =>
    (budgets.find((row) => row.name === name)?.limit ?? fallbackMs) / 1000;
  return jobs.flatMap((job) => {
    if (job.calls < JOBS_MIN) return [];
    const isScheduled = job.system === '';
    const limit = limitOf(isScheduled ? 'scheduled_job' : 'background_job', LIMIT_DEFAULT_MS);
    const waitLimit = limitOf('job_wait', WAIT_DEFAULT_MS);
    return [
      ...((isScheduled ? job.max : job.p95) > limit ? [tooLong(job, limit, recordedMs)] : []),
      ...((job.wait?.p95 ?? 0) > waitLimit ? [waits(job, waitLimit)] : []),
      ...(job.retries / job.calls > RETRIED_MAX ? [retried(job, recordedMs)] : []),
    ];
  });
};

function nameOf({ queue, job }: JobRow): string {
  return [queue, job].filter((part) => part !== '').join(' / ');
}

function tooLong(job: JobRow, limit: number, recordedMs: number): Draft {
  const name = nameOf(job);
  const queries = job.queriesPerCall ?? 0;
  return {
    type: 'job_over_budget',
    subject: name,
    title: `Job over its budget: ${name}`,
    finding: `${name} takes up to ${time(job.max)} (p95 ${time(job.p95)}); its budget is ${time(limit)}.`,
    evidence: [
      `${items(job.calls, 'run')}, ${time(job.total)} in all, ${items(Math.round(queries), 'query', 'queries')} a run.`,
    ],
    costPerDay: inADay(Math.max(0, job.total - limit * job.calls), recordedMs),
    fix: advice('Cut it into smaller jobs, read and write in batches, and run several at a time.'),
    confidence: 'medium',
    verification: `${name} keeps its budget of ${time(limit)}.`,
    measure: { kind: 'service' },
  };
}

function waits(job: JobRow, limit: number): Draft {
  const name = nameOf(job);
  return {
    type: 'job_wait',
    subject: name,
    title: `Jobs wait for their turn: ${name}`,
    finding: `p95 of the wait of ${name} is ${time(job.wait?.p95 ?? 0)}; its budget is ${time(limit)}.`,
    evidence: [`Longest ${time(job.wait?.max ?? 0)}; one run takes ${time(job.p50)}.`],
    costPerDay: 0,
    risk: 'degraded',
    fix: advice('Run more at a time (concurrency of the worker), or more workers.'),
    confidence: 'high',
    verification: `p95 of the wait is under ${time(limit)}.`,
    measure: { kind: 'service' },
  };
}

function retried(job: JobRow, recordedMs: number): Draft {
  const name = nameOf(job);
  return {
    type: 'job_retries',
    subject: name,
    title: `Jobs that are tried again and again: ${name}`,
    finding: `${items(job.retries, 'retry', 'retries')} for ${items(job.calls, 'run')} of ${name}.`,
    evidence: [`${percent(job.errorRatio)} of the runs fail.`],
    costPerDay: inADay((job.total / job.calls) * job.retries, recordedMs),
    fix: advice('Find the cause in the log; set aside at once what can never succeed.'),
    confidence: 'medium',
    verification: `Less than ${percent(RETRIED_MAX)} of the runs are tried again.`,
    measure: { kind: 'service' },
  };
}
