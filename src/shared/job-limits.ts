/** From when on a job is slow unless a budget says otherwise, for the thread that loads no table of budgets. */
export const BACKGROUND_JOB_MS = 5000;
