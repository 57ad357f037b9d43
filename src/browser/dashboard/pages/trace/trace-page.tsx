/** One trace: what it was, and each of its calls where it was. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { TraceAnswer, TracePart } from '../../api/answers.js';
import { useAnswer } from '../../api/api-client.js';
import { Waterfall } from '../../charts/waterfall.js';
import { Figure } from '../../parts/badge.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatTime } from '../../parts/format-time.js';
import { formatCount, formatSeconds } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { RouteLink } from '../../parts/route-link.js';
import { Reason, traceName } from '../../parts/trace-link.js';
import { param } from '../../state/url-state.js';
import { traceMarkdown } from './trace-markdown.js';

export function TracePage(): JSX.Element {
  const id = param('id');
  const path = /^[\da-f]{32}$/.test(id) ? `/v1/traces/${id}` : undefined;
  const answer = useAnswer<TraceAnswer>(path);
  if (path === undefined || answer.state === 'missing') {
    return (
      <EmptyState title="No trace of that id is kept.">
        They are kept 14 days. Look for another one on the page of its route.
      </EmptyState>
    );
  }
  return (
    <Answered answer={answer} what="the trace">
      {({ parts }) => (
        <>
          {parts.map((part) => (
            <Part key={part.spanId} part={part} />
          ))}
        </>
      )}
    </Answered>
  );
}

function Part({ part }: { readonly part: TracePart }): JSX.Element {
  const { 'http.route': route, 'http.request.method': method, 'user.hash': user } = part.attributes;
  return (
    <Panel title={traceName(part)} actions={<Copy part={part} />}>
      <dl class="figures" data-test="trace-facts">
        <Figure name="Kept as">
          <Reason reason={part.reason} />
        </Figure>
        <Figure name="Took">{formatSeconds(part.duration)}</Figure>
        {part.statusCode !== null && <Figure name="Status">{part.statusCode}</Figure>}
        <Figure name="Queries" note={`${formatSeconds(part.queryTime)} in them`}>
          {formatCount(part.queries)}
        </Figure>
        <Figure name="Outbound calls">{formatCount(part.clientCalls)}</Figure>
        <Figure name="Loop blocked">{formatSeconds(part.stallTime)}</Figure>
        <Figure name="When">{formatTime(part.timeMs)}</Figure>
        <Figure name="Service" note={part.agent}>
          {part.service}
        </Figure>
        {route !== undefined && (
          <Figure name="Route">
            <RouteLink method={method ?? ''} route={route} />
          </Figure>
        )}
      </dl>
      <Waterfall part={part} />
      <p class="small dim mono pad">
        trace {part.traceId} {user && `user ${user}`}
      </p>
    </Panel>
  );
}

function Copy({ part }: { readonly part: TracePart }): JSX.Element {
  const said = useSignal('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(traceMarkdown(part));
      said.value = 'Copied';
    } catch {
      said.value = 'The browser did not allow it';
    }
  };
  return (
    <>
      <span class="small dim" role="status">
        {said}
      </span>
      <button type="button" class="quiet" onClick={() => void copy()}>
        Copy as Markdown
      </button>
    </>
  );
}
