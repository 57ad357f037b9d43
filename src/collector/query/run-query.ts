/**
 * A query over open files. Runs on the main thread when it is small, else in the query pool. It goes
 * through time once and holds one histogram for each group and one for its current step, so memory
 * depends on the number of groups, not on the length of the range. When there turn out to be more
 * groups than the limit, a pass over the sums finds the largest, and it begins again.
 */
import type { MetricKind } from '../../shared/metric.js';
import { LEVEL_MS, type Level } from '../store/data-folder.js';
import { type FileReader, inSnapshot } from '../store/file-readers.js';
import { Aggregate } from './aggregate.js';
import { refinedExtent } from './data-extent.js';
import { levelSpans } from './level-spans.js';
import {
  type QueryGroup,
  type QueryRequest,
  type QueryResult,
  RESOLUTIONS,
  type Stats,
} from './query-request.js';
import { readableSpans } from './readable-spans.js';
import { recordedSpan, type Span } from './recorded-span.js';
import { type RowSource, rowSource, rowsOf } from './row-source.js';

/** Undefined when no file in the range knows the metric. */
export function runQuery(
  readers: readonly FileReader[],
  request: QueryRequest,
): QueryResult | undefined {
  const involved = involvedIn(readers, request);
  return inSnapshot(involved, () => {
    const spans = readableSpans(readers, request);
    const source = rowSource(involved, request, spans);
    if (source === undefined) return undefined;
    const asFine = involved.filter(({ level }) => LEVEL_MS[level] <= LEVEL_MS[request.level]);
    const result = aggregate(source, request, recordedSpan(asFine, request));
    const extent = refinedExtent(involved, request, spans, result);
    const isOfHours = spans.every(({ level }) => LEVEL_MS[level] >= LEVEL_MS.hour);
    const resolution =
      request.coarse === true && isOfHours ? RESOLUTIONS.hour : RESOLUTIONS[request.level];
    return { ...result, ...extent, resolution };
  });
}

/**
 * Files of the spans' levels; of the request's own, though whole hours may leave it no span, for there are the names that
 * hours lost and the times of the windows; those of hours beside days, which may not be made yet and tell no hour; and the
 * raw ones, which hold what no rollup has yet.
 */
function involvedIn(readers: readonly FileReader[], request: QueryRequest): FileReader[] {
  const { level, fromMs, toMs } = request;
  const levels = new Set<Level>(['raw', level, ...levelSpans(request).map((span) => span.level)]);
  if (levels.has('day')) levels.add('hour');
  return readers.filter(
    (reader) => levels.has(reader.level) && reader.fromMs < toMs && reader.toMs > fromMs,
  );
}

function aggregate(
  source: RowSource,
  request: QueryRequest,
  recorded: Span | undefined,
): QueryResult {
  const { kind, unit, scale } = source.definition;
  let pass = readAll(source, request, recorded, undefined);
  let groupsTotal = pass?.groups ?? 0;
  if (pass === undefined) {
    const sums = sumsByGroup(source);
    const largest = [...sums]
      .sort(([a, sumA], [b, sumB]) => sumB - sumA || byText(a, b))
      .slice(0, request.limit);
    pass = readAll(source, request, recorded, new Set(largest.map(([key]) => key))) as Pass;
    groupsTotal = sums.size;
  }
  return {
    metric: request.metric,
    kind: kind as MetricKind,
    unit,
    scale,
    fromMs: request.fromMs,
    toMs: request.toMs,
    stepMs: request.stepMs ?? null,
    resolution: RESOLUTIONS[request.level],
    dataFromMs: pass.dataFromMs,
    dataToMs: pass.dataToMs,
    recordedFromMs: recorded?.fromMs ?? null,
    recordedToMs: recorded?.toMs ?? null,
    groups: pass.finish(),
    ...(request.also === undefined || groupsTotal > pass.groups
      ? {}
      : { also: request.also.map((names) => pass.coarser(names)) }),
    groupsTotal,
    excluded: source.excluded.map(({ kind, unit, scale }) => ({ kind, unit, scale })),
  };
}

/** Reads everything; undefined when all groups are wanted and there are more than the limit. */
function readAll(
  source: RowSource,
  request: QueryRequest,
  recorded: Span | undefined,
  wanted: ReadonlySet<string> | undefined,
): Pass | undefined {
  const kind = source.definition.kind as MetricKind;
  const pass = new Pass(request, kind, source.definition.scale, recorded, wanted);
  const sumsOnly = kind !== 'histogram' || !needsBuckets(request);
  for (const slot of source.slots) {
    pass.moveTo(slot.timeMs);
    for (const row of rowsOf(slot, sumsOnly)) {
      const group = slot.part.groupOf(row.series as number, row.process as number);
      if (group === undefined) continue;
      pass.add(group.key, group.attributes, slot.timeMs, row);
      if (pass.groups > request.limit) return undefined;
    }
  }
  return pass;
}

