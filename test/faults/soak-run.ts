/**
 * Plays a soak's steps, one after the other, and says each fault with its time. In the end nothing is wrong any
 * more, and the oracle judges. A step ends before the next begins, so that at most one lasting fault and
 * one sudden one come together.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from './campaign.js';
import {
  describeFault,
  type Lasting,
  proxyFault,
  type Step,
  type Sudden,
  soakSteps,
} from './soak-plan.js';
import { SoakWorld } from './soak-world.js';

export interface SoakTerms {
  /** Of its own. */
  readonly folder: string;
  readonly seed: number;
  /** Steps of the seed that are left out before the first. */
  readonly from: number;
  readonly hasDisks: boolean;
  /** An id, which takes a series of the store, comes every so many beats of 25 ms. */
  readonly beatsPerId: number;
  /** Asked before each step, with the number of those that are done. */
  readonly isOver: (steps: number) => boolean;
  readonly say: (line: string) => void;
}

export async function soak(terms: SoakTerms): Promise<Outcome> {
  const startMs = performance.now();
  const say = (text: string): void => {
    terms.say(`${formatTime(performance.now() - startMs)}  ${text}`);
  };
  const world = await SoakWorld.start(terms.folder, terms.seed, terms.hasDisks, terms.beatsPerId);
  try {
    const all = soakSteps(terms.seed, terms.hasDisks);
    for (let left = terms.from; left > 0; left--) all.next();
    let steps = 0;
    for (const step of all) {
      if (terms.isOver(steps)) break;
      await play(world, step, say);
      steps += 1;
    }
    say(`${steps} faults; nothing is wrong any more`);
    return await world.judge();
  } finally {
    await world.close();
  }
}

async function play(world: SoakWorld, step: Step, say: (text: string) => void): Promise<void> {
  const { pauseMs, lasting, lastingMs, afterMs, sudden } = step;
  await sleep(pauseMs);
  await world.endAged();
  say(`${describeFault(lasting)}, for ${Math.round(lastingMs)} ms`);
  await begin(world, lasting);
  if (sudden === undefined) {
    await sleep(lastingMs);
  } else {
    await sleep(afterMs);
    say(`  ${describeFault(sudden)}`);
    await happen(world, sudden);
    await sleep(lastingMs - afterMs);
  }
  await end(world, lasting);
}

async function begin(world: SoakWorld, lasting: Lasting): Promise<void> {
  const fault = proxyFault(lasting);
  // What a collector has and did not get to acknowledge it would not refuse, and neither may we.
  if (lasting.kind === 'refuse-batches') await world.settle();
  if (fault !== undefined) return world.setFault(fault);
  switch (lasting.kind) {
    case 'stop-application':
      return world.signalApplication(lasting.line, 'SIGSTOP');
    case 'stop-collector':
      return world.signalCollector('SIGSTOP');
    case 'disk': {
      const disk = world.disks![lasting.of];
      return lasting.how === 'full' ? disk.fill() : disk.makeReadOnly();
    }
  }
}

async function happen(world: SoakWorld, sudden: Sudden): Promise<void> {
  switch (sudden.kind) {
    case 'kill-application':
      return world.killApplication(sudden.line);
    case 'end-application':
      return world.endApplication(sudden.line);
    case 'kill-collector':
      return world.killCollector();
  }
}

async function end(world: SoakWorld, lasting: Lasting): Promise<void> {
  switch (lasting.kind) {
    case 'refuse-batches':
      world.healNetwork();
      // Each tells of what was refused with its next batch.
      return world.settle();
    case 'stop-application':
      return world.signalApplication(lasting.line, 'SIGCONT');
    case 'stop-collector':
      return world.signalCollector('SIGCONT');
    case 'disk':
      await world.disks![lasting.of].heal();
      // What waits in memory must not be lost with an end that is none by force.
      if (lasting.of === 'spool') await world.endAllApplications();
      return;
    default:
      world.healNetwork();
  }
}

function formatTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
