/** The judgement that makes a figure worth printing: what was sent is what the sink received. */
import { BenchError } from '../bench-error.js';

/**
 * @param {Pick<import('../arms.js').Arm, 'name' | 'protocol'>} arm
 * @param {number | undefined} sent Requests sent to the application, warm-up included; undefined when it was not there
 *   to be asked.
 * @param {import('../sinks/sink.js').Received} received
 * @throws {BenchError} when a request is missing, doubled, or an export was refused.
 */
export function checkReceived({ name, protocol }, sent, received) {
  if (received.refused.length > 0) {
    throw new BenchError(
      `arm ${name}: expected exports the sink can read, got: ${received.refused[0]}`,
    );
  }
  if (sent === undefined || protocol === undefined) return;
  if (received.batches === 0 && (sent > 0 || protocol.reportsIdle)) {
    throw new BenchError(
      `arm ${name}: expected at least one batch at the sink, got none. Is the agent switched off by the environment?`,
    );
  }
  if (received.requests !== sent) {
    throw new BenchError(
      `arm ${name}: expected ${sent} requests at the sink, got ${received.requests} in ${received.batches} batches; ` +
        `the agent's account of losses: ${JSON.stringify(received.dropped)}. ` +
        'A figure from an agent that records something else would be worthless.',
    );
  }
}
