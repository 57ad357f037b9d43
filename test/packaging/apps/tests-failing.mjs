/** A file of tests one of which fails, which node --test runs in a process of its own. */
import assert from 'node:assert';
import { test } from 'node:test';
import { serve, untilRecorded } from './serve.cjs';

test('fails', () => {
  assert.fail('on purpose');
});
test('serves', async () => {
  await serve(5);
  await untilRecorded();
});
