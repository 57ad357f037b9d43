import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FRAMEWORK_ADAPTERS } from '../../src/agent/frameworks/framework-adapters.js';

const guide = readFileSync(new URL('../../docs/guides/frameworks.md', import.meta.url), 'utf8');

it.each(FRAMEWORK_ADAPTERS)('the guide has a row for $library ($tier)', (adapter) => {
  const row = `| ${adapter.library} | ${adapter.tested} | ${adapter.tier} |`;
  expect(guide).toContain(row);
});

it('the guide has no row that is not in the table', () => {
  const rows = [...guide.matchAll(/^\| (.+?) \| .+? \| (?:channel|after-hook|esm) \|/gm)];
  const known = new Set(FRAMEWORK_ADAPTERS.map(({ library }) => library));
  expect(rows.filter(([, framework]) => !known.has(framework!))).toEqual([]);
});
