/** Whose alerts are shown. Pure. */
import type { AlertRow } from '../../api/health-answers.js';

/** Those of a service, and those of machines and of the collector, which are no service's and everybody's concern. */
export function alertsOf(rows: readonly AlertRow[], service: string): readonly AlertRow[] {
  return service === '' ? rows : rows.filter((row) => ['', service].includes(row.service));
}
