import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSampler, compileSampler } from './compiled-sampler.js';

const isLinux = process.platform === 'linux';
/** Runs in a worker, as in the agent, with both tiers. */
const SAMPLING = `
const sampler = createSystemSampler({ sampler: 'kernel', sink, clock });
for (let i = 0; i < 20; i++) {
  if (i % 10 === 0) await sampler.sampleSlow();
  sampler.sampleFast();
}
if (sampler.failures !== 0) throw new Error(sampler.failures + ' failures');
if (!(seen['system.memory.limit{}'] > 0)) throw new Error('nothing was sampled');
if (process.env.SPAWN_ONE) (await import('node:child_process')).execFileSync('true');
`;
const MAIN = (worker: string) => `
const { Worker } = await import('node:worker_threads');
const worker = new Worker(${JSON.stringify(worker)}, { execArgv: [] });
worker.on('error', (error) => { console.error(error); process.exitCode = 1; });
`;

describe.runIf(isLinux)('the kernel source', () => {
  let compiled: CompiledSampler;
  let main: string;
  beforeAll(() => {
    compiled = compileSampler();
    main = compiled.script('main.js', MAIN(compiled.script('worker.js', SAMPLING)));
  });
  afterAll(() => compiled.remove());

  it('starts no child process, by the account of child_process itself', () => {
    const guard = compiled.script(
      'guard.js',
      `
const { default: childProcess } = await import('node:child_process');
const { syncBuiltinESMExports } = await import('node:module');
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  childProcess[name] = () => { throw new Error('child process by ' + name); };
}
syncBuiltinESMExports();
try { childProcess.spawn('true'); throw new Error('unguarded'); } catch (error) {
  if (error.message === 'unguarded') throw error;
}
${SAMPLING}`,
    );
    const { status, stderr } = spawnSync(process.execPath, [guard], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('starts no child process, by the account of the system', () => {
    const plain = countProcesses(compiled, main, {});
    const withOne = countProcesses(compiled, main, { SPAWN_ONE: '1' });
    // The negative: the counting sees a child when there is one.
    expect(withOne - plain).toBe(1);
    expect(plain).toBe(0);
  });

  it('loads no library: systeminformation cannot be found where it runs', () => {
    const library = compiled.script(
      'library.js',
      `
const sampler = createSystemSampler({ sampler: 'systeminformation', sink, clock });
await sampler.sampleFast();
process.exitCode = sampler.failures === 0 ? 1 : 0;
`,
    );
    // The other source fails there, and says so by its count instead of throwing.
    expect(spawnSync(process.execPath, [library]).status).toBe(0);
    expect(spawnSync(process.execPath, [main]).status).toBe(0);
  });

  it('opens its descriptors once and gives them back on close', () => {
    const script = compiled.script(
      'descriptors.js',
      `
const { readdirSync } = await import('node:fs');
const count = () => readdirSync('/proc/self/fd').length;
const before = count();
const sampler = createSystemSampler({ sampler: 'kernel', sink, clock });
sampler.sampleFast();
sampler.sampleFast();
const opened = count();
// The listing counts its own descriptor, which is gone when the sampler asks.
if (seen['process.open_file_descriptor.count{}'] !== opened - 1) throw new Error('miscounted');
for (let i = 0; i < 50; i++) sampler.sampleFast();
await sampler.sampleSlow();
const later = count();
sampler.close();
console.log(JSON.stringify([opened - before, later - opened, count() - before]));
`,
    );
    const out = execFileSync(process.execPath, [script], { encoding: 'utf8' });
    const [opened, grown, left] = JSON.parse(out) as number[];
    expect(opened).toBeGreaterThan(5);
    expect(opened).toBeLessThanOrEqual(16);
    expect(grown).toBe(0);
    expect(left).toBe(0);
  });
});

/** Programs started by `main` and its descendants, as strace saw them. */
function countProcesses(compiled: CompiledSampler, main: string, env: NodeJS.ProcessEnv): number {
  const log = join(compiled.folder, 'strace.log');
  const args = ['-f', '-qq', '-e', 'trace=execve', '-o', log, process.execPath, main];
  const result = spawnSync('strace', args, { encoding: 'utf8', env: { ...process.env, ...env } });
  if (result.error) {
    throw new Error(
      `expected strace to count child processes, got ${result.error.message}: apt-get install strace`,
    );
  }
  expect(result.stderr).toBe('');
  const lines = readFileSync(log, 'utf8').split('\n');
  // The first one is the process itself.
  return lines.filter((line) => /execve\(.* = 0$/.test(line)).length - 1;
}
