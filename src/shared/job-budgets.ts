/** Budgets of messages and background jobs; see budget.ts. They are of the application's layer. */
import { type Budget, budgetsOf, from } from './budget.js';
import { BACKGROUND_JOB_MS } from './job-limits.js';
import {
  JOB,
  JOB_DURATION,
  JOB_NAME,
  JOB_WAIT_TIME,
  MESSAGING_PROCESS_DURATION,
} from './job-metrics.js';

const application = budgetsOf('application');

export const JOB_BUDGETS: readonly Budget[] = [
  application(
    'background_job',
    BACKGROUND_JOB_MS,
    'One message or job of one queue.',
    from(MESSAGING_PROCESS_DURATION, JOB),
  ),
  application(
    'scheduled_job',
    5000,
    'Any single run of a schedule.',
    from(JOB_DURATION, [JOB_NAME]),
    {
      statistic: 'max',
    },
  ),
  application(
    'job_wait',
    30_000,
    'From when a job could have begun to when it did.',
    from(JOB_WAIT_TIME, JOB),
  ),
];
