/** A resolver that does not answer, and senders that go on trying. */
import type { LookupAddress } from 'node:dns';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type HttpPoster, httpPoster } from '../../src/transport/http-post.js';
import { networkOf } from '../../src/transport/network.js';
import { answer, TestServer } from './test-server.js';

type Callback = (error: Error | null, addresses: LookupAddress[]) => void;

const resolver = vi.hoisted(() => ({ questions: [] as Callback[], isWell: false }));
vi.mock('node:dns', () => ({
  lookup: (_name: string, _options: object, callback: Callback) => {
    if (resolver.isWell) setImmediate(callback, null, HERE);
    else resolver.questions.push(callback);
  },
}));

const HERE: LookupAddress[] = [{ address: '127.0.0.1', family: 4 }];
let server: TestServer;

beforeEach(async () => {
  resolver.questions = [];
  resolver.isWell = false;
  server = await TestServer.start(answer(200));
});
afterEach(() => server.stop());

describe('a resolver', () => {
  it('that hangs is asked once, however often a batch is tried: each question holds one of the threads that answer the application’s', async () => {
    const poster = await httpPoster(new URL(`http://collector.example:${server.port}/`), Date.now);
    const post = (timeoutMs: number) => poster.post(new Uint8Array([1]), {}, timeoutMs);
    for (let attempt = 0; attempt < 4; attempt++) await expect(post(50)).rejects.toThrow('50 ms');
    expect(resolver.questions).toHaveLength(1);
    const waiting = post(5000);
    resolver.isWell = true;
    resolver.questions[0]!(null, HERE);
    expect((await waiting).status).toBe(200);
    await poster.close();
  });

  it('that hangs is asked one question at a time, however many destinations there are', async () => {
    const network = networkOf();
    const urls = ['one', 'two', 'three'].map((name) => `http://${name}.example:${server.port}/`);
    const posters = await Promise.all(
      urls.map((url) => httpPoster(new URL(url), Date.now, network)),
    );
    const post = (poster: HttpPoster, timeoutMs: number) =>
      poster.post(new Uint8Array([1]), {}, timeoutMs);
    for (let attempt = 0; attempt < 2; attempt++) {
      for (const poster of posters) await expect(post(poster, 50)).rejects.toThrow('50 ms');
    }
    expect(resolver.questions).toHaveLength(1);
    const waiting = posters.map((poster) => post(poster, 5000));
    resolver.isWell = true;
    resolver.questions[0]!(null, HERE);
    for (const { status } of await Promise.all(waiting)) expect(status).toBe(200);
    for (const poster of posters) await poster.close();
  });

  it('that fails is asked again', async () => {
    const poster = await httpPoster(new URL(`http://collector.example:${server.port}/`), Date.now);
    for (const attempt of [1, 2]) {
      const posted = poster.post(new Uint8Array([1]), {}, 30_000);
      await vi.waitFor(() => expect(resolver.questions).toHaveLength(attempt), {
        timeout: 20_000,
      });
      resolver.questions[attempt - 1]!(new Error('EAI_AGAIN'), []);
      await expect(posted).rejects.toThrow('EAI_AGAIN');
    }
    await poster.close();
  });
});
