/** `tachograph config`, its run function in this process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/config.js';
import { UsageError } from '../../src/cli/exit-codes.js';
import { OPTIONS } from '../../src/shared/options.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Runs the command in an environment that holds nothing else that it reads. */
async function config(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; out: string }> {
  for (const row of OPTIONS) {
    for (const name of [row.env, ...(row.fallbacks ?? [])]) {
      vi.stubEnv(name.replace('!', '').split(':')[0]!, undefined);
    }
  }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  try {
    return { code: await run(args), out };
  } finally {
    vi.restoreAllMocks();
  }
}

describe('tachograph config', () => {
  it('prints every option with value and source, and ends with 0', async () => {
    const { code, out } = await config({ TACHOGRAPH_WINDOW: '20s' });
    expect(code).toBe(0);
    for (const row of OPTIONS) expect(out).toContain(`\n${row.env} `);
    expect(out).toMatch(/^TACHOGRAPH_WINDOW +20s +TACHOGRAPH_WINDOW \(default 10s\)$/m);
    expect(out).toMatch(/^TACHOGRAPH_LOG +warn +default$/m);
    expect(out).toContain('No problems.');
  });

  it('shows what the empty spool folder and service stand for', async () => {
    const { out } = await config({});
    const spool = join(tmpdir(), `tachograph-${process.getuid?.()}`);
    expect(out).toContain(`\nTACHOGRAPH_SPOOL_DIR `);
    const line = (name: string) => out.split('\n').find((row) => row.startsWith(`${name} `));
    expect(line('TACHOGRAPH_SPOOL_DIR')?.split(/ {2,}/)).toEqual([
      'TACHOGRAPH_SPOOL_DIR',
      spool,
      'default',
    ]);
    expect(line('TACHOGRAPH_SERVICE')).toMatch(/nearest package\.json.* default$/);
    expect(line('TACHOGRAPH_TOKEN')).toContain('(none)');
  });

  it('shows a spool folder that was chosen as it is', async () => {
    const { out } = await config({ TACHOGRAPH_SPOOL_DIR: '/chosen' });
    expect(out).toMatch(/^TACHOGRAPH_SPOOL_DIR +\/chosen +TACHOGRAPH_SPOOL_DIR \(default /m);
  });

  it('ends with 1 and says what is wrong', async () => {
    const { code, out } = await config({ TACHOGRAPH_DIGITS: '9', TACHOGRAPH_URL: 'gopher://x' });
    expect(code).toBe(1);
    expect(out).toContain('Problems: 2');
    expect(out).toContain('TACHO_OPTION_INVALID: TACHOGRAPH_DIGITS: expected a whole number');
    expect(out).toContain('TACHO_DESTINATION_INVALID: TACHOGRAPH_URL "gopher://x"');
  });

  it('is JSON on demand, with the same facts', async () => {
    const { code, out } = await config({ TACHOGRAPH_DIGITS: '9' }, '--format', 'json');
    const { options, problems } = JSON.parse(out);
    expect(code).toBe(1);
    expect(options.map((line: { key: string }) => line.key)).toEqual(OPTIONS.map((row) => row.key));
    expect(options.find((line: { key: string }) => line.key === 'digits')).toEqual({
      key: 'digits',
      env: 'TACHOGRAPH_DIGITS',
      value: '2',
      source: 'default',
      default: '2',
    });
    expect(problems).toHaveLength(1);
    expect(problems[0].code).toBe('TACHO_OPTION_INVALID');
  });

  it('is a Markdown table on demand, in which a value cannot end a cell', async () => {
    const { out } = await config({ TACHOGRAPH_SERVICE: 'a|b' }, '--format', 'md');
    expect(out).toContain('| TACHOGRAPH_SERVICE | a\\|b | TACHOGRAPH_SERVICE | (the name in');
  });

  it.each(['human', 'json', 'md'])('shows no secret as %s', async (format) => {
    const folder = mkdtempSync(join(tmpdir(), 'tachograph-config-'));
    const path = join(folder, 'config.json');
    writeFileSync(path, '{"token": ["hunter2"], "service": {"hunter2": 1}}');
    try {
      const env = {
        TACHOGRAPH_TOKEN: 'hunter2',
        TACHOGRAPH_URL: 'http://me:hunter2@127.0.0.1:4600,msgpack+http://127.0.0.1/?key=hunter2',
        TACHOGRAPH_CONFIG_FILE: path,
      };
      const { out } = await config(env, '--format', format);
      expect(out).toContain('********');
      expect(out).not.toContain('hunter2');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('prints no control characters of a value', async () => {
    const { out } = await config({ TACHOGRAPH_SERVICE: 'a\u001b[31mb\nTACHOGRAPH_FAKE row' });
    expect(out).not.toContain('\u001b');
    expect(out).not.toMatch(/^TACHOGRAPH_FAKE/m);
  });

  it('refuses another format', async () => {
    await expect(config({}, '--format', 'xml')).rejects.toThrow(UsageError);
  });
});
