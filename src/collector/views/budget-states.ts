/**
 * Every budget of the table and how it stands in the range: its limit, the group that is nearest to it
 * or farthest over it, or why there is nothing to say. Judged by the limits of the process last seen.
 */
import { isOfBrowsers } from '../../shared/beacon-source.js';
import {
  type Budget,
  type BudgetLayer,
  type BudgetSource,
  type BudgetUnit,
  type Statistic,
  samplesMinOf,
} from '../../shared/budget.js';
import { attributesOf, groupOf, inUnit } from '../../shared/budget-groups.js';
import {
  BUDGETS_ATTRIBUTE,
  type BudgetSettings,
  limitOf,
  settingsFrom,
} from '../../shared/budget-settings.js';
import { BUDGETS } from '../../shared/budgets.js';
import { type Instance, LASTING_MS_MIN } from '../query/listings.js';
import type {
  CounterStats,
  GaugeStats,
  HistogramStats,
  QueryGroup,
} from '../query/query-request.js';
import { BY_PERCENTILE, groupingsOf, isSame } from './budget-groupings.js';
import { planBudgetOf } from './plan-budgets.js';
import { keyOf, totalsOf, type ViewRequest, type ViewSource } from './view-request.js';

const INSTANCE = 'service.instance.id';
/** A process that was not heard of for so long has ended. */
const OVER_MS = 120_000;

/** `few`: there are values, and fewer than its statistic needs. */
export type BudgetState = 'ok' | 'breach' | 'few' | 'no data';

/** Values and limits in the unit of the budget. */
export interface BudgetRow {
  readonly name: string;
  readonly layer: BudgetLayer;
  readonly unit: BudgetUnit;
  readonly statistic: Statistic;
  readonly limit: number;
  readonly state: BudgetState;
  /** Of the group that is farthest over its limit, or nearest to it. */
  readonly value: number | null;
  readonly valueLimit: number | null;
  readonly attributes: Readonly<Record<string, string>>;
  /** Values of all groups; null for the samples of a gauge. */
  readonly samples: number | null;
  readonly groups: number;
  readonly groupsInBreach: number;
  /** Why there is no verdict; null when there is one. */
  readonly reason: string | null;
}

/** One group of a budget in the range. */
export interface BudgetGroup {
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: number;
  readonly limit: number;
  readonly samples: number | null;
}

export async function budgetStates(source: ViewSource, request: ViewRequest): Promise<BudgetRow[]> {
  const [instances, metrics] = await Promise.all([
    source.store.instances(request.service),
    source.store.metrics(request),
  ]);
  const settings = settingsOf(instances);
  const brief = briefProcesses(instances, request.toMs);
  const plans = source.advice?.plans();
  const known = new Set(metrics.map(({ name }) => name));
  const ask = asking(source, request);
  return Promise.all(
    BUDGETS.map(async (budget) => {
      const planned = planBudgetOf(budget, plans);
      const from = planned?.source ?? budget.source;
      if (typeof from === 'string') return without(budget, settings, from);
      const groups = known.has(from.metric)
        ? await groupsOfBudget(ask, budget, from, settings)
        : [];
      const meant = groups.filter(({ attributes }) => planned?.isMeant(attributes) ?? true);
      return stateOf(budget, from, settings, lasting(meant, brief));
    }),
  );
}

/**
 * Ids of processes that were soon over: they are mostly their start, which a mean over their lives would hold against the
 * service for as long as the range reaches back to it.
 */
function briefProcesses(instances: readonly Instance[], toMs: number): ReadonlySet<string> {
  const brief = instances.filter(
    ({ firstSeenMs, lastSeenMs }) =>
      lastSeenMs - firstSeenMs < LASTING_MS_MIN && lastSeenMs < toMs - OVER_MS,
  );
  return new Set(brief.flatMap(({ resource }) => resource[INSTANCE] ?? []));
}

/** All of them, where there are no others. */
function lasting(
  groups: readonly BudgetGroup[],
  brief: ReadonlySet<string>,
): readonly BudgetGroup[] {
  const kept = groups.filter(({ attributes }) => !brief.has(attributes[INSTANCE] ?? ''));
  return kept.length > 0 ? kept : groups;
}

/** Of the process last seen that has any: what browsers send for has none. */
export function settingsOf(instances: readonly Instance[]): BudgetSettings {
  const process = instances.find(({ resource }) => !isOfBrowsers(resource));
  return settingsFrom(process?.resource[BUDGETS_ATTRIBUTE]);
}

function without(budget: Budget, settings: BudgetSettings, reason: string): BudgetRow {
  const { name, layer, unit, statistic } = budget;
  return {
    name,
    layer,
    unit,
    statistic,
    limit: limitOf(budget, settings),
    state: 'no data',
    value: null,
    valueLimit: null,
    attributes: {},
    samples: 0,
    groups: 0,
    groupsInBreach: 0,
    reason,
  };
}

