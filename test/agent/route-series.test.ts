import { expect, it } from 'vitest';
import { Recorder } from '../../src/agent/recorder.js';
import { RingWriter } from '../../src/agent/ring-writer.js';
import { RouteMapping } from '../../src/agent/route-mapping.js';
import { RouteSeries } from '../../src/agent/route-series.js';
import { readTraceLimits } from '../../src/agent/trace-limits.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';

it.each([
  ['/api/audit', 50],
  ['/api/reports', 400],
  ['/api/other', 400],
])(
  'a request of %s is slow from %i ms on: by the stricter budget of route and operation',
  (route, slowMs) => {
    const { options } = resolveOptions({
      TACHOGRAPH_OPERATIONS: '/api/audit=audit_log_creation,/api/reports=financial_report_generate',
    });
    const recorder = new Recorder(new RingWriter(64 * 1024, 100, 0), 100, () => {});
    const mapping = new RouteMapping(options.operations, options.modules);
    const routes = new RouteSeries(recorder, mapping, readTraceLimits(options), 10);
    const { limits } = routes.ids('GET', route, 2);
    expect(limits).toEqual({ slowUs: slowMs * 1000, queriesMax: options.queriesMax });
  },
);
