/** `tachograph run` as people run it: a process, with real commands and a real collector. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freeUrl } from '../support/free-url.js';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');
const MAIN = join(ROOT, 'dist/cli/main.js');

let folder: string;
const started: ChildProcess[] = [];
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tachograph-run-')));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: string[], env: NodeJS.ProcessEnv = {}, main = MAIN): ChildProcess {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: {
      ...inherited,
      TACHOGRAPH_COLLECTOR_DATA: join(folder, 'data'),
      TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'),
      ...env,
    },
    stdio: 'pipe',
  });
  started.push(child);
  return child;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

const run = (args: string[], env?: NodeJS.ProcessEnv): Promise<Ended> =>
  ended(start(['run', ...args], env));

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}/v1/health`).then(
    (response) => response.ok,
    () => false,
  );

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await delay(25);
}

async function services(url: string): Promise<string[]> {
  const answer = await fetch(`${url}/v1/services`);
  const body = (await answer.json()) as { services: { name: string }[] };
  return body.services.map(({ name }) => name);
}

/** Process ids whose command line holds `word`. */
function processesWith(word: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word);
      } catch {
        return false;
      }
    })
    .map(Number);
}

const SHORT_WINDOWS = { TACHOGRAPH_WINDOW: '1s' };

/** A program that ends once the collector knows its service, which a busy machine decides when. */
const untilRecorded = (url: string, service: string): string => `
  const look = async () => {
    const answer = await (await fetch('${url}/v1/services')).text();
    if (!answer.includes('"${service}"')) return setTimeout(look, 50);
    console.log('recorded');
  };
  look();`;

/** To a file, where no collector is needed. */
const nowhere = (): string[] => ['--url', `file://${join(folder, 'out.ndjson')}`];
const node = (code: string): string[] => ['--', process.execPath, '-e', code];

