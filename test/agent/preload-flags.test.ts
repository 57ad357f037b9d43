import { describe, expect, it } from 'vitest';
import { isPreloaded } from '../../src/agent/preload-flags.js';

describe('preload flags', () => {
  it.each([
    [['--import', 'tachograph'], undefined],
    [['--import=tachograph'], undefined],
    [['--require', 'tachograph'], undefined],
    [['-r', 'tachograph'], undefined],
    [[], '--max-old-space-size=64 --import tachograph'],
    [[], '--import="tachograph"'],
  ])('finds the agent in %j and NODE_OPTIONS %j', (flags, options) => {
    expect(isPreloaded(flags, options)).toBe(true);
  });

  it.each([
    [[], undefined],
    [['--import', 'tachograph/register'], undefined],
    [['--import', './tachograph.js'], '--import tsx'],
    [['--title', 'tachograph'], ''],
    [[], '--import=not-tachograph'],
  ])('does not find it in %j and NODE_OPTIONS %j', (flags, options) => {
    expect(isPreloaded(flags, options)).toBe(false);
  });
});
