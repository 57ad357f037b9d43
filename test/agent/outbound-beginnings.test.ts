import { beforeAll, describe, expect, it } from 'vitest';
import { type Line, PATIENT, runApp } from '../support/run-app.js';

interface Said {
  readonly port: number;
  readonly uploadSeconds: number;
}

describe('an outbound call', () => {
  let said: Said;
  let lines: readonly Line[];

  beforeAll(async () => {
    const run = await runApp('outbound-beginnings.mjs', { env: PATIENT });
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
    said = JSON.parse(run.stdout) as Said;
    lines = run.lines.filter(({ name }) => name === 'http.client.request.duration');
  });

  const of = (method: string): readonly Line[] =>
    lines.filter((line) => line['http.request.method'] === method);

  it('begins before its body has been sent', () => {
    expect(of('POST')).toEqual([expect.objectContaining({ count: 1 })]);
    expect(of('POST')[0]?.sum).toBeGreaterThanOrEqual(said.uploadSeconds);
  });

  it('counts when its answer comes before the end of its body', () => {
    expect(of('PUT')).toEqual([
      expect.objectContaining({ count: 1, 'http.response.status_class': '4xx' }),
    ]);
  });

  it('counts when it is given up while it waits for a connection', () => {
    expect(of('PATCH')).toEqual([expect.objectContaining({ count: 1, 'error.type': 'GAVE_UP' })]);
  });

  it('is one to the port that it was made to, whatever its Host header says', () => {
    expect(of('DELETE')).toEqual([
      expect.objectContaining({ 'server.address': '127.0.0.1', 'server.port': String(said.port) }),
    ]);
  });
});
