import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const src = new URL('../../src/transport/', import.meta.url).pathname;

/** What of node_modules a fresh process has loaded after it imported these modules of ours. */
function loadedBy(...modules: string[]): string[] {
  const code = `
    import { Module } from 'node:module';
    for (const name of ${JSON.stringify(modules)}) await import(${JSON.stringify(src)} + name);
    console.log(JSON.stringify(Object.keys(Module._cache)));
  `;
  const run = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', code],
    { encoding: 'utf8' },
  );
  expect(run.stderr).toBe('');
  const paths = JSON.parse(run.stdout) as string[];
  return paths.map((path) => path.split('node_modules/').at(-1)!);
}

/** The code of a file and of all that it imports at once. */
function withParts(file: URL, seen = new Set<string>()): string {
  if (seen.has(file.href)) return '';
  seen.add(file.href);
  const code = readFileSync(file, 'utf8');
  const parts = [...code.matchAll(/\b(?:import|from)\s*"(\.\/part-[^"]+)"/g)];
  return code + parts.map(([, path]) => withParts(new URL(path!, file), seen)).join('');
}

describe('what the worker loads', () => {
  it('is neither undici nor the native addition of msgpackr', () => {
    const loaded = loadedBy('lane.ts', 'spool.ts', 'create-sender.ts', 'native-sender.ts');
    const packages = new Set(loaded.map((path) => path.split('/')[0]!));
    expect(packages).not.toContain('msgpackr-extract');
    expect(packages).not.toContain('undici');
  });

  it('is no network module before a destination asks for it', () => {
    const worker = new URL('../../dist/workers/agent-worker.js', import.meta.url);
    const code = withParts(worker);
    const eager = [...code.matchAll(/getBuiltinModule\?\.\("(node:[\w/]+)"\)/g)].map(
      ([, id]) => id,
    );
    expect(eager).toContain('node:fs');
    for (const id of ['node:dns', 'node:http', 'node:https', 'node:net', 'node:tls']) {
      expect(eager).not.toContain(id);
    }
  });
});
