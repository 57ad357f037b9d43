import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../src/collector/query/listings.js';
import { deployAt, deploysIn } from '../../../src/collector/reports/deploys.js';

const MINUTE_MS = 60_000;

function instance(version: string, from: number, to: number, environment = 'production'): Instance {
  return {
    agent: 'host:1',
    boot: `${version} ${from}`,
    service: 'shop',
    resource: { 'service.version': version, 'deployment.environment.name': environment },
    firstSeenMs: from * MINUTE_MS,
    lastSeenMs: to * MINUTE_MS,
    skewMs: 0,
  };
}
const told = (instances: Instance[]) =>
  deploysIn(instances).map(({ version, atMs }) => [version, atMs / MINUTE_MS]);

describe('deploys', () => {
  it('are versions when their first process appears, the newest first', () => {
    const instances = [instance('1', 0, 60), instance('2', 61, 200), instance('2', 65, 200)];
    expect(told(instances)).toEqual([
      ['2', 61],
      ['1', 0],
    ]);
  });

  it('are not restarts of what runs', () => {
    expect(told([instance('1', 0, 60), instance('1', 90, 200)])).toEqual([['1', 0]]);
    const rolling = [instance('1', 0, 100), instance('2', 50, 200), instance('1', 70, 100)];
    expect(told(rolling)).toEqual([
      ['2', 50],
      ['1', 0],
    ]);
  });

  it('are versions that come back', () => {
    const instances = [instance('1', 0, 60), instance('2', 61, 120), instance('1', 121, 200)];
    expect(told(instances)).toEqual([
      ['1', 121],
      ['2', 61],
      ['1', 0],
    ]);
  });

  it('are told apart by environment, and are none without a version', () => {
    const bare = { ...instance('', 5, 9), resource: {} };
    expect(told([instance('1', 0, 60), instance('2', 10, 60, 'test'), bare])).toHaveLength(2);
    expect(deploysIn([instance('2', 10, 60, 'test')])[0]!.environment).toBe('test');
  });
});

describe('the deploy of a change', () => {
  const deploys = deploysIn([
    instance('1', 0, 600),
    instance('2', 601, 800),
    instance('3', 801, 999),
  ]);

  it('is the nearest within two hours', () => {
    expect(deployAt(deploys, 600 * MINUTE_MS)?.version).toBe('2');
    expect(deployAt(deploys, 780 * MINUTE_MS)?.version).toBe('3');
  });

  it('is none far from any, at the beginning of history, or without a time', () => {
    expect(deployAt(deploys, 300 * MINUTE_MS)).toBeUndefined();
    expect(deployAt(deploys, 0)).toBeUndefined();
    expect(deployAt(deploys, null)).toBeUndefined();
  });
});
