/**
 * A handler that awaits 50 times, through functions of its own: what a layered application does between its inputs
 * and outputs, and where an agent that follows asynchronous work pays for each step.
 */
import fastify from 'fastify';

const LAYERS = 10;
const STEPS = 5;

export async function createApp() {
  const app = fastify();
  app.get('/awaits', async () => {
    let total = 0;
    for (let layer = 0; layer < LAYERS; layer++) total += await sumOfLayer();
    return { total };
  });
  await app.ready();
  return { server: app.server };
}

/** Five awaits, the last of them its caller's. */
async function sumOfLayer() {
  let sum = 0;
  for (let step = 1; step < STEPS; step++) sum += await step;
  return sum;
}
