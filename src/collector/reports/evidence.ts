/**
 * What reports take over from other parts of the collector, as those serve it: findings, recommendations, the
 * browser. Each may be absent; a report then says so. docs/reference/api.md describes the rows.
 */
import type { ViewRequest } from '../views/view-request.js';

export interface CodeLine {
  readonly file: string;
  readonly line: number;
  readonly function?: string;
}

/** Of `GET /v1/findings`, what reports read. */
export interface Finding {
  readonly kind: string;
  readonly method: string | null;
  readonly route: string | null;
  readonly operation: string | null;
  readonly query: string;
  readonly code: CodeLine | null;
  readonly fix: string;
  readonly perDay: number;
  /** In the range that was asked for. */
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}

/** Of `GET /v1/recommendations`, what reports read. */
export interface Recommendation {
  readonly type: string;
  readonly priority: 'high' | 'medium' | 'low';
  readonly title: string;
  readonly finding: string;
  /** Seconds. */
  readonly costPerDay: number;
  readonly fix: { readonly text: string; readonly code: string | null };
  readonly confidence: string;
  readonly verification: string;
  readonly status: 'open' | 'followed' | 'verified';
  readonly saved: number | null;
  readonly code: CodeLine | null;
}

/** Of `GET /v1/frontend`, what reports read. */
export interface Vital {
  readonly name: string;
  readonly unit: string;
  readonly p75: number | null;
  readonly samples: number;
  readonly rating: string | null;
  readonly limit: number;
}

export interface Evidence {
  readonly findingsOf?: (request: ViewRequest) => Promise<readonly Finding[]>;
  readonly recommendationsOf?: (request: ViewRequest) => Promise<readonly Recommendation[]>;
  readonly vitalsOf?: (request: ViewRequest) => Promise<readonly Vital[]>;
}
