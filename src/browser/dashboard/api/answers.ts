/** What the page reads of the API's answers about requests; docs/reference/api.md describes them all. Times in seconds. */

export interface Timed {
  readonly calls: number;
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly total: number;
  readonly errorRatio: number;
}

export interface RouteLayer {
  readonly layer: string;
  readonly requests: number;
  readonly p95: number;
  readonly max: number;
  readonly total: number;
  readonly share: number;
}

export interface RouteRow extends Timed {
  readonly method: string;
  readonly route: string;
  readonly aborted: number;
  readonly queriesPerRequest: number;
  readonly queriesMax: number | null;
  readonly queryTime: number;
  readonly cacheHitRatio: number | null;
  readonly layers: readonly RouteLayer[];
}

export interface RoutesAnswer {
  readonly routes: readonly RouteRow[];
}

/** Of `/v1/query`: what is there depends on the kind of the metric. */
export interface Stats {
  readonly count?: number;
  readonly rate?: number;
  readonly sum?: number;
  readonly mean?: number;
  readonly min?: number;
  readonly max?: number;
  readonly last?: number;
  readonly value?: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

export interface Group {
  readonly attributes: Readonly<Record<string, string>>;
  readonly total: Stats;
  readonly points: readonly (Stats & { readonly timeMs: number })[];
}

export interface QueryAnswer {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number | null;
  /** Start of the first window in the range, and end of the last; null when there is none. */
  readonly recordedFromMs: number | null;
  readonly recordedToMs: number | null;
  readonly groups: readonly Group[];
}

export interface HeatmapAnswer {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** As in QueryAnswer. */
  readonly recordedFromMs: number | null;
  readonly bounds: readonly number[];
  readonly columns: readonly {
    readonly timeMs: number;
    readonly count: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly cells: readonly number[];
  }[];
}

export interface TraceRow {
  readonly timeMs: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly service: string;
  readonly agent: string;
  readonly reason: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly statusCode: number | null;
  readonly duration: number;
  readonly queries: number;
  readonly queryTime: number;
  readonly middlewareTime: number;
  readonly clientCalls: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly stallTime: number;
}

export interface Span {
  readonly kind: string;
  readonly label: string;
  readonly offset: number;
  readonly duration: number;
  readonly parent: number | null;
  readonly depth: number;
  readonly rows: number | null;
  readonly isOpen: boolean;
  /** Null where it is not known; absent in a collector of before. */
  readonly code?: {
    readonly file: string;
    readonly line: number;
    readonly function: string;
  } | null;
}

export interface TraceStall {
  readonly offset: number;
  readonly duration: number;
  readonly function: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly isApproximate: boolean;
}

export interface TracePart extends TraceRow {
  readonly spans: readonly Span[];
  readonly spansOmitted: number;
  readonly stalls: readonly TraceStall[];
}

export interface TracesAnswer {
  readonly traces: readonly TraceRow[];
}

export interface TraceAnswer {
  readonly traceId: string;
  readonly parts: readonly TracePart[];
}

export interface OperationRow extends Timed {
  readonly operation: string;
  readonly queriesPerCall: number | null;
}

export interface OperationsAnswer {
  readonly modules: readonly {
    readonly module: string;
    readonly calls: number;
    readonly total: number;
    readonly operations: readonly OperationRow[];
  }[];
}

export interface JobRow extends Timed {
  readonly system: string;
  readonly queue: string;
  readonly job: string;
  readonly queriesPerCall: number | null;
  readonly retries: number;
  readonly wait: { readonly p50: number; readonly p95: number; readonly max: number } | null;
}

export interface QueryRow {
  readonly system: string;
  readonly text: string;
  readonly operation: string;
  readonly collection: string;
  readonly class: string;
  readonly calls: number;
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly total: number;
}
