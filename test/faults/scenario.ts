/**
 * One fault between a real application and a real collector, from beginning to end: the application
 * records well, the fault comes and is met, it goes, and everything that was recorded must be there
 * once. What the application itself did and said must be what it does without an agent, but for one
 * warning of a kind.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../support/fault-proxy/fault.js';
import { FaultProxy } from '../support/fault-proxy/fault-proxy.js';
import { Producer } from '../support/oracle/producer.js';
import { makeFolder } from '../support/run-app.js';
import { isBacklogSent, sendRest } from './backlog.js';
import { complaintsOfEnd, warningsOf } from './behaviour.js';

/** For a fault that is met with the next batch, or the next but one, past its timeout. */
const MEET_MS_MAX = 45_000;
/**
 * From the word to end to the end of the process. The agent has 500 ms of it (P6); the rest is for the application
 * itself, on a machine on which many of them run. One that waits for a request given up after 5 s takes 4 and more.
 */
const END_MS_MAX = 3000;

export interface Scenario {
  /** Of the service; one a scenario. */
  readonly name: string;
  readonly fault: Fault;
  /** How often it must have been met before it goes. */
  readonly times?: number;
  /**
   * Whether it goes while the application lives, which then must get a fresh record through in time,
   * or after its end, so that the next one has to send everything.
   */
  readonly until: 'healed' | 'ended';
}

export interface Outcome {
  readonly complaints: readonly string[];
  /** Codes of the warnings, one a time each was given. */
  readonly warnings: readonly string[];
  /** Records that the application's account calls dropped. */
  readonly dropped: Readonly<Record<string, number>>;
  /** How often the fault was met while the application lived. */
  readonly faults: number;
}

export async function play(scenario: Scenario, collectorUrl: string): Promise<Outcome> {
  const { name, fault, times = 2, until } = scenario;
  const folder = makeFolder();
  const proxy = await FaultProxy.start({ target: Number(new URL(collectorUrl).port) });
  const { url } = proxy;
  const producer = new Producer({ service: name, url, folder: folder.path });
  try {
    const complaints: string[] = [];
    await producer.beats(50);
    proxy.set(fault);
    await meet(proxy, times);
    // What the agent has to say of it, it says by then.
    await producer.beats(20);
    const { faults } = proxy;
    if (until === 'healed') {
      proxy.heal();
      if (!(await producer.isFreshSoon(collectorUrl))) complaints.push('no fresh record in 15 s');
      if (!(await isBacklogSent(folder.path))) complaints.push('the backlog was not sent');
    }
    const startMs = performance.now();
    const end = await producer.finish();
    const endMs = Math.round(performance.now() - startMs);
    if (endMs > END_MS_MAX) complaints.push(`it took ${endMs} ms to end`);
    complaints.push(...complaintsOfEnd(end));
    if (until === 'ended') {
      proxy.heal();
      const next = { service: `${name}-next`, url, folder: folder.path };
      const rest = await sendRest(next, collectorUrl);
      complaints.push(...rest.complaints, ...(await rest.producer.complaints(collectorUrl)));
    }
    complaints.push(...(await producer.complaints(collectorUrl)));
    const { accounts } = await producer.evidence(collectorUrl);
    const dropped = accounts[0]?.dropped ?? {};
    return { complaints, warnings: warningsOf(end), dropped, faults };
  } finally {
    await producer.kill();
    await proxy.close();
    folder.remove();
  }
}

async function meet(proxy: FaultProxy, times: number): Promise<void> {
  const deadlineMs = performance.now() + MEET_MS_MAX;
  while (proxy.faults < times) {
    if (performance.now() > deadlineMs) throw new Error(`the fault was met ${proxy.faults} times`);
    await sleep(20);
  }
}
