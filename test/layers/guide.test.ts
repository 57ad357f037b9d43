import { expect, it } from 'vitest';
import { LAYER_ADAPTERS } from '../../src/agent/layers/layer-adapters.js';
import { guide } from './run-layers.js';

const byProbe = new Map(LAYER_ADAPTERS.map((adapter) => [adapter.probe, adapter]));

it.each(LAYER_ADAPTERS)('the guide has a row for $library ($probe, $tier)', (adapter) => {
  const row = `| ${adapter.library} | ${adapter.tested} | ${adapter.tier} |`;
  expect(guide).toContain(row);
});

it('the guide has no row that is not in the table', () => {
  const rows = [...guide.matchAll(/^\| (.+?) \| .+? \| (?:channel|after-hook|esm) \|/gm)];
  const known = new Set(LAYER_ADAPTERS.map(({ library }) => library));
  expect(rows.filter(([, library]) => !known.has(library!))).toEqual([]);
});

it.each([...byProbe.keys()])('the guide names the probe %s', (probe) => {
  expect(guide).toContain(`\`${probe}\``);
});
