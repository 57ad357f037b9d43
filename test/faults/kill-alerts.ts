/**
 * kill -9 of whoever keeps the alerts, again and again: at a look, at a message on its way, or a moment after
 * either, which is when things are written down. Bounded: one keeper at a time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { AlertWorld } from './alert-world.js';
import type { Campaign } from './campaign.js';

const KEEPER = new URL('./children/alert-keeper.ts', import.meta.url).pathname;
/** Looks and messages of a life at most. */
const MOMENTS_MAX = 24;
const AFTER_MS_MAX = 12;

export interface AlertsOutcome {
  /** Messages that were taken, each time they were. */
  readonly taken: number;
  /** Of them those that came again, under the key that they had. */
  readonly repeated: number;
  readonly complaints: readonly string[];
}

/** @param pairs of phases of each service; the last lives may find nothing new, and only send */
export async function killAlerts(campaign: Campaign, pairs: number): Promise<AlertsOutcome> {
  const { folder, times, random, say } = campaign;
  const world = await AlertWorld.start({ random, pairs });
  try {
    for (let kill = 0; kill < times; kill++) {
      const keeper = startKeeper(folder, world.url);
      await momentOf(world, random);
      keeper.kill('SIGKILL');
      await once(keeper, 'exit');
      if ((kill + 1) % 20 === 0) say(`${kill + 1} of ${times} keepers killed`);
    }
    world.onMoment = () => {};
    world.isEndless = false;
    const [code] = await once(startKeeper(folder, world.url), 'exit');
    const failed = code === 0 ? [] : [`the last keeper ended with ${code}`];
    const { taken, repeated } = world;
    return { taken, repeated, complaints: [...failed, ...world.complaints()] };
  } finally {
    await world.close();
  }
}

function startKeeper(folder: string, url: string): ChildProcess {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = ['--import', 'tsx', KEEPER, folder, url];
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function momentOf(world: AlertWorld, random: () => number): Promise<void> {
  let left = 1 + Math.floor(random() * MOMENTS_MAX);
  await new Promise<void>((resolve) => {
    world.onMoment = () => {
      left -= 1;
      if (left === 0) resolve();
    };
  });
  const afterMs = random() * AFTER_MS_MAX;
  if (random() < 0.8) await new Promise((resolve) => setTimeout(resolve, afterMs));
}
