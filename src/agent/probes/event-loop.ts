/** Event-loop delay, by the agent's own timer, and utilisation, by the runtime's counter. */
import type { EventLoopUtilization } from 'node:perf_hooks';
import { NODEJS_EVENTLOOP_DELAY, NODEJS_EVENTLOOP_UTILIZATION } from '../../shared/metrics.js';
import { eventLoopUtilization } from '../clock.js';
import type { Probe } from '../probe.js';

export const eventLoopProbe: Probe = {
  name: 'event-loop',
  start({ recorder, ticker }) {
    const delay = recorder.series(NODEJS_EVENTLOOP_DELAY);
    ticker.onDelay((delayUs) => recorder.record(delay, delayUs));

    const utilisation = recorder.series(NODEJS_EVENTLOOP_UTILIZATION);
    let last: EventLoopUtilization | undefined;
    ticker.onSample(() => {
      const now = eventLoopUtilization();
      const share = eventLoopUtilization(now, last).utilization;
      last = now;
      recorder.record(utilisation, Math.round(share * NODEJS_EVENTLOOP_UTILIZATION.scale));
    });
  },
};
