/** Every rule, in no order that matters: what they say is ranked by what it costs. */
import { browser } from './rules/browser.js';
import { bulkWrites } from './rules/bulk-writes.js';
import { cacheReads } from './rules/cache-reads.js';
import { chattyRoute } from './rules/chatty-route.js';
import { duplicateQueries } from './rules/duplicate-queries.js';
import { errorRate } from './rules/error-rate.js';
import { garbageCollection } from './rules/garbage-collection.js';
import { heapGrowth } from './rules/heap-growth.js';
import { indexCare } from './rules/index-care.js';
import { jobsOverBudget } from './rules/jobs-over-budget.js';
import { largeAnswer } from './rules/large-answer.js';
import { longRequest } from './rules/long-request.js';
import { middleware } from './rules/middleware.js';
import { missingIndex } from './rules/missing-index.js';
import { nPlusOne } from './rules/n-plus-one.js';
import { noPool } from './rules/no-pool.js';
import { operationOverBudget } from './rules/operation-over-budget.js';
import { outboundCalls } from './rules/outbound-calls.js';
import { outboundFailures } from './rules/outbound-failures.js';
import { poolSize } from './rules/pool-size.js';
import { rateLimits } from './rules/rate-limits.js';
import { repeatedTemplate } from './rules/repeated-template.js';
import type { Rule } from './rules/rule.js';
import { serialization } from './rules/serialization.js';
import { slowAuthentication } from './rules/slow-authentication.js';
import { slowDatabase } from './rules/slow-database.js';
import { slowQuery } from './rules/slow-query.js';
import { slowRoute } from './rules/slow-route.js';
import { slowSessions } from './rules/slow-sessions.js';
import { stalls } from './rules/stalls.js';
import { staticFiles } from './rules/static-files.js';
import { transactions } from './rules/transactions.js';
import { unboundedRead } from './rules/unbounded-read.js';
import { uncachedTemplate } from './rules/uncached-template.js';
import { wideRows } from './rules/wide-rows.js';

export const RULES: readonly Rule[] = [
  browser,
  bulkWrites,
  cacheReads,
  chattyRoute,
  duplicateQueries,
  errorRate,
  garbageCollection,
  heapGrowth,
  indexCare,
  jobsOverBudget,
  largeAnswer,
  longRequest,
  middleware,
  missingIndex,
  nPlusOne,
  noPool,
  operationOverBudget,
  outboundCalls,
  outboundFailures,
  poolSize,
  rateLimits,
  repeatedTemplate,
  serialization,
  slowAuthentication,
  slowDatabase,
  slowQuery,
  slowRoute,
  slowSessions,
  stalls,
  staticFiles,
  transactions,
  unboundedRead,
  uncachedTemplate,
  wideRows,
];
