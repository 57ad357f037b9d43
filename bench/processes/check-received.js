/** The judgement that makes a figure worth printing: what was sent is what the sink received. */
import { BenchError } from '../bench-error.js';

/**
 * @param {string} arm
 * @param {number} sent Requests sent to the application, warm-up included.
 * @param {import('../sink.js').Received} received
 * @throws {BenchError} when a request is missing, doubled, or a batch was refused.
 */
export function checkReceived(arm, sent, received) {
  if (received.refused.length > 0) {
    throw new BenchError(
      `arm ${arm}: expected batches the sink can read, got: ${received.refused[0]}`,
    );
  }
  if (received.batches === 0) {
    throw new BenchError(
      `arm ${arm}: expected at least one batch at the sink, got none. Is the agent switched off by the environment?`,
    );
  }
  if (received.requests !== sent) {
    throw new BenchError(
      `arm ${arm}: expected ${sent} requests at the sink, got ${received.requests} in ${received.batches} batches; ` +
        `the agent's account of losses: ${JSON.stringify(received.dropped)}. ` +
        'A figure from an agent that records something else would be worthless.',
    );
  }
}
