import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { STORE_ADAPTERS } from '../../../src/agent/databases/store-adapters.js';

const guide = readFileSync(new URL('../../../docs/guides/stores.md', import.meta.url), 'utf8');

it.each(STORE_ADAPTERS)('the guide has a row for $library ($probe, $tier)', (adapter) => {
  expect(guide).toContain(`| ${adapter.library} | ${adapter.tested} | ${adapter.tier} |`);
  expect(guide).toContain(adapter.probe);
});

it('the guide has no row that is not in the table', () => {
  const rows = [...guide.matchAll(/^\| (.+?) \| .+? \| (?:channel|after-hook|esm) \|/gm)];
  const known = new Set(STORE_ADAPTERS.map(({ library }) => library));
  expect(rows.filter(([, library]) => !known.has(library!))).toEqual([]);
});
