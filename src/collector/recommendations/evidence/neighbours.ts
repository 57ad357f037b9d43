/**
 * What other parts of the collector find out: patterns of queries, advice of the database, figures of browsers. The
 * one place that knows who makes them; where a part is not there, its list is empty.
 */
import type { Advice } from '../../../advisor/advice.js';
import { ADVICE_OFF } from '../../advice/start-advice.js';
import { findingsOf } from '../../findings/findings.js';
import { type Frontend, frontendOf } from '../../views/frontend.js';
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
  readonly blocker: { readonly query: string | null; readonly state: string } | null;
  readonly traceId: string | null;
}

export interface Neighbours {
  readonly findings: readonly Finding[];
  readonly advice: readonly Advice[];
  /** Why there is none; null when the database was asked. */
  readonly adviceMissing: string | null;
  /** Null where no page reported. */
  readonly frontend: Frontend | null;
}

export async function neighboursOf(source: ViewSource, request: ViewRequest): Promise<Neighbours> {
  const findings = await findingsOf(source, { ...request, kind: undefined });
  const frontend = await frontendOf(source, request);
  const { advice, state, reason } = source.advice?.latest() ?? ADVICE_OFF;
  return {
    findings: findings.map(({ method, route, operation, ...rest }) => ({
      ...rest,
      method: method ?? '',
      route: route ?? '',
      operation: operation ?? '',
    })),
    advice,
    adviceMissing: state === 'ok' ? null : reason,
    frontend: frontend.pages.length === 0 ? null : frontend,
  };
}
