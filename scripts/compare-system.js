/**
 * Compares the system sampler's two sources with each other and with independent tools, over the
 * same few seconds under load. Run after a build: `node scripts/compare-system.js`; exits with 1 when
 * a number is outside its tolerance. Linux only.
 *
 * Load: stress-ng (else a busy loop in another process) on one processor, a file written with fsync,
 * bytes over the loopback, open connections. Tools: vmstat, iostat, ss and df; where one is not
 * installed, awk reads the same from /proc.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MIB = 1024 * 1024;
const CONNECTIONS = 30;
const LOOPBACK_BYTES = 64 * MIB;
const FILE_BYTES = 64 * MIB;
/** The library reads disks and interfaces in every fifth round. */
const ROUNDS = 5;
const ROUND_MS = 700;
/** What a tool did not print: within no tolerance. */
const UNKNOWN = Number.NaN;

/** A sink that sums counters and keeps the last of gauges. */
function createSink() {
  const values = new Map();
  const keyOf = (metric, attributes = []) =>
    `${metric.name}{${attributes.map((pair) => pair.join('=')).join(',')}}`;
  return {
    values,
    observe() {},
    add(metric, delta, attributes) {
      const key = keyOf(metric, attributes);
      values.set(key, (values.get(key) ?? 0) + delta);
    },
    set(metric, value, attributes) {
      if (value >= 0) values.set(keyOf(metric, attributes), value);
    },
  };
}

/** The sum over all series whose key matches. */
function sumOf(sink, pattern) {
  let sum = Number.NaN;
  for (const [key, value] of sink.values) if (pattern.test(key)) sum = (sum || 0) + value;
  return sum;
}

