/** A kept trace in a row: what it was, with the way to its waterfall. */
import type { JSX } from 'preact';
import type { TraceRow } from '../api/answers.js';
import { linkTo } from '../state/url-state.js';
import { Badge } from './badge.js';
import type { Tone } from './tone.js';

const TONES: Readonly<Record<string, Tone>> = {
  error: 'bad',
  slow: 'attention',
  queries: 'attention',
};

export function Reason({ reason }: { readonly reason: string }): JSX.Element {
  return <Badge tone={TONES[reason] ?? 'plain'}>{reason}</Badge>;
}

/** What a request, an operation or a job is called. */
export function traceName({ attributes }: Pick<TraceRow, 'attributes'>): string {
  const { 'http.route': route, 'http.request.method': method } = attributes;
  if (route !== undefined) return `${method ?? '?'} ${route}`;
  const operation = attributes['tachograph.operation.name'];
  if (operation !== undefined) return operation;
  const names = ['messaging.system', 'messaging.destination.name', 'tachograph.job.name'];
  return (
    names
      .map((name) => attributes[name] ?? '')
      .filter(Boolean)
      .join(' ') || '(no name)'
  );
}

export function TraceLink({ row }: { readonly row: TraceRow }): JSX.Element {
  return <a href={linkTo('trace', { id: row.traceId })}>{traceName(row)}</a>;
}
