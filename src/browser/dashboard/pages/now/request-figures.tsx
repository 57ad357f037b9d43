/** The requests of the range in numbers, beside the curves of the vital signs. */
import type { JSX } from 'preact';
import { useSeries } from '../../api/questions.js';
import { Figure } from '../../parts/badge.js';
import { formatCount, formatPercentile, formatSeconds } from '../../parts/format-value.js';
import { Panel } from '../../parts/panel.js';
import { rangeText } from '../../state/range.js';

export function RequestFigures(): JSX.Element {
  // As the curve of the vital signs asks, which has it answered once for both; and what is divided is of one time.
  const requests = useSeries({ metric: 'http.server.request.duration' });
  const queries = useSeries({ metric: 'tachograph.http.server.queries', sums: '1' });
  const { count, mean, p50, p99, max } = requests.data?.groups[0]?.total ?? {};
  // Requests without a query are none of that metric's, and count all the same.
  const made = queries.data?.groups[0]?.total.sum ?? (queries.state === 'missing' ? 0 : undefined);
  const aRequest = made === undefined || !count ? undefined : made / count;
  return (
    <Panel title="Requests" note={rangeText()}>
      <dl class="figures" data-test="request-figures">
        <Figure name="Requests">{formatCount(count)}</Figure>
        <Figure name="Mean">{formatSeconds(mean)}</Figure>
        <Figure name="p50">{formatPercentile(p50, count)}</Figure>
        <Figure name="p99">{formatPercentile(p99, count)}</Figure>
        <Figure name="Max">{formatSeconds(max)}</Figure>
        <Figure name="Queries a request">{formatCount(aRequest)}</Figure>
      </dl>
    </Panel>
  );
}
