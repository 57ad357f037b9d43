/** The table of budgets: every one of this version, by layer. */
import { API_BUDGETS, APPLICATION_BUDGETS } from './application-budgets.js';
import type { Budget } from './budget.js';
import { BUSINESS_BUDGETS } from './business-budgets.js';
import { DATABASE_BUDGETS } from './database-budgets.js';
import { FRONTEND_BUDGETS } from './frontend-budgets.js';
import { INFRASTRUCTURE_BUDGETS } from './infrastructure-budgets.js';
import { JOB_BUDGETS } from './job-budgets.js';

export const BUDGETS: readonly Budget[] = [
  ...FRONTEND_BUDGETS,
  ...APPLICATION_BUDGETS,
  ...JOB_BUDGETS,
  ...API_BUDGETS,
  ...DATABASE_BUDGETS,
  ...BUSINESS_BUDGETS,
  ...INFRASTRUCTURE_BUDGETS,
];
