/** gzip by one handle for all of a thread's batches, and the end of such a thread. */
import { spawnSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { gzipOfThread } from '../../src/transport/gzip.js';

const CHILD = new URL('./children/end-while-zipping.ts', import.meta.url).pathname;
const BUILT = new URL('../../dist/transport/gzip.js', import.meta.url).href;
/** With a handle a call, ten threads seldom all survive; with one each, they always do. */
const THREADS = 30;

describe('gzip', () => {
  it('gives each batch whole, whatever was zipped before it', async () => {
    const gzip = await gzipOfThread();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.integer({ min: 1, max: 200 }),
        (part, times) => {
          const bytes = Buffer.concat(Array.from({ length: times }, () => part));
          expect(gunzipSync(gzip(bytes)).equals(bytes)).toBe(true);
        },
      ),
    );
  });

  it('leaves the process alive when its thread is ended at any moment', () => {
    const child = spawnSync(process.execPath, ['--import', 'tsx', CHILD, BUILT, String(THREADS)], {
      encoding: 'utf8',
    });
    expect(child).toMatchObject({ status: 0, signal: null, stdout: 'survived\n' });
  }, 120_000);

  it('is tried again after it could not be made', async () => {
    vi.resetModules();
    let isShort = true;
    vi.doMock('minizlib', async (load) => {
      const { constants, Gzip } = await load<typeof import('minizlib')>();
      class ScarceGzip extends Gzip {
        constructor(...args: ConstructorParameters<typeof Gzip>) {
          if (isShort) throw new Error('memory is short');
          super(...args);
        }
      }
      return { constants, Gzip: ScarceGzip };
    });
    const { gzipOfThread } = await import('../../src/transport/gzip.js');
    await expect(gzipOfThread()).rejects.toThrow('memory is short');
    isShort = false;
    const gzip = await gzipOfThread();
    expect(gunzipSync(gzip(Buffer.from('batch'))).toString()).toBe('batch');
    expect(gzipOfThread()).toBe(gzipOfThread());
    vi.doUnmock('minizlib');
  });
});