function stateOf(
  budget: Budget,
  { metric }: BudgetSource,
  settings: BudgetSettings,
  groups: readonly BudgetGroup[],
): BudgetRow {
  if (groups.length === 0) return without(budget, settings, `nothing recorded of ${metric}`);
  const least = samplesMinOf(budget);
  const judged = groups.filter(({ samples }) => samples === null || samples >= least);
  const samples = groups.some((group) => group.samples === null)
    ? null
    : groups.reduce((sum, group) => sum + group.samples!, 0);
  const row = { ...without(budget, settings, ''), samples, groups: groups.length };
  if (judged.length === 0) {
    return { ...row, state: 'few', reason: `fewer than ${least} values in any group` };
  }
  const worst = judged.reduce((most, group) => (excess(group) > excess(most) ? group : most));
  const groupsInBreach = judged.filter(({ value, limit }) => value > limit).length;
  return {
    ...row,
    state: groupsInBreach > 0 ? 'breach' : 'ok',
    value: worst.value,
    valueLimit: worst.limit,
    attributes: worst.attributes,
    groupsInBreach,
    reason: null,
  };
}

function excess({ value, limit }: BudgetGroup): number {
  return limit === 0 ? value * Number.MAX_SAFE_INTEGER : value / limit;
}

type Ask = (from: BudgetSource, names: readonly string[]) => Promise<readonly QueryGroup[]>;

/**
 * Budgets of one metric differ in what they mean of it, not in how its series are told apart: they ask the same, which the
 * store answers once.
 */
function asking(source: ViewSource, request: ViewRequest): Ask {
  return async ({ metric, where = {} }, names) => {
    const group = [...names].sort();
    const percentiles = BY_PERCENTILE.has(metric);
    const wanted = { metric, group, percentiles };
    const { finest, also } = groupingsOf(metric, group);
    const all = await totalsOf(source, request, { ...wanted, group: finest, also });
    const index = also.findIndex((names) => isSame(names, group));
    if (index >= 0 && all?.also !== undefined) return all.also[index]!;
    // It is the finest, or there are more of these than fit.
    const result = index < 0 ? all : await totalsOf(source, request, wanted);
    const { groups = [], groupsTotal = 0 } = result ?? {};
    const own = Object.entries(where);
    if (groupsTotal === groups.length || own.length === 0) return groups;
    // Some were past the limit: those that are meant are asked for alone.
    return (await totalsOf(source, request, { ...wanted, where: own }))?.groups ?? [];
  };
}

async function groupsOfBudget(
  ask: Ask,
  budget: Budget,
  from: BudgetSource,
  settings: BudgetSettings,
): Promise<BudgetGroup[]> {
  const { over, by } = from;
  const parts = await ask(from, attributesOf(from));
  const wholes = over === undefined ? [] : await ask({ metric: over, by }, by);
  return budgetGroups(budget, from, settings, parts, wholes);
}

/**
 * The groups of a budget, of the groups of its metric by `attributesOf`; `wholes` are those of the gauge that its
 * own is a part of, where it is.
 */
export function budgetGroups(
  budget: Budget,
  from: BudgetSource,
  settings: BudgetSettings,
  parts: readonly QueryGroup[],
  wholes: readonly QueryGroup[],
): BudgetGroup[] {
  const meanOf = new Map(
    wholes.map(({ attributes, total }) => [keyOf(attributes, from.by), (total as GaugeStats).mean]),
  );
  const byGroup = new Map<
    string,
    { attributes: BudgetGroup['attributes']; members: QueryGroup[] }
  >();
  for (const member of parts) {
    const attributes = groupOf(from, member.attributes, settings);
    if (attributes === undefined) continue;
    const key = keyOf(attributes, from.by);
    const group = byGroup.get(key) ?? { attributes, members: [] };
    group.members.push(member);
    byGroup.set(key, group);
  }
  return [...byGroup.entries()].flatMap(([key, { attributes, members }]) => {
    const whole = from.over === undefined ? 1 : (meanOf.get(key) ?? 0);
    if (whole <= 0) return [];
    const limit = limitOf(budget, settings, attributes);
    return [{ attributes, limit, ...seenIn(budget, from, members, whole) }];
  });
}

/** But for a share, whose parts are groups of their own, a group is one. Of a mean it is a part of `whole`. */
function seenIn(
  { unit, statistic }: Budget,
  { part }: BudgetSource,
  members: readonly QueryGroup[],
  whole: number,
): Pick<BudgetGroup, 'value' | 'samples'> {
  const { total } = members[0]!;
  switch (statistic) {
    case 'p95':
    case 'p99':
    case 'max': {
      const stats = total as HistogramStats;
      return { value: inUnit(stats[statistic], unit), samples: stats.count };
    }
    case 'mean':
      return { value: inUnit((total as GaugeStats).mean / whole, unit), samples: null };
    case 'share': {
      const sum = (of: readonly QueryGroup[]): number =>
        of.reduce((all, member) => all + (member.total as CounterStats).value, 0);
      const samples = sum(members);
      const counted = sum(members.filter((one) => one.attributes[part![0]] === part![1]));
      return { value: inUnit(counted / samples, unit), samples };
    }
  }
}
