/** The collector that all tests of a file share, which have a service each. */
import { afterAll, beforeAll } from 'vitest';
import {
  type CollectorProcess,
  endProcess,
  startCollectorProcess,
} from '../support/collector-process.js';
import { makeFolder } from '../support/run-app.js';

/** To be called once, outside of any test. Returns the URL, which is known while tests run. */
export function collectorOfFile(): () => string {
  const folder = makeFolder();
  let collector: CollectorProcess;
  beforeAll(async () => {
    collector = await startCollectorProcess(folder.path);
  });
  afterAll(async () => {
    await endProcess(collector.child, 'SIGKILL');
    folder.remove();
  });
  return () => collector.url;
}
