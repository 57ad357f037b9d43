/** What docs/guides/frameworks.md says of what is not counted, held to a real application. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { countOf, PATIENT, runApp } from '../support/run-app.js';

const DURATION = 'http.server.request.duration';
const guide = readFileSync(new URL('../../docs/guides/frameworks.md', import.meta.url), 'utf8');

it('counts what the guide says is counted, and nothing of what it says is not', async () => {
  const bare = await runApp('uncounted.mjs', { isBare: true });
  const { lines, ...run } = await runApp('uncounted.mjs', { env: PATIENT });
  expect(run.stderr).toBe('');
  expect([run.code, run.stdout]).toEqual([0, bare.stdout]);
  const routes = lines.filter(({ name }) => name === DURATION);
  expect(
    routes.map((line) => `${line['http.request.method']} ${line['http.route']}`).sort(),
  ).toEqual([
    'CONNECT /counted-socket',
    'GET /counted-handed-over',
    'GET /counted-upgrade',
    'GET /counted-with-push',
  ]);
  expect(countOf(lines, DURATION)).toBe(4);
});

it.each([
  'Upgrades (WebSocket)',
  'CONNECT over HTTP/1',
  'HTTP/2 connections handed over',
  'HTTP/2 pushes',
  'Calls past the network',
  'Requests that are no HTTP',
  'Requests still open at the end',
  'Very short processes',
])('the guide has %s among what is not counted', (name) => {
  const [, section = ''] = guide.split('\n## What is not counted\n');
  expect(section.split('\n## ')[0]).toContain(`- **${name}**`);
});
