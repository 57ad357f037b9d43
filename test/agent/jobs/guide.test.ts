import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { JOB_ADAPTERS } from '../../../src/agent/jobs/job-adapters.js';

const guide = readFileSync('docs/guides/jobs.md', 'utf8');

it.each(JOB_ADAPTERS)('the guide has a row for $library ($tier)', (adapter) => {
  expect(guide).toContain(`| ${adapter.library} | ${adapter.tested} | ${adapter.tier} |`);
});

it('the guide has no row that is not in the table', () => {
  const rows = [...guide.matchAll(/^\| (.+?) \| .+? \| (?:channel|after-hook|esm) \|/gm)];
  const known = new Set(JOB_ADAPTERS.map(({ library }) => library));
  expect(rows.filter(([, library]) => !known.has(library!))).toEqual([]);
});
