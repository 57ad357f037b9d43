import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ARMS } from '../../bench/arms.js';
import { mainThreadInstructions, underCallgrind } from '../../bench/machine/callgrind.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-bench-callgrind-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What callgrind 3.19 writes, shortened. */
const counts = (totals: string): string =>
  `# callgrind format\nversion: 1\ncreator: callgrind-3.19.0\nthread: 1\nevents: Ir\n\nfn=(1) main\n0 17\n\n${totals}`;

describe('an arm under callgrind', () => {
  it('is the same program with the same flags, counted thread by thread', () => {
    const arm = { ...ARMS[2]!, binary: '/opt/node' };
    const counted = underCallgrind(arm, '/tmp/counts', 7);
    expect(counted.binary).toBe('valgrind');
    const at = counted.execArgv.indexOf('/opt/node');
    expect(counted.execArgv.slice(0, at)).toContain('--separate-threads=yes');
    expect(counted.execArgv.slice(at)).toEqual(['/opt/node', '--random-seed=7', ...arm.execArgv]);
  });

  it('is read from the file of its first thread', () => {
    const file = join(folder, 'counts');
    writeFileSync(`${file}-01`, counts('totals: 4346561204\n'));
    writeFileSync(`${file}-02`, counts('totals: 12\n'));
    expect(mainThreadInstructions(file)).toBe(4_346_561_204);
  });

  it('is refused when it was killed before it wrote its total', () => {
    const file = join(folder, 'cut');
    writeFileSync(`${file}-01`, counts(''));
    expect(() => mainThreadInstructions(file)).toThrow('expected a line "totals: N"');
  });
});
