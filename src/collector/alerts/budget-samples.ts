/**
 * Samples of every budget that has data, for each service and group, by the limits of the service's own settings.
 * Runs in the collector. Bounded by GROUPS_MAX of stats-by-time.ts for each metric; metrics that several
 * budgets share are asked for once a look. After each step it lets others go on.
 */
import { setImmediate } from 'node:timers/promises';
import type { Sample } from '../../alerts/sample.js';
import { isOfBrowsers } from '../../shared/beacon-source.js';
import type { Budget, BudgetSource } from '../../shared/budget.js';
import { attributesOf } from '../../shared/budget-groups.js';
import {
  BUDGETS_ATTRIBUTE,
  type BudgetSettings,
  settingsFrom,
} from '../../shared/budget-settings.js';
import { BUDGETS } from '../../shared/budgets.js';
import type { Instance } from '../query/listings.js';
import type { QueryGroup } from '../query/query-request.js';
import { budgetGroups } from '../views/budget-states.js';
import { planBudgetOf } from '../views/plan-budgets.js';
import type { ViewSource } from '../views/view-request.js';
import type { SampleList } from './sample-list.js';
import { type Instant, instantsOf, type Range } from './stats-by-time.js';

export const SERVICE = 'service.name';
export const INSTANCE = 'service.instance.id';

/** What each service goes by; of several processes the newest, but for browsers, which have none. */
export type SettingsByService = ReadonlyMap<string, BudgetSettings>;

export function settingsByService(instances: readonly Instance[]): SettingsByService {
  const settings = new Map<string, BudgetSettings>();
  for (const { service, resource } of instances) {
    if (isOfBrowsers(resource)) continue;
    if (!settings.has(service)) settings.set(service, settingsFrom(resource[BUDGETS_ATTRIBUTE]));
  }
  return settings;
}

/**
 * @param wanted names of the budgets that rules judge
 * @throws {TooManySamplesError} when they are more than `samples` holds.
 */
export async function budgetSamples(
  source: ViewSource,
  range: Range,
  wanted: ReadonlySet<string>,
  settings: SettingsByService,
  samples: SampleList,
): Promise<void> {
  const plans = source.advice?.plans();
  const asked = new Map<string, Promise<Instant[]>>();
  const ask = (metric: string, group: readonly string[], where: [string, string][]) => {
    const key = JSON.stringify([metric, group, where]);
    const known = asked.get(key);
    if (known !== undefined) return known;
    const answer = instantsOf(source, undefined, range, {
      metric,
      group: [SERVICE, ...group],
      where,
    });
    asked.set(key, answer);
    return answer;
  };
  // One after the other: together they would fill the query pool's queue, and ingest would wait.
  for (const budget of BUDGETS.filter(({ name }) => wanted.has(name))) {
    const planned = planBudgetOf(budget, plans);
    const from = planned?.source ?? budget.source;
    if (typeof from === 'string') continue;
    const parts = await ask(from.metric, attributesOf(from), Object.entries(from.where ?? {}));
    if (parts.length === 0) continue;
    const wholes = from.over === undefined ? [] : await ask(from.over, from.by, []);
    for (const instant of parts) {
      await setImmediate();
      const found = samplesAt(budget, from, instant, wholes, settings);
      samples.add(found.filter(({ attributes }) => planned?.isMeant(attributes) ?? true));
    }
  }
}

const DEFAULTS = settingsFrom(undefined);

function samplesAt(
  budget: Budget,
  from: BudgetSource,
  { timeMs, groups }: Instant,
  wholes: readonly Instant[],
  settings: SettingsByService,
): Sample[] {
  const wholeGroups = wholes.find((instant) => instant.timeMs === timeMs)?.groups ?? [];
  const wholesOf = byService(wholeGroups);
  return [...byService(groups)].flatMap(([service, members]) =>
    budgetGroups(
      budget,
      from,
      settings.get(service) ?? DEFAULTS,
      members,
      wholesOf.get(service) ?? [],
    ).map(({ attributes, value, limit, samples: count }) => ({
      metric: budget.name,
      service,
      attributes,
      value,
      count,
      timeMs,
      limit,
    })),
  );
}

function byService(groups: readonly QueryGroup[]): ReadonlyMap<string, QueryGroup[]> {
  const found = new Map<string, QueryGroup[]>();
  for (const group of groups) {
    const { [SERVICE]: service = '', ...attributes } = group.attributes;
    const ofService = found.get(service) ?? [];
    ofService.push({ ...group, attributes });
    found.set(service, ofService);
  }
  return found;
}
