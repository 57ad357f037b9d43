/** Event-loop delay, by the agent's own timer, and utilisation, by the runtime's counter. */
import { NODEJS_EVENTLOOP_DELAY, NODEJS_EVENTLOOP_UTILIZATION } from '../../shared/metrics.js';
import { createLoopUtilization } from '../loop-utilization.js';
import type { Probe } from '../probe.js';

export const eventLoopProbe: Probe = {
  name: 'event-loop',
  start({ recorder, ticker }) {
    const delay = recorder.series(NODEJS_EVENTLOOP_DELAY);
    ticker.onDelay((delayUs) => recorder.record(delay, delayUs));

    const utilisation = recorder.series(NODEJS_EVENTLOOP_UTILIZATION);
    const share = createLoopUtilization();
    ticker.onSample(() => {
      recorder.record(utilisation, Math.round(share() * NODEJS_EVENTLOOP_UTILIZATION.scale));
    });
  },
};
