import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { publish, README_BEGIN, README_END, withTable } from '../../bench/report/readme-file.js';
import { renderReadmeTable } from '../../bench/report/readme-table.js';
import { ROOT, textOf } from '../project/source-files.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-bench-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const places = { readme: join(folder, 'README.md'), published: join(folder, 'readme.json') };
const README = `# Title\n\n${README_BEGIN}\nold\n${README_END}\n\nMore.\n`;

const interval = (median: number) => ({ median, low: median - 1, high: median + 1, rounds: 14 });
const spread = { median: 10, min: 9 };

const comparison = (
  arm: string,
  harness: string,
  value: string,
  subject: string,
  added: number,
) => ({
  measure: { kind: 'compared', harness, value, title: 'CPU, whole process', unit: 'µs', per: 1 },
  ...{ subject, arm, baseline: spread, treatment: spread, noise: interval(0), bar: 2 },
  ...{ difference: interval(added), ratio: interval(1), verdict: 'holds' },
});

const RESULTS = {
  run: {
    ...{
      plan: 'full',
      times: {},
      seed: 7,
      date: '2030-01-02T03:04:05.000Z',
      command: 'npm run bench',
    },
    peers: [],
    machine: {
      ...{ processor: 'Test CPU', cores: 2, memoryBytes: 1, system: 'Linux', node: '20.1.0' },
      ...{ tachograph: '0.0.0', loadAtStart: 0 },
    },
  },
  findings: {
    comparisons: [
      comparison('on', 'in-memory', 'processCpuUs', 'fastify-hello', 1.5),
      comparison('a peer', 'in-memory', 'processCpuUs', 'fastify-hello', 66),
      comparison('on', 'in-memory', 'processCpuUs', 'http-hello', 1.25),
    ],
    costs: [
      {
        measure: { harness: 'wire', value: 'ownGzipBytes', title: 'busy, ours', unit: 'B' },
        ...{ subject: 'busy', interval: interval(423), bar: 450, verdict: 'holds' },
      },
    ],
  },
  figures: [],
  rows: [{ harness: 'in-memory' }],
};

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

beforeEach(() => {
  writeFileSync(places.readme, README);
  rmSync(places.published, { force: true });
});

describe('README.md', () => {
  it('shows what bench/readme.json holds, or no figures when there is no such file', () => {
    const published = 'bench/readme.json';
    const runs = existsSync(join(ROOT, published)) ? JSON.parse(textOf(published)) : [];
    expect(textOf('README.md')).toBe(withTable(textOf('README.md'), runs));
  });
});

describe('--readme', () => {
  it('shows a share where a share is promised, for all arms alike', async () => {
    const ofPage = (arm: string, ratio: number) => ({
      ...comparison(arm, 'loopback', 'processCpuUs', 'erp-order-page', 80),
      bar: arm === 'on' ? { percentMax: 3 } : undefined,
      ratio: { median: ratio, low: ratio - 0.01, high: ratio + 0.01, rounds: 6 },
    });
    const findings = { comparisons: [ofPage('on', 1.02), ofPage('a peer', 2.5)], costs: [] };
    const table = await publish([write('share.json', { ...RESULTS, findings })], places);
    expect(table).toContain('erp-order-page (loopback): CPU, whole process, %');
    expect(table).toMatch(/\| 2\.00 \[1\.00, 3\.00\] +\| ≤ 3 % +\|/);
    expect(table).toMatch(/\| 150 \[149, 151\] +\|$/m);
  });

  it('writes the headlines of a run between the comments and keeps the rest', async () => {
    const table = await publish([write('results.json', RESULTS)], places);
    const readme = readFileSync(places.readme, 'utf8');
    expect(readme).toBe(`# Title\n\n${README_BEGIN}\n\n${table}\n\n${README_END}\n\nMore.\n`);
    expect(table).toContain('Node.js 20.1.0, Test CPU (2 cores), 2030-01-02');
    expect(table).toMatch(/\| +\| Tachograph +\| promised \| off\/off noise +\| a peer +\|/);
    expect(table).toMatch(
      /\| fastify-hello \(in-memory\): CPU, whole process, µs \| 1\.50 \[.*\] +\| ≤ 2 +\| .* \| 66\.0 \[.*\] \|/,
    );
    expect(table).toMatch(/\| busy, ours, B +\| 423 \[422, 424\] +\| ≤ 450/);
    expect(table).not.toContain('http-hello');
  });

  it('keeps a small file from which the same table is rendered again', async () => {
    const table = await publish([write('results.json', RESULTS)], places);
    const text = readFileSync(places.published, 'utf8');
    expect(renderReadmeTable(JSON.parse(text))).toBe(table);
    expect(text).not.toContain('rows');
    expect(text).not.toContain('http-hello');
  });

  it('shows one table after the other for several runs', async () => {
    const newer = structuredClone(RESULTS);
    newer.run.machine.node = '24.0.0';
    const table = await publish([write('a.json', RESULTS), write('b.json', newer)], places);
    expect(table.indexOf('Node.js 20.1.0')).toBeLessThan(table.indexOf('Node.js 24.0.0'));
  });

  const { run, findings } = RESULTS;
  it.each([
    ['was quick', { findings, run: { ...run, plan: 'quick' } }, 'full plan'],
    [
      'had a busy machine',
      { findings, run: { ...run, machine: { ...run.machine, loadAtStart: 1.5 } } },
      'load average of 1.5',
    ],
    ['is no run at all', { rows: [] }, 'a file that --json wrote'],
  ])('changes nothing when the run %s', async (_what, results, reason) => {
    const path = write('refused.json', results);
    await expect(publish([path], places)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(reason),
    });
    expect(readFileSync(places.readme, 'utf8')).toBe(README);
    expect(existsSync(places.published)).toBe(false);
  });

  it('does not guess where the table belongs', async () => {
    writeFileSync(places.readme, '# Title\n');
    const path = write('results.json', RESULTS);
    await expect(publish([path], places)).rejects.toThrow('expected "<!-- overhead');
    expect(existsSync(places.published)).toBe(false);
  });
});
