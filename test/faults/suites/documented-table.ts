/**
 * Drivers and query builders whose packages bring no tests along: what their documentation says they do, as suites of
 * our own (documented/), which are run with and without the agent as the published ones are, against real services.
 */
import type { Suite } from './suite-table.js';

/** A suite's file is called as its package is. */
const documented = (suite: Omit<Suite, 'files' | 'tests'>): Suite => ({
  ...suite,
  tests: new URL(`./documented/${suite.name}.mjs`, import.meta.url),
  files: /^documented\.test\.mjs$/,
});

export const DOCUMENTED: readonly Suite[] = [
  documented({
    name: 'pg',
    version: '8.23.1',
    integrity:
      'sha512-aL96AHANtWjPLDOLqnhx+ngp9+UK7ETEU8VJrDCGvsSSi/mGLcWYsS6Herg7lmaBJe4uwrfqsa7gTEFaSizDoQ==',
    exercises: 'what is documented of pg and pg-pool, against PostgreSQL',
    needs: {},
    service: 'postgres',
  }),
  documented({
    name: 'mysql2',
    version: '3.24.6',
    integrity:
      'sha512-enu73KhbAua2L3dIxjc6qg6ZJ7H3pt1BImZASWNWY5xSsmJ1ZuUPULTDGXgmJbI61vb+nJAG19IZclIq19UidQ==',
    exercises: 'what is documented of mysql2, against MariaDB',
    needs: {},
    service: 'mariadb',
  }),
  documented({
    name: 'ioredis',
    version: '6.0.0',
    integrity:
      'sha512-f+Dtubxfpf6KYFq7WVXJoOLn0bk4TJrMrN9SzeE+jrWrCWj7XX3fA6vkryafhADX+GMymRxgDJDOI33COkJc0w==',
    exercises: 'what is documented of ioredis, against Redis',
    needs: {},
    service: 'redis',
  }),
  documented({
    name: 'knex',
    version: '3.3.0',
    integrity:
      'sha512-LgWl031hNuLv9Lhxdd9093zULa2aNcoP04Bk29e5NidgRcEr/T0rAr2WYi4BhjTiCDoQiRU56meUE5rppLKZzQ==',
    exercises: 'what is documented of Knex, over pg against PostgreSQL',
    needs: { pg: '8.23.1' },
    service: 'postgres',
  }),
  documented({
    name: 'kysely',
    version: '0.29.9',
    integrity:
      'sha512-K48ErswC3MlIcBqR0pYIIEl+n9rIgwxgzaM1FxKHMXn7egxr1NHj7bCeF98mXl9A3/QoL5I7mo5S/mLXgeDgGA==',
    exercises: 'what is documented of Kysely, over pg against PostgreSQL',
    needs: { pg: '8.23.1', 'pg-cursor': '2.22.1' },
    service: 'postgres',
  }),
];
