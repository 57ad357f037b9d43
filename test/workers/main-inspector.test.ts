/** Questions to a blocked main thread. Real processes; needs `npm run build`: workers run from dist/. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cleanEnvironment } from '../support/run-app.js';

const APP = fileURLToPath(new URL('../fixtures/threads/looked-into.mjs', import.meta.url));
const OPTIONS = { env: cleanEnvironment(), timeout: 60_000, killSignal: 'SIGKILL' } as const;

describe('a question to a blocked main thread', () => {
  it.each([
    ['is passed on to an endless script that goes on', 'endless'],
    ['is not passed on to a thread that has turned since', 'slow'],
  ])(
    'that takes up the end of a script’s time: it %s',
    async (_what, how) => {
      const { stdout } = await promisify(execFile)(process.execPath, [APP, how], OPTIONS);
      expect(JSON.parse(stdout)).toEqual({ isCut: true, codes: ['ERR_SCRIPT_EXECUTION_TIMEOUT'] });
    },
    120_000,
  );
});