function has(tool) {
  try {
    execFileSync('which', [tool], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function run(tool, ...args) {
  return execFileSync(tool, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
}

/** Numbers printed by awk over a kernel file. */
function awk(program, path) {
  return run('awk', program, path).trim().split(/\s+/).map(Number);
}

/** Totals as another program reads them, each with the name of that program. */
function readTools() {
  const tools = {};
  if (has('vmstat')) {
    const text = run('vmstat', '-s');
    const total = (name) => Number(new RegExp(`(\\d+) (?:K )?${name}`).exec(text)?.[1]);
    tools.cpu = ['vmstat', total('non-nice user cpu ticks') + total('nice user cpu ticks')];
    tools.cpuSystem = ['vmstat', total('system cpu ticks')];
    tools.memoryTotal = ['vmstat', total('total memory') * 1024];
    tools.memoryFree = ['vmstat', total('free memory') * 1024];
    tools.memoryBuffers = ['vmstat', total('buffer memory') * 1024];
  } else {
    const [user = UNKNOWN, system = UNKNOWN] = awk('/^cpu /{print $2+$3, $4}', '/proc/stat');
    const [total = UNKNOWN, free = UNKNOWN, buffers = UNKNOWN] = awk(
      '/^MemTotal:/{t=$2}/^MemFree:/{f=$2}/^Buffers:/{b=$2}END{print t,f,b}',
      '/proc/meminfo',
    );
    tools.cpu = ['awk', user];
    tools.cpuSystem = ['awk', system];
    tools.memoryTotal = ['awk', total * 1024];
    tools.memoryFree = ['awk', free * 1024];
    tools.memoryBuffers = ['awk', buffers * 1024];
  }
  const disks = '/^ *[0-9]+ +[0-9]+ (sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme[0-9]+n[0-9]+|mmcblk[0-9]+) /';
  const [sectors = UNKNOWN, writes = UNKNOWN] = awk(
    `${disks}{s+=$10;w+=$8}END{print s,w}`,
    '/proc/diskstats',
  );
  tools.diskWrites = ['awk', writes];
  tools.diskBytes = ['awk', sectors * 512];
  if (has('iostat')) {
    const { disk } = JSON.parse(run('iostat', '-dk', '-o', 'JSON')).sysstat.hosts[0].statistics[0];
    const physical = disk.filter((row) => !/^(loop|ram|zram|dm-|md|sr)/.test(row.disk_device));
    tools.diskBytes = ['iostat', physical.reduce((sum, row) => sum + row.kB_wrtn * 1024, 0)];
  }
  tools.loopback = ['awk', awk('/^ *lo:/{print $2}', '/proc/net/dev')[0]];
  return tools;
}

/** States as another program reads them, for the slow tier and the process. */
function readStates() {
  const pid = process.pid;
  const count = (file) => {
    const [connections = UNKNOWN] = awk('$4=="01"{n++}END{print n+0}', file);
    return connections;
  };
  const established = has('ss')
    ? ['ss', run('ss', '-Htan', 'state', 'established').split('\n').filter(Boolean).length]
    : ['awk', count('/proc/net/tcp') + count('/proc/net/tcp6')];
  const [, root = ''] = run('df', '-kP', '/').split('\n');
  const [, , used = UNKNOWN, free = UNKNOWN] = root.split(/\s+/).map(Number);
  const [threads = UNKNOWN, rss = UNKNOWN] = awk(
    '/^Threads:/{t=$2}/^VmRSS:/{r=$2}END{print t,r}',
    `/proc/${pid}/status`,
  );
  return {
    established,
    diskUsed: ['df', used * 1024],
    diskFree: ['df', free * 1024],
    threads: ['awk', threads],
    rss: ['awk', rss * 1024],
    descriptors: ['ls', run('ls', `/proc/${pid}/fd`).split('\n').filter(Boolean).length],
  };
}

function startCpuLoad(seconds) {
  const child = has('stress-ng')
    ? spawn('stress-ng', ['--cpu', '1', '--timeout', `${seconds}s`], { stdio: 'ignore' })
    : spawn(process.execPath, ['-e', `const e=Date.now()+${seconds * 1000};while(Date.now()<e);`]);
  return {
    name: basename(child.spawnfile),
    stopped: new Promise((resolve) => child.once('exit', resolve)),
    stop: () => child.kill('SIGTERM'),
  };
}

function writeFileLoad() {
  const folder = mkdtempSync(join(tmpdir(), 'tacho-compare-'));
  const fd = openSync(join(folder, 'load'), 'w');
  const block = Buffer.alloc(MIB, 'tachograph');
  for (let i = 0; i < FILE_BYTES / MIB; i++) writeSync(fd, block);
  fsyncSync(fd);
  closeSync(fd);
  return () => rmSync(folder, { recursive: true, force: true });
}

/** Connections to a server of our own, kept open until `close`. */
async function openConnections() {
  const server = createServer((socket) => socket.resume().on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const sockets = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve));
    sockets.push(socket);
  }
  return {
    async send(bytes) {
      const block = Buffer.alloc(MIB);
      for (let sent = 0; sent < bytes; sent += block.length) {
        await new Promise((resolve) => sockets[0].write(block, resolve));
      }
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/**
 * Measures once and returns rows of numbers of the same thing: by the kernel source, by the library
 * and by a tool. NaN where one of them does not know it.
 */
export async function compareSystem(createSystemSampler) {
  const clock = () => performance.now();
  const sinks = { kernel: createSink(), library: createSink() };
  const kernel = createSystemSampler({ sampler: 'kernel', sink: sinks.kernel, clock });
  const library = createSystemSampler({ sampler: 'systeminformation', sink: sinks.library, clock });
  const connections = await openConnections();

  // Written bytes of earlier work would reach the disk at any time.
  run('sync');
  await library.sampleFast();
  kernel.sampleFast();
  const before = readTools();
  const load = startCpuLoad(30);
  const removeFile = writeFileLoad();
  await connections.send(LOOPBACK_BYTES);
  for (let i = 1; i < ROUNDS; i++) {
    await sleep(ROUND_MS);
    await library.sampleFast();
  }
  load.stop();
  await load.stopped;
  await library.sampleFast();
  kernel.sampleFast();
  const after = readTools();
  await library.sampleSlow();
  await kernel.sampleSlow();
  const states = readStates();

  connections.close();
  removeFile();
  kernel.close();
  library.close();
  return { load: load.name, rows: createRows(sinks, before, after, states) };
}

const CPU_USER = /^system\.cpu\.time\{cpu\.mode=(user|nice)\}/;
const MEMORY = (state) => new RegExp(`^system.memory.usage{system.memory.state=${state}}`);
const ROOT = (state) => new RegExp(`^system.filesystem.usage.*mountpoint=/,.*state=${state}}`);
/** vmstat and /proc/stat count in these. */
const TICK_US = 10_000;

/**
 * The readings come one after the other, up to 0.3 s apart, on a machine that may have other work.
 * The tolerances are what two processors can do in that time, or a share of the load.
 */
function createRows(sinks, before, after, states) {
  const added = (key, factor = 1) => [after[key][0], (after[key][1] - before[key][1]) * factor];
  const row = (what, pattern, tool, share, least) => {
    const values = [sumOf(sinks.kernel, pattern), sumOf(sinks.library, pattern), tool[1]];
    return judge({ what, values, tool: tool[0], share, least });
  };
  return [
    row('CPU user, µs', CPU_USER, added('cpu', TICK_US), 0.1, 600_000),
    row(
      'CPU system, µs',
      /^system.cpu.time{cpu.mode=system/,
      added('cpuSystem', TICK_US),
      0.2,
      600_000,
    ),
    row('memory total', /^system.memory.limit/, after.memoryTotal, 0, 0),
    row('memory free', MEMORY('free'), after.memoryFree, 0.01, 64 * MIB),
    row('memory buffers', MEMORY('buffers'), after.memoryBuffers, 0.01, 8 * MIB),
    row('disk bytes written', /^system.disk.io{.*=write/, added('diskBytes'), 0.2, 4 * MIB),
    row('disk writes', /^system.disk.operations{.*=write/, added('diskWrites'), 0.15, 200),
    row('loopback bytes', /^system.network.io{.*=lo,.*=receive/, added('loopback'), 0.05, MIB),
    row('/ used', ROOT('used'), states.diskUsed, 0.001, 64 * MIB),
    row('/ free', ROOT('free'), states.diskFree, 0.001, 64 * MIB),
    row('established', /connection.state=established/, states.established, 0.1, 4),
    row('RSS', /^process.memory.usage/, states.rss, 0.1, 16 * MIB),
    row('threads', /^process.thread.count/, states.threads, 0, 1),
    // Starting the tool opens a dozen of its own for as long as it runs.
    row('descriptors', /^process.open_file/, states.descriptors, 0, 16),
  ];
}

/** Within tolerance: the values differ by at most `share` of the largest, or by `least`. */
function judge({ what, values, tool, share, least }) {
  const [kernel, library, independent] = values;
  const known = values.filter((value) => !Number.isNaN(value));
  const spread = Math.max(...known) - Math.min(...known);
  const tolerance = Math.max(least, share * Math.max(...known));
  const ok = !Number.isNaN(kernel) && !Number.isNaN(independent) && spread <= tolerance;
  return { what, kernel, library, tool, independent, spread, tolerance, ok };
}

function print({ load, rows }) {
  const cell = (value) => (Number.isNaN(value) ? '—' : Math.round(value).toLocaleString('en'));
  const line = (cells) =>
    `${cells[0].padEnd(20)}${cells
      .slice(1)
      .map((c) => c.padStart(17))
      .join('')}`;
  console.log(`CPU load by ${load}\n`);
  console.log(line(['', 'kernel', 'library', 'tool', '', 'spread', 'tolerance', '']));
  for (const row of rows) {
    const numbers = [row.kernel, row.library, row.independent].map(cell);
    const rest = [row.tool, cell(row.spread), cell(row.tolerance), row.ok ? 'ok' : 'DIFFERS'];
    console.log(line([row.what, ...numbers, ...rest]));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { createSystemSampler } = await import('../dist/workers/system/system-sampler.js');
  const result = await compareSystem(createSystemSampler);
  print(result);
  if (result.rows.some((row) => !row.ok)) process.exitCode = 1;
}
