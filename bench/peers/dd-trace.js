/** Datadog's tracer, version 5, with its defaults: every trace goes to the agent, which is the sink. */
import { DATADOG } from '../sinks/datadog.js';

/** @type {import('./peers.js').Peer} */
export const ddTrace = {
  name: 'dd-trace',
  packages: { 'dd-trace': '5.132.0' },
  preload: 'dd-trace.js',
  env: (sinkUrl) => ({
    DD_SERVICE: 'bench',
    DD_TRACE_AGENT_URL: sinkUrl,
    // Telemetry about the tracer itself: nothing a user asked for.
    DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
  }),
  protocol: DATADOG,
  addedUs: 80,
};
