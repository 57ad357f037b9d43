/** The review of an ISO week, against the week before it and the median of the four before. */
import { routesOf } from '../views/routes.js';
import { addWeeks, type Range } from './calendar.js';
import { capacityLines } from './capacity.js';
import { routeLines } from './cost-lines.js';
import { countedRange } from './counted-range.js';
import { databaseFigures } from './database-figures.js';
import { reportBase } from './report-base.js';
import type { NotJudged, WeeklyReview } from './report-model.js';
import { type ReportSource, viewOf } from './report-source.js';

const WEEKS_BEFORE = 4;
const COSTLIEST_MAX = 5;
const FIXES_MAX = 10;

/** Undefined when nothing at all was recorded that week. */
export async function weeklyReview(
  source: ReportSource,
  week: string,
  service?: string,
): Promise<WeeklyReview | undefined> {
  const { calendar, evidence } = source;
  const range = countedRange(source, calendar.weekRange(week));
  const earlier = Array.from({ length: WEEKS_BEFORE }, (_, index) =>
    countedRange(source, calendar.weekRange(addWeeks(week, -1 - index))),
  );
  const last = { after: earlier[0]!, before: earlier[1]! };
  const view = viewOf(service, range);
  const month: Range = { fromMs: earlier[2]!.fromMs, toMs: range.toMs };
  const [{ base, changes, recommendations }, database, { routes }, capacity, vitals] =
    await Promise.all([
      reportBase(source, service, { after: range, earlier, last }),
      databaseFigures(source, service, range),
      routesOf(source, view),
      capacityLines(source, service, month),
      evidence.vitalsOf?.(view) ?? [],
    ]);
  const { headline, quality, modules } = base;
  const isEmpty = headline.now.requests === 0 && quality.processes === 0 && modules.length === 0;
  if (isEmpty) return undefined;
  const measured = vitals.filter(({ samples }) => samples > 0);
  return {
    kind: 'weekly',
    week,
    ...base,
    verifiedFixes: recommendations
      .filter(({ status }) => status === 'verified')
      .slice(0, FIXES_MAX),
    appeared: changes.appeared,
    vanished: changes.vanished,
    topCost: [...routeLines(routes).slice(0, COSTLIEST_MAX), ...database.costliest],
    database,
    browser: measured.length > 0 ? measured : null,
    capacity,
    notJudged: [...base.notJudged, ...notMeasured(measured.length > 0, capacity.length > 0)],
  };
}

function notMeasured(hasBrowser: boolean, hasCapacity: boolean): NotJudged[] {
  const found: NotJudged[] = [];
  if (!hasBrowser) found.push({ what: 'the browser', why: 'no page sent the beacon this week' });
  if (!hasCapacity) found.push({ what: 'capacity', why: 'no system figures were recorded' });
  return found;
}
