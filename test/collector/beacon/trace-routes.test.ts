import { expect, it } from 'vitest';
import { TraceRoutes } from '../../../src/collector/beacon/trace-routes.js';

it('a trace that the store cannot look up has no route, and costs no other', async () => {
  const asked: string[] = [];
  const routes = new TraceRoutes({
    trace: (id) => {
      asked.push(id);
      return Promise.reject(new Error('disk'));
    },
  });
  expect(await routes.find(['a', '', 'b'])).toEqual(new Map());
  expect(asked).toEqual(['a', 'b']);
});
