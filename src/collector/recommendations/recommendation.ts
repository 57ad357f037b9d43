/**
 * What a recommendation is, as rules draft it and as the API gives it: finding, evidence, cost, fix, confidence and
 * how it will be verified. Pure data.
 */
export type Confidence = 'high' | 'medium' | 'low';
export type Priority = 'high' | 'medium' | 'low';
/** `followed`: the evidence is gone; `verified`: for long enough, with the traffic still there. */
export type Status = 'open' | 'followed' | 'verified';

export interface Fix {
  readonly text: string;
  /** To be taken over as it is, or with the names that are yours. */
  readonly code: string | null;
  readonly language: 'sql' | 'js' | 'http' | null;
}

export interface CodePlace {
  readonly file: string;
  readonly line: number;
}

/** What is looked at before and after a fix, so that what was saved is measured and not believed. */
export type Measure =
  | { readonly kind: 'route'; readonly method: string; readonly route: string }
  | { readonly kind: 'query'; readonly text: string }
  | { readonly kind: 'template'; readonly name: string }
  | { readonly kind: 'service' };

export interface Recommendation {
  /** The same as long as type, service and subject are. */
  readonly id: string;
  readonly type: string;
  readonly priority: Priority;
  readonly title: string;
  readonly finding: string;
  readonly evidence: readonly string[];
  /** Seconds a day. */
  readonly costPerDay: number;
  readonly fix: Fix;
  readonly confidence: Confidence;
  readonly verification: string;
  readonly status: Status;
  /** Seconds a day; null until it is verified. */
  readonly saved: number | null;
  readonly service: string;
  readonly route: string | null;
  readonly query: string | null;
  readonly code: CodePlace | null;
}

/** What a rule says. */
export interface Draft {
  readonly type: string;
  /** Tells it from others of its type: the route, the query, the pool. */
  readonly subject: string;
  readonly title: string;
  readonly finding: string;
  readonly evidence: readonly string[];
  readonly costPerDay: number;
  /** What happens if nobody does anything, besides the cost. */
  readonly risk?: 'degraded' | 'outage';
  readonly fix: Fix;
  readonly confidence: Confidence;
  readonly verification: string;
  readonly route?: string | null;
  readonly query?: string | null;
  readonly code?: CodePlace | null;
  readonly measure: Measure;
}
