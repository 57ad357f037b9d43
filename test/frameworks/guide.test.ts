import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ADAPTERS } from '../../src/agent/frameworks/adapter-table.js';

const guide = readFileSync(new URL('../../docs/guides/frameworks.md', import.meta.url), 'utf8');

it.each(ADAPTERS)('the guide has a row for $framework ($tier)', (adapter) => {
  const row = `| ${adapter.framework} | ${adapter.tested} | ${adapter.tier} |`;
  expect(guide).toContain(row);
});

it('the guide has no row that is not in the table', () => {
  const rows = [...guide.matchAll(/^\| (.+?) \| .+? \| (?:channel|after-hook|esm) \|/gm)];
  const known = new Set(ADAPTERS.map(({ framework }) => framework));
  expect(rows.filter(([, framework]) => !known.has(framework!))).toEqual([]);
});