describe('the command', () => {
  it('has its streams to itself and its exit code becomes ours', async () => {
    const code =
      "process.stdout.write('out'); process.stderr.write('err\\n'); process.exitCode = 7";
    const result = await run([...nowhere(), ...node(code)]);
    expect(result.code).toBe(7);
    expect(result.out).toBe('out');
    expect(result.err).toMatch(/^err\ntachograph: recorded to file:\/\/\S+out\.ndjson\n$/);
  });

  it('that a signal ended gives 128 + its number', async () => {
    const result = await run([...nowhere(), ...node("process.kill(process.pid, 'SIGKILL')")]);
    expect(result.code).toBe(137);
  });

  it('may follow without --, and keeps options of its own', async () => {
    const code = 'process.argv.slice(1).join()';
    const args = [...nowhere(), process.execPath, '-p', code, 'word', '--keep', '--help'];
    const result = await run(args);
    expect(result).toMatchObject({ code: 0, out: 'word,--keep,--help\n' });
  });

  it('that is missing is a usage error', async () => {
    const result = await run(nowhere());
    expect(result.code).toBe(2);
    expect(result.err).toContain('expected a command to run, got none');
  });

  it('that does not exist gives 127 and says so', async () => {
    const result = await run([...nowhere(), '--', 'no-such-command-here']);
    expect(result.code).toBe(127);
    expect(result.err).toContain('found no "no-such-command-here"');
    expect(result.err).not.toContain('recorded');
  });

  it('that cannot be run gives 126 and says so', async () => {
    const path = join(folder, 'not-executable');
    writeFileSync(path, '#!/bin/sh\n');
    chmodSync(path, 0o644);
    const result = await run([...nowhere(), '--', path]);
    expect(result.code).toBe(126);
    expect(result.err).toContain('cannot run');
    expect(result.err).not.toContain('recorded');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'gets our %s and decides what follows',
    async (signal) => {
      const code = `process.on('${signal}', () => { console.log('bye'); process.exit(3); });
      setInterval(() => {}, 1000); console.log('up')`;
      const child = start(['run', ...nowhere(), ...node(code)]);
      const result = ended(child);
      await once(child.stdout!, 'data');
      child.kill(signal);
      expect(await result).toMatchObject({ code: 3, out: 'up\nbye\n' });
    },
  );

  it('keeps its NODE_OPTIONS, and has the agent after them', async () => {
    const { out } = await run([...nowhere(), ...node('console.log(process.env.NODE_OPTIONS)')], {
      NODE_OPTIONS: '--stack-trace-limit=7',
    });
    expect(out).toMatch(/^--stack-trace-limit=7 --import=file:\/\/\S+\/dist\/register\.js\n$/);
  });

  it('is recorded from a path with spaces and quotes', async () => {
    const place = join(folder, `a "place" with 100% 'odd' names`);
    mkdirSync(place);
    cpSync(join(ROOT, 'dist'), join(place, 'dist'), { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(place, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'));
    const file = join(folder, 'spaces.ndjson');
    const args = ['run', '--url', `file://${file}`, '--service', 'spaced'];
    const main = join(place, 'dist/cli/main.js');
    const untilWritten = `
      const { existsSync } = require('node:fs');
      const look = () => existsSync(${JSON.stringify(file)}) || setTimeout(look, 50);
      look();`;
    const { code } = await ended(start([...args, ...node(untilWritten)], SHORT_WINDOWS, main));
    expect(code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('"service.name":"spaced"');
  });
});

describe('tachograph collector', () => {
  it('says that its port is in use and how to choose another', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const result = await ended(start(['collector', '--port', String(port)]));
    server.close();
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain(`expected port ${port} of 127.0.0.1 to be free`);
    expect(result.err).toContain('perhaps a collector');
    expect(result.err).toContain('tachograph collector --port NUMBER');
  });
});

describe('a collector', () => {
  it('is started where none answers, gets the records, and ends with the command', async () => {
    const url = await freeUrl();
    const code = untilRecorded(url, 'first');
    const result = await run(['--url', url, '--service', 'first', ...node(code)], SHORT_WINDOWS);
    expect(result).toMatchObject({ code: 0, out: 'recorded\n' });
    expect(result.err).toContain('recorded; read it: npx tachograph collector --port');
    expect(await isUp(url)).toBe(false);

    const port = new URL(url).port;
    const reader = start(['collector', '--port', port]);
    await until(() => isUp(url));
    expect(await services(url)).toContain('first');
    reader.kill('SIGTERM');
    await once(reader, 'exit');
  });

  it('that answers is used and left alone', async () => {
    const url = await freeUrl();
    const own = start(['collector', '--port', new URL(url).port]);
    await until(() => isUp(url));
    const code = untilRecorded(url, 'guest');
    const result = await run(['--url', url, '--service', 'guest', ...node(code)], SHORT_WINDOWS);
    expect(result).toMatchObject({ code: 0, out: 'recorded\n' });
    expect(result.err).toContain(`recorded at ${url}; read it: npx tachograph top --url ${url}`);
    expect(await services(url)).toContain('guest');
    own.kill('SIGTERM');
    await once(own, 'exit');
  });

  it('is left running with --keep', async () => {
    const url = await freeUrl();
    const { port } = new URL(url);
    const result = await run(['--keep', '--url', url, ...node('0')]);
    const pids = processesWith(port);
    try {
      expect(result.code).toBe(0);
      expect(result.err).toContain(`recorded at ${url}`);
      expect(await isUp(url)).toBe(true);
    } finally {
      for (const pid of pids) process.kill(pid);
    }
    await until(() => processesWith(port).length === 0);
  });

  it('does not outlive a run that is killed', async () => {
    const url = await freeUrl();
    const { port } = new URL(url);
    const code = "console.log('up'); setTimeout(() => {}, 3000)";
    const child = start(['run', '--url', url, ...node(code)]);
    await once(child.stdout!, 'data');
    expect(await isUp(url)).toBe(true);
    child.kill('SIGKILL');
    await until(() => processesWith(port).length === 0);
    expect(await isUp(url)).toBe(false);
  });

  it('is not started when another program has its port', async () => {
    const server = createServer((_, response) => response.end('something else'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const marker = join(folder, 'ran');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`;
    const result = await run(['--url', `http://127.0.0.1:${port}`, ...node(code)]);
    expect(result.code).toBe(1);
    expect(result.err).toContain('expected a collector or nothing at');
    expect(existsSync(marker)).toBe(false);
    server.close();
  });

  it('of another run that took the port first is used, and the command is run', async () => {
    // Stands for the winner: it answers only once our own collector has come and gone.
    let port = '';
    let hasCome = false;
    let asked = 0;
    const server = createServer((request, response) => {
      const isThere = processesWith(port).length > 0;
      hasCome ||= isThere;
      if (hasCome && !isThere) asked += 1;
      if (asked > 1) response.end('{"status":"ok"}');
      else request.socket.destroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = String((server.address() as AddressInfo).port);
    const url = `http://127.0.0.1:${port}`;
    const result = await run(['--url', url, ...node("console.log('ran')")], {
      TACHOGRAPH_ENABLED: 'off',
    });
    server.close();
    expect(result).toMatchObject({ code: 0, out: 'ran\n' });
    expect(result.err).toContain(`recorded at ${url}`);
  });

  it('that cannot start is an error with its reason, and the command is not run', async () => {
    const url = await freeUrl();
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    const env = { TACHOGRAPH_COLLECTOR_DATA: blocked };
    const result = await run(['--url', url, ...node("console.log('ran')")], env);
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain('it ended with code 1');
  });

  it('is not looked for where the destination is a wrong one', async () => {
    const result = await run(['--url', 'gopher://x', ...node("console.log('ran')")]);
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toContain('--url: TACHOGRAPH_URL "gopher://x"');
  });
});
