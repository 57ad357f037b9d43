/**
 * A process in a real control group with real limits. Needs a tree this user may write: cgroup v1
 * with memory and cpu, or cgroup v2 with both handed down from the root. Elsewhere it is skipped and
 * says so.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findGroup } from '../../../src/workers/system/kernel/control-groups.js';
import { parseMounts } from '../../../src/workers/system/kernel/mounts.js';
import { type CompiledSampler, compileSampler } from './compiled-sampler.js';

const MEMORY_BYTES = 512 * 1024 * 1024;
/** A fifth of a processor. */
const QUOTA_US = 20_000;
const PERIOD_US = 100_000;
const NAME = `tacho-test-${process.pid}`;

/** Makes the groups and returns their folders, or why it could not. */
function createLimitedGroups(): readonly string[] | string {
  if (!existsSync('/proc/self/cgroup')) return 'no control groups on this platform';
  const membership = readFileSync('/proc/self/cgroup', 'utf8');
  const mounts = parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
  const folders: string[] = [];
  const make = (parent: string, limits: Readonly<Record<string, string>>) => {
    const folder = `${parent}/${NAME}`;
    mkdirSync(folder);
    folders.push(folder);
    for (const [file, value] of Object.entries(limits)) writeFileSync(`${folder}/${file}`, value);
  };
  try {
    for (const controller of ['memory', 'cpu', 'cpuacct']) {
      const group = findGroup(controller, membership, mounts);
      if (group === undefined) return `no ${controller} controller is mounted`;
      if (group.version === 2) {
        make(group.mountPoint, {
          'memory.max': `${MEMORY_BYTES}`,
          'cpu.max': `${QUOTA_US} ${PERIOD_US}`,
        });
        break;
      }
      const parent = controller === 'memory' ? group.folders[0] : group.mountPoint;
      if (existsSync(`${parent}/${NAME}`)) continue;
      make(parent ?? group.mountPoint, {
        ...(controller === 'memory' && { 'memory.limit_in_bytes': `${MEMORY_BYTES}` }),
        ...(controller === 'cpu' && {
          'cpu.cfs_period_us': `${PERIOD_US}`,
          'cpu.cfs_quota_us': `${QUOTA_US}`,
        }),
      });
    }
    return folders;
  } catch (error) {
    for (const folder of folders) rmdirSync(folder);
    return `control groups are not writable: ${(error as Error).message}`;
  }
}

const groups = createLimitedGroups();
const reason = typeof groups === 'string' ? groups : undefined;
const title = reason === undefined ? 'in a limited control group' : `SKIPPED, ${reason}:`;

describe.skipIf(reason !== undefined)(title, () => {
  let compiled: CompiledSampler;
  let seen: Readonly<Record<string, number>>;
  beforeAll(async () => {
    compiled = compileSampler();
    const script = compiled.script(
      'limited.js',
      `
const ballast = Buffer.alloc(${MEMORY_BYTES / 4}, 1);
const sampler = createSystemSampler({ sampler: 'kernel', sink, clock });
sampler.sampleFast();
const [startMs, before] = [performance.now(), process.cpuUsage()];
busyFor(3000);
const { user, system } = process.cpuUsage(before);
seen.ownCpuShare = (user + system) / 1000 / (performance.now() - startMs);
sampler.sampleFast();
seen.ballast = ballast.length;
console.log(JSON.stringify(seen));
`,
    );
    seen = JSON.parse(await runIn(groups as readonly string[], script));
  });
  afterAll(async () => {
    compiled.remove();
    for (const folder of groups as readonly string[]) rmdirSync(folder);
  });

  it('reads the memory limit, and usage without file cache below it', () => {
    expect(seen['container.memory.limit{}']).toBe(MEMORY_BYTES);
    expect(seen['container.memory.usage{}']).toBeGreaterThan(MEMORY_BYTES / 4);
    expect(seen['container.memory.usage{}']).toBeLessThan(MEMORY_BYTES);
    const share = seen['container.memory.usage{}']! / MEMORY_BYTES;
    expect(seen['container.memory.utilization{}']).toBeCloseTo(share * 10_000, 0);
  });

  it('reads the quota, sees it used up, and sees the throttling of a busy loop', () => {
    expect(seen['container.cpu.limit{}']).toBe((QUOTA_US / PERIOD_US) * 10_000);
    // Of the quota, what the process itself says that it had: less than all of it where others want the processors, more
    // where it was overdrawn by a slice of each processor in a period.
    const ofQuota = (seen.ownCpuShare! / (QUOTA_US / PERIOD_US)) * 10_000;
    expect(seen['container.cpu.utilization{}']).toBeGreaterThan(0.9 * ofQuota);
    expect(seen['container.cpu.utilization{}']).toBeLessThan(1.1 * ofQuota);
    expect(seen['container.cpu.utilization{}']).toBeLessThan(13_000);
    expect(seen['container.cpu.throttled.periods{}']).toBeGreaterThan(10);
    // How long depends on who else wanted the processors.
    expect(seen['container.cpu.throttled.time{}']).toBeGreaterThan(0);
  });
});

/** Runs `script` as a process that joins the groups before it becomes Node. */
function runIn(folders: readonly string[], script: string): Promise<string> {
  const joins = folders.map((folder) => `echo $$ > '${folder}/cgroup.procs'`).join(' && ');
  const command = `${joins} && exec '${process.execPath}' '${script}'`;
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`the limited process ended with ${code}: ${errors}`));
    });
  });
}
