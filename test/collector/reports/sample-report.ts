/** A review with something in every section, all of it named `name`. */
import type {
  ExplainedChange,
  Figures,
  WeeklyReview,
} from '../../../src/collector/reports/report-model.js';

const FROM_MS = Date.UTC(2026, 10, 16);
const SINCE_MS = Date.UTC(2026, 10, 18, 14);

const figures: Figures = {
  requests: 70_000,
  requestsPerDay: 10_000,
  mean: 0.05,
  p50: 0.04,
  p95: 0.12,
  p99: 0.3,
  max: 2,
  errorRatio: 0.004,
  total: 3500,
};

function change(name: string, verdict: 'slower' | 'faster'): ExplainedChange {
  const ratio = verdict === 'slower' ? 1.4 : 0.7;
  return {
    kind: 'route',
    name,
    verdict,
    statistic: 'p95',
    ratio,
    low: ratio - 0.09,
    high: ratio + 0.12,
    before: 0.1,
    after: 0.1 * ratio,
    samplesBefore: 1000,
    samplesAfter: 1100,
    totalBefore: 100,
    totalAfter: 209,
    sinceMs: SINCE_MS,
    effect: { ratio, low: ratio - 0.09, high: ratio + 0.12, before: 0.1, after: 0.1 * ratio },
    cause: { volume: 12, mix: -3, latency: 100 },
    version: '2.4.0',
    reason: null,
    code: { file: 'sales/orders.js', line: 41, function: 'load' },
    why: `n plus one: load ${name} with one query`,
  };
}

export function sampleReview(name: string): WeeklyReview {
  const recommendation = {
    type: 'n_plus_one',
    priority: 'high',
    title: name,
    finding: name,
    costPerDay: 86,
    fix: { text: name, code: name.replaceAll('\n', ' ').replaceAll('\r', ' ') },
    confidence: 'high',
    verification: name,
    saved: 12,
    code: null,
  } as const;
  const cost = { kind: 'route', name, calls: 900, total: 90, share: 0.4, p95: 0.1 } as const;
  return {
    kind: 'weekly',
    week: '2026-W47',
    service: name,
    zone: 'UTC',
    fromMs: FROM_MS,
    toMs: FROM_MS + 7 * 86_400_000,
    madeMs: FROM_MS + 7 * 86_400_000,
    verdict: { state: 'mixed', sentence: `1 thing became slower. ${name}` },
    quality: {
      hours: 168,
      hoursWithData: 160,
      services: [name],
      processes: 2,
      recorded: 70_000,
      received: 70_000,
      dropped: 0,
      isBalanced: true,
      notes: [name],
    },
    headline: {
      now: figures,
      before: { ...figures, p95: 0.1, requests: 60_000 },
      median: figures,
      verdict: 'slower',
      change: { ratio: 1.2, low: 1.1, high: 1.3, before: 0.1, after: 0.12 },
      cause: { volume: 12, mix: -3, latency: 100 },
    },
    modules: [
      {
        module: name,
        calls: 900,
        total: 90,
        totalBefore: 100,
        errorRatio: 0.01,
        slowest: { operation: name, p95: 0.2 },
        breaches: [name],
      },
    ],
    regressions: [
      {
        sinceMs: SINCE_MS,
        deploy: { version: '2.4.0', atMs: SINCE_MS + 20 * 60_000 },
        blockedBy: { file: name, line: 3, function: name, count: 4, max: 0.3 },
        rows: [change(name, 'slower')],
      },
    ],
    continuing: [change(name, 'slower')],
    improvements: [
      { sinceMs: null, deploy: null, blockedBy: null, rows: [change(name, 'faster')] },
    ],
    verifiedFixes: [{ ...recommendation, status: 'verified' }],
    appeared: [{ kind: 'query', name, calls: 90, total: 9 }],
    vanished: [{ kind: 'route', name, calls: 90, total: 9 }],
    topCost: [cost],
    database: {
      queries: 9000,
      mean: 0.003,
      p95: 0.01,
      slowQueries: 4,
      slowLimit: 0.1,
      slowest: [{ ...cost, kind: 'query' }],
      costliest: [],
      pools: [{ pool: name, used: 3, usedMax: 9, limit: 10, waitingMax: 2 }],
    },
    recommendations: [{ ...recommendation, status: 'open', saved: null }],
    browser: [{ name, unit: 's', p75: 2.1, samples: 400, rating: 'good', limit: 2.5 }],
    capacity: [{ resource: name, now: 0.7, peak: 0.9, perDay: 0.01, daysToLimit: 30 }],
    notJudged: [{ what: name, why: name }],
  };
}
