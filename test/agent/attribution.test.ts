/**
 * Whose the code that runs now is: requests in every order and overlap, on this Node.js and on every other
 * one that is at hand. The application says itself what it lost.
 */
import { describe, expect, it } from 'vitest';
import { NODES } from '../support/nodes.js';
import { runApp } from '../support/run-app.js';

interface Said {
  readonly seen: Readonly<Record<string, number>>;
  readonly lost: Readonly<Record<string, number>>;
}

async function said(node: string, env: Readonly<Record<string, string>> = {}): Promise<Said> {
  const { code, stdout, stderr } = await runApp('context.mjs', { node, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Said;
}

describe.each(NODES)('on Node.js $major', ({ major, binary }) => {
  it('every step of every request is its own', async () => {
    const { seen, lost } = await said(binary);
    expect(lost).toEqual({});
    const ways = new Set(Object.keys(seen).map((key) => key.split(' ')[0]));
    expect([...ways].sort()).toEqual(
      'aborted body first http2 outside parallel pipelined quiet sequential streaming timers'.split(
        ' ',
      ),
    );
  });

  it('a body that comes late is its request’s, which the runtime alone keeps only until Node.js 22', async () => {
    const { lost } = await said(binary, { TACHOGRAPH_TEST_WITHOUT_BODIES: '1' });
    const isLost = Object.keys(lost).some((key) => key.startsWith('body'));
    expect(isLost).toBe(major >= 24);
  });
});