function needsBuckets({ percentiles = true, histogram, bounds }: QueryRequest): boolean {
  return percentiles || histogram || bounds !== undefined;
}

/** The sum of each group, without its histograms. */
function sumsByGroup(source: RowSource): Map<string, number> {
  const sums = new Map<string, number>();
  for (const slot of source.slots) {
    for (const row of rowsOf(slot, true)) {
      const group = slot.part.groupOf(row.series as number, row.process as number);
      if (group === undefined) continue;
      sums.set(group.key, (sums.get(group.key) ?? 0) + (row.sum as number));
    }
  }
  return sums;
}

/** Of equal sums: which file tells of a group first is no order. */
function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

interface TotalGroup {
  readonly attributes: Record<string, string>;
  readonly total: Aggregate;
  readonly points: (Stats & { timeMs: number })[];
}

interface OpenGroup extends TotalGroup {
  readonly step: Aggregate;
}

/** Rows in time order into groups and steps. */
class Pass {
  readonly #request: QueryRequest;
  readonly #kind: MetricKind;
  readonly #scale: number;
  readonly #recorded: Span | undefined;
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #groups = new Map<string, OpenGroup>();
  #stepStartMs = Number.NEGATIVE_INFINITY;
  dataFromMs: number | null = null;
  dataToMs: number | null = null;

  constructor(
    request: QueryRequest,
    kind: MetricKind,
    scale: number,
    recorded: Span | undefined,
    wanted: ReadonlySet<string> | undefined,
  ) {
    this.#request = request;
    this.#kind = kind;
    this.#scale = scale;
    this.#recorded = recorded;
    this.#wanted = wanted;
  }

  get groups(): number {
    return this.#groups.size;
  }

  moveTo(timeMs: number): void {
    const { stepMs } = this.#request;
    if (stepMs === undefined || timeMs < this.#stepStartMs + stepMs) return;
    this.#closeStep();
    this.#stepStartMs = Math.floor(timeMs / stepMs) * stepMs;
  }

  add(
    key: string,
    attributes: Record<string, string>,
    timeMs: number,
    row: Parameters<Aggregate['add']>[0],
  ): void {
    this.dataFromMs ??= timeMs;
    this.dataToMs = Math.max(this.dataToMs ?? 0, timeMs + (row.duration_ms as number));
    if (this.#wanted?.has(key) === false) return;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { attributes, total: new Aggregate(), step: new Aggregate(), points: [] };
      this.#groups.set(key, group);
    }
    group.total.add(row);
    if (this.#request.stepMs !== undefined) group.step.add(row);
  }

  #closeStep(): void {
    for (const { step, points } of this.#groups.values()) {
      if (step.isEmpty) continue;
      const stepEndMs = this.#stepStartMs + (this.#request.stepMs as number);
      const stats = this.#stats(step, this.#stepStartMs, stepEndMs);
      points.push({ timeMs: this.#stepStartMs, ...stats });
      step.clear();
    }
  }

  /** Rates are over what was recorded between the two times. */
  #stats(aggregate: Aggregate, startMs: number, endMs: number): Stats {
    const { histogram, bounds, percentiles = true } = this.#request;
    const { fromMs = startMs, toMs = endMs } = this.#recorded ?? {};
    // A window of no length is legal, and no rate is infinite.
    const durationMs = Math.max(1, Math.min(endMs, toMs) - Math.max(startMs, fromMs));
    const options = { kind: this.#kind, scale: this.#scale, durationMs };
    return aggregate.stats({ ...options, histogram, bounds, percentiles });
  }

  /** The groups, the largest sum first. */
  finish(): QueryGroup[] {
    this.#closeStep();
    return this.#told(this.#groups);
  }

  /** The groups by fewer names, without points. */
  coarser(names: readonly string[]): QueryGroup[] {
    const groups = new Map<string, TotalGroup>();
    for (const { attributes: own, total } of this.#groups.values()) {
      const pairs = names.map((name) => [name, own[name] ?? ''] as const);
      const key = JSON.stringify(pairs);
      let group = groups.get(key);
      if (group === undefined) {
        group = { attributes: Object.fromEntries(pairs), total: new Aggregate(), points: [] };
        groups.set(key, group);
      }
      group.total.merge(total);
    }
    return this.#told(groups);
  }

  #told(groups: ReadonlyMap<string, TotalGroup>): QueryGroup[] {
    return [...groups]
      .sort(([a, one], [b, other]) => other.total.sum - one.total.sum || byText(a, b))
      .map(([, { attributes, total, points }]) => ({
        attributes,
        total: this.#stats(total, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
        points,
      }));
  }
}
