/** A file of tests, which node --test runs in a process of its own. */
import { test } from 'node:test';
import { serve, untilRecorded } from './serve.cjs';

test('two', async () => {
  await serve(5);
  await untilRecorded();
});
