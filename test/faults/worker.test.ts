/** The agent's worker is out of memory, hangs, or crashes again and again: fault 13, and the end of P1. */
import { describe, expect, it, type TestContext } from 'vitest';
import { obligedIds } from '../support/oracle/id-log.js';
import { complaintsOf } from '../support/oracle/judge.js';
import { Producer, type ProducerEnd } from '../support/oracle/producer.js';
import { makeFolder } from '../support/run-app.js';
import { isBacklogSent, sendRest } from './backlog.js';
import { complaintsOfEnd, differences, warningsOf } from './behaviour.js';
import { collectorOfFile } from './collector-of-file.js';

/** Past several windows and checkpoints. */
const BEATS_BEFORE = 120;
/** A second and a half of them (P5): what a worker had not saved when it was ended. */
const LOST_IDS_MAX = 60;
/** A worker hangs for 30 s before it is ended, and five crashes are 15 s of backoff. */
const TIMEOUT_MS = 120_000;

const collectorUrl = collectorOfFile();

function start(service: string, { onTestFinished }: TestContext, isBare = false): Producer {
  const folder = makeFolder();
  const producer = new Producer({
    service,
    url: collectorUrl(),
    folder: folder.path,
    app: ['oracle-worker-faults.mjs'],
    isBare,
  });
  onTestFinished(async () => {
    await producer.kill();
    folder.remove();
  });
  return producer;
}

/** Ids that are not there, of an application that has ended. */
async function missingOf(producer: Producer): Promise<number> {
  const { recorded, counts } = await producer.evidence(collectorUrl());
  return recorded - counts.size;
}

describe.concurrent('a worker of the agent', () => {
  async function replace(fault: string, context: TestContext): Promise<void> {
    const producer = start(`worker-${fault}`, context);
    await producer.recording();
    await producer.beats(BEATS_BEFORE);
    producer.tell(fault);
    await producer.heard('TACHO_WORKER_CRASHED');
    expect(await producer.isFreshSoon(collectorUrl())).toBe(true);
    expect(await isBacklogSent(producer.folder)).toBe(true);
    const end = await producer.finish();
    expect(complaintsOfEnd(end)).toEqual([]);
    expect(warningsOf(end)).toEqual(['TACHO_WORKER_CRASHED']);
    expect(await producer.complaints(collectorUrl())).toEqual([]);
    expect(await missingOf(producer)).toBeLessThanOrEqual(LOST_IDS_MAX);
    const { accounts } = await producer.evidence(collectorUrl());
    const { worker_crash: _, ...otherwise } = accounts[0]!.dropped;
    expect(Object.values(otherwise).filter((records) => records > 0)).toEqual([]);
  }

  it(
    'that is out of memory is replaced: nothing saved is lost, the rest is counted, the application goes on',
    {
      timeout: TIMEOUT_MS,
    },
    (context) => replace('memory', context),
  );

  it(
    'that is in an endless loop is ended and replaced: nothing saved is lost, the rest is counted, the application goes on',
    {
      timeout: TIMEOUT_MS,
    },
    (context) => replace('loop', context),
  );
});

describe.concurrent('the agent', () => {
  it('turns itself off after five crashes in an hour and says so once; the application goes on as without it', {
    timeout: TIMEOUT_MS,
  }, async (context) => {
    const producer = start('worker-off', context);
    await producer.recording();
    producer.tell('each crash');
    await producer.heard('TACHO_AGENT_OFF');
    // What was recorded until then; of the rest nobody will hear.
    const { log } = producer;
    await producer.beats(BEATS_BEFORE);
    const end = await producer.finish();
    expect(differences(end, await bareEnd(context))).toEqual([]);
    expect(warningsOf(end)).toEqual(['TACHO_WORKER_CRASHED', 'TACHO_AGENT_OFF']);
    expect(end.stderr).toContain('5 crashes in an hour; the last: on purpose');

    // What its workers had saved, the next process delivers.
    const { folder } = producer;
    const next = { service: 'worker-off-next', url: collectorUrl(), folder };
    expect((await sendRest(next, collectorUrl())).complaints).toEqual([]);
    const evidence = await producer.evidence(collectorUrl());
    const obliged = obligedIds(log, 'killed');
    expect(obliged).toBeGreaterThan(BEATS_BEFORE);
    expect(complaintsOf({ ...evidence, obliged, end: 'killed' })).toEqual([]);
  });

  async function bareEnd(context: TestContext): Promise<ProducerEnd> {
    const bare = start('worker-bare', context, true);
    bare.tell('each crash');
    await bare.beats(10);
    return bare.finish();
  }
});
