/** Who hears of a Ctrl-C when listeners have come and gone. */
import { describe, expect, it } from 'vitest';
import { PATIENT, type Run, runApp } from '../support/run-app.js';

const APP = 'interrupted.mjs';
const said = ({ code, signal, stdout, stderr }: Run): unknown => ({ code, signal, stdout, stderr });

describe('an application that runs a script which Ctrl-C may end', () => {
  it('hears of the next one, and counts no listener but its own', async () => {
    const bare = said(await runApp(APP, { args: ['script'], isBare: true }));
    expect(bare).toEqual({ code: 7, signal: null, stdout: '0\nheard\n', stderr: '' });
    expect(said(await runApp(APP, { args: ['script'], env: PATIENT }))).toEqual(bare);
  });
});

describe('nothing is lost at a Ctrl-C', () => {
  it.each([
    ['stopped listening within a script that may be ended', 'leave'],
    ['listened for no longer than a part of a turn', 'part'],
    ['took all listeners away', 'all'],
  ])('of an application that %s', async (_, what) => {
    const { signal, stdout, lines } = await runApp(APP, { args: [what], env: PATIENT });
    expect([signal, stdout]).toEqual(['SIGINT', '0\n']);
    expect(lines.map((line) => line['tachograph.operation.name'])).toContain('the last');
  });
});
