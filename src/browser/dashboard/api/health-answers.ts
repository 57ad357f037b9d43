/** What the page reads of the API's answers about budgets, processes and what is wrong. Times in seconds. */

export interface BudgetRow {
  readonly name: string;
  readonly layer: string;
  readonly unit: 'ms' | '%' | 'number';
  readonly statistic: string;
  readonly limit: number;
  readonly state: 'ok' | 'breach' | 'few' | 'no data';
  readonly value: number | null;
  readonly valueLimit: number | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly samples: number | null;
  readonly groups: number;
  readonly groupsInBreach: number;
  readonly reason: string | null;
}

export interface BreachRow {
  readonly service: string;
  readonly budget: string;
  readonly layer: string | null;
  readonly unit: 'ms' | '%' | 'number';
  readonly attributes: Readonly<Record<string, string>>;
  readonly limit: number;
  readonly value: number;
  readonly worst: number;
  readonly count: number;
  readonly above: number;
  readonly windows: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface StallRow {
  readonly service: string;
  readonly function: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly count: number;
  readonly sum: number;
  readonly max: number;
  readonly gc: number;
  readonly lastSeenMs: number;
  readonly ongoing: number;
  readonly approximate: number;
  readonly stack: string | null;
}

export interface ServicesAnswer {
  readonly services: readonly {
    readonly name: string;
    readonly environments: readonly string[];
    readonly versions: readonly string[];
    readonly instances: number;
    readonly lastSeenMs: number;
  }[];
}

export interface InstanceRow {
  readonly agent: string;
  readonly boot: string;
  readonly service: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly skewMs: number;
}

export interface ProcessRow {
  readonly agent: string;
  readonly boot: string;
  readonly service: string;
  readonly recorded: number;
  readonly received: number;
  readonly pending: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly balanced: boolean;
  readonly unaccounted: number;
  readonly lastSeenMs: number;
}

export interface FindingRow {
  readonly id: string;
  readonly kind: string;
  readonly service: string;
  readonly method: string | null;
  readonly route: string | null;
  readonly operation: string | null;
  readonly system: string;
  readonly query: string;
  readonly parentQuery: string | null;
  /** Of a wait for a lock that was seen in the database; absent in a collector of before. */
  readonly blocker?: { readonly query: string | null; readonly state: string } | null;
  readonly requests: number;
  readonly callsPerRequest: number;
  readonly total: number;
  readonly wasted: number;
  readonly perDay: number;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly code: {
    readonly file: string;
    readonly line: number;
    readonly function?: string;
  } | null;
  readonly orm: string | null;
  readonly fix: string;
  readonly lastSeenMs: number;
  readonly traceId: string | null;
}

export interface AdviceRow {
  readonly id: string;
  readonly kind: string;
  readonly database: string;
  readonly table: string;
  readonly query: string | null;
  readonly ddl: string | null;
  readonly gain: number | null;
  readonly confidence: string;
  readonly evidence: readonly string[];
  readonly writeCost: string | null;
}

export interface AdviceAnswer {
  readonly advice: readonly AdviceRow[];
  readonly state: 'off' | 'ok' | 'failed';
  readonly reason: string | null;
}

export interface ChecklistAnswer {
  readonly lists: readonly {
    readonly list: string;
    readonly title: string;
    readonly items: readonly {
      readonly item: string;
      readonly title: string;
      readonly state: 'ok' | 'attention' | 'cannot tell';
      readonly reason: string;
      readonly evidence: readonly string[];
    }[];
  }[];
}

export interface RecommendationRow {
  readonly id: string;
  readonly type: string;
  readonly priority: 'high' | 'medium' | 'low';
  readonly title: string;
  readonly finding: string;
  readonly evidence: readonly string[];
  readonly costPerDay: number;
  readonly fix: {
    readonly text: string;
    readonly code: string | null;
    readonly language: string | null;
  };
  readonly confidence: string;
  readonly verification: string;
  readonly status: string;
  readonly saved: number | null;
  readonly service: string;
  readonly route: string | null;
  readonly query: string | null;
  readonly code: { readonly file: string; readonly line: number } | null;
}

export interface ChangeRow {
  readonly kind: string;
  readonly name: string;
  readonly verdict: 'slower' | 'faster' | 'unchanged' | 'noisy' | 'not enough data';
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly before: number | null;
  readonly after: number | null;
  readonly samplesBefore: number;
  readonly samplesAfter: number;
  readonly sinceMs: number | null;
  /** Of the difference of the total times. */
  readonly cause: {
    readonly volume: number;
    readonly mix: number;
    readonly latency: number;
  } | null;
  readonly version: string | null;
}

export interface AlertRow {
  readonly id: string;
  readonly rule: string;
  readonly level: 'CRITICAL' | 'WARNING' | 'INFO';
  readonly state: string;
  readonly metric: string;
  readonly unit: string;
  readonly value: number | null;
  readonly threshold: number;
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sinceMs: number;
  readonly endedMs?: number;
  readonly why: string;
  readonly silencedUntilMs: number | null;
  readonly notifications: readonly {
    readonly notifier: string;
    readonly state: string;
    readonly atMs: number;
  }[];
}

export interface DeployRow {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly atMs: number;
}

export interface FrontendAnswer {
  readonly vitals: readonly {
    readonly name: string;
    readonly unit: string;
    readonly p75: number | null;
    readonly p95: number | null;
    readonly samples: number;
    readonly good: number;
    readonly needsImprovement: number;
    readonly poor: number;
    readonly rating: 'good' | 'needs-improvement' | 'poor' | null;
    readonly limit: number | null;
  }[];
  readonly pages: readonly FrontendPage[];
  readonly devices: readonly FrontendGroup[];
  readonly connections: readonly FrontendGroup[];
  readonly ajax: readonly {
    readonly route: string;
    readonly method: string;
    readonly calls: number;
    readonly p75: number | null;
    readonly p95: number | null;
    readonly errors: number;
  }[];
  readonly resources: readonly {
    readonly type: string;
    readonly count: number;
    readonly bytes: number;
    readonly cachedRatio: number | null;
    readonly compressedRatio: number | null;
    readonly oversized: number;
  }[];
  readonly scripts: readonly {
    readonly url: string;
    readonly function: string;
    readonly count: number;
    readonly p95: number | null;
    readonly total: number;
  }[];
}

export interface FrontendPage {
  readonly page: string;
  readonly views: number;
  readonly lcp: number | null;
  readonly inp: number | null;
  readonly cls: number | null;
  readonly fcp: number | null;
  readonly ttfb: number | null;
  readonly load: number | null;
  readonly errors: number;
}

export interface FrontendGroup {
  readonly device?: string;
  readonly connection?: string;
  readonly views: number;
  readonly lcp: number | null;
  readonly inp: number | null;
}
