/** A few faults of a soak, as its command plays them; `npm run soak` goes on for an hour. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { canMount } from './small-disk.js';
import { describeFault, LASTING_MS_MAX, proxyFault, type Step, soakSteps } from './soak-plan.js';

const SOAK = new URL('./soak.ts', import.meta.url).pathname;
/** Drawn so that there is something of each kind in little time. */
const SEED = 1126;
const FAULTS = 4;

function stepsOf(seed: number, count: number, hasDisks = true): Step[] {
  const steps = soakSteps(seed, hasDisks);
  return Array.from({ length: count }, () => steps.next().value as Step);
}

describe('a soak', () => {
  it('plays its faults, says each of them, and finds every obligation kept', async () => {
    const args = ['--import', 'tsx', SOAK, '--faults', String(FAULTS), '--seed', String(SEED)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    const [stdout = '', stderr = ''] = await Promise.all(
      [child.stdout, child.stderr].map(async (stream) =>
        String(Buffer.concat(await stream.toArray())),
      ),
    );
    const [status] = await ended;
    // Alerts of what was done to them are news, and no complaint.
    const complaints = stderr.replace(/^tachograph collector: alert .*\n/gm, '');
    expect({ status, complaints, stdout }).toEqual({
      status: 0,
      complaints: '',
      stdout: expect.stringMatching(/^seed 1126\b[\s\S]*every obligation is kept\n$/),
    });
    for (const { lasting, sudden } of stepsOf(SEED, FAULTS, canMount())) {
      expect(stdout).toContain(describeFault(lasting));
      if (sudden !== undefined) expect(stdout).toContain(describeFault(sudden));
    }
  });
});

describe('the plan of a soak', () => {
  const many = stepsOf(1, 2000);

  it('is the same for the same seed, and another for another', () => {
    expect(stepsOf(1, 50)).toEqual(many.slice(0, 50));
    expect(stepsOf(2, 50)).not.toEqual(many.slice(0, 50));
  });

  it('has every kind of fault, of the network and others, and knows how it is brought about', () => {
    const kinds = new Set(many.map(({ lasting }) => lasting.kind));
    expect([...kinds].sort()).toEqual([
      'answer',
      'calm',
      'disk',
      'network',
      'refuse-batches',
      'stop-application',
      'stop-collector',
    ]);
    const onTheWay = new Set(many.flatMap(({ lasting }) => proxyFault(lasting)?.kind ?? []));
    expect([...onTheWay].sort()).toEqual([
      'answer',
      'bandwidth',
      'black-hole',
      'duplicate',
      'latency',
      'no-answer',
      'refuse',
      'reset',
      'sometimes',
      'truncate',
    ]);
    const sudden = new Set(many.flatMap(({ sudden }) => sudden?.kind ?? []));
    expect([...sudden].sort()).toEqual(['end-application', 'kill-application', 'kill-collector']);
  });

  it('has no fault of disks where there are none', () => {
    const kinds = stepsOf(1, 500, false).map(({ lasting }) => lasting.kind);
    expect(kinds).not.toContain('disk');
  });

  it('lets each come within the time of its step', () => {
    const odd = many.filter(
      ({ pauseMs, lastingMs, afterMs }) =>
        pauseMs <= 0 || afterMs > lastingMs || lastingMs > LASTING_MS_MAX,
    );
    expect(odd).toEqual([]);
  });

  it('kills nothing whose losses nobody could be told of', () => {
    const suddenDuring = (isSo: (step: Step) => boolean): (string | undefined)[] => [
      ...new Set(many.filter(isSo).map(({ sudden }) => sudden?.kind)),
    ];
    expect(suddenDuring(({ lasting }) => lasting.kind === 'refuse-batches')).toEqual([undefined]);
    const onSpool = suddenDuring(
      ({ lasting }) => lasting.kind === 'disk' && lasting.of === 'spool',
    );
    expect(onSpool).not.toContain('kill-application');
    const stopped = suddenDuring(({ lasting }) => lasting.kind === 'stop-application');
    expect(stopped).not.toContain('end-application');
  });
});
