import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // How long that takes is the machine's; a second would be chance.
    expect: { poll: { timeout: 20_000 } },
    // Two workers at most: many tests start processes of their own.
    maxWorkers: 2,
    pool: 'forks',
  },
});
