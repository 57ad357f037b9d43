/** What reports are made from: the store, by way of views, and what other parts of the collector found. */
import type { ViewRequest, ViewSource } from '../views/view-request.js';
import type { Calendar, Range } from './calendar.js';
import type { Evidence } from './evidence.js';

export interface ReportSource extends ViewSource {
  readonly calendar: Calendar;
  readonly evidence: Evidence;
}

/** Rows of each kind that are compared: what is past them has next to no share of the time. */
export const ROWS_MAX = 100;

export function viewOf(service: string | undefined, { fromMs, toMs }: Range): ViewRequest {
  return { service, fromMs, toMs, limit: ROWS_MAX };
}
