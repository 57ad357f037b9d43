/**
 * What other parts of the collector find out: patterns of queries, advice of the database, figures of browsers. The
 * one place that knows who makes them; where a part is not there, its list is empty.
 */
import type { ViewRequest, ViewSource } from '../../views/view-request.js';
import type { CodePlace, Confidence } from '../recommendation.js';

/** A row of `GET /v1/findings`. Times in seconds. */
export interface Finding {
  readonly id: string;
  readonly kind: string;
  readonly service: string;
  readonly method: string;
  readonly route: string;
  readonly operation: string;
  readonly system: string;
  readonly query: string;
  readonly parentQuery: string | null;
  readonly requests: number;
  readonly callsPerRequest: number;
  readonly total: number;
  readonly wasted: number;
  /** Wasted in a day. */
  readonly perDay: number;
  readonly confidence: Confidence;
  readonly code: (CodePlace & { readonly function: string }) | null;
  readonly orm: string | null;
  readonly fix: string;
  readonly traceId: string | null;
}

/** A row of `GET /v1/advice`. */
export interface Advice {
  readonly id: string;
  readonly kind: string;
  readonly database: string;
  readonly table: string;
  readonly query: string | null;
  readonly ddl: string | null;
  /** Cost before over cost after. */
  readonly gain: number | null;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly writeCost: string | null;
}

/** What is read of `GET /v1/frontend`. Percentiles are null where samples are few. */
export interface Frontend {
  readonly vitals: readonly {
    readonly name: string;
    readonly unit: string;
    readonly p75: number | null;
    readonly samples: number;
    readonly rating: 'good' | 'needs-improvement' | 'poor' | null;
    readonly limit: number;
  }[];
  readonly ajax: readonly {
    readonly route: string;
    readonly method: string;
    readonly calls: number;
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

export interface Neighbours {
  readonly findings: readonly Finding[];
  readonly advice: readonly Advice[];
  /** Why there is none; null when the database was asked. */
  readonly adviceMissing: string | null;
  readonly frontend: Frontend | null;
}

export async function neighboursOf(
  _source: ViewSource,
  _request: ViewRequest,
): Promise<Neighbours> {
  return {
    findings: [],
    advice: [],
    adviceMissing: 'no database is connected for advice (tachograph advise)',
    frontend: null,
  };
}
