/**
 * What a rule of alerts is: pure data. A rule judges the samples of one metric; the metric's other levels are
 * rules of their own, of which the most severe one inhibits the rest. Where samples come from is said by
 * whoever evaluates: the collector, or the agent's worker.
 */
import type { BudgetUnit } from '../shared/budget.js';

/** The most severe first. */
export const LEVELS = ['CRITICAL', 'WARNING', 'INFO'] as const;
export type AlertLevel = (typeof LEVELS)[number];

/** `s` is seconds, `x` a multiple of what is sustainable. */
export type AlertUnit = BudgetUnit | 's' | 'x';

export interface Rule {
  /** `response_time.critical`: the metric and the level. */
  readonly name: string;
  readonly metric: string;
  readonly level: AlertLevel;
  readonly unit: AlertUnit;
  /** A value above it breaches, in `unit`. A sample that brings a limit of its own is judged by that. */
  readonly threshold: number;
  /** Whether a sample's own limit counts: not once a user has set the threshold of the rule itself. */
  readonly takesLimits: boolean;
  /** At or below this share of the threshold it clears; between the two nothing changes. */
  readonly clearRatio: number;
  /** How long it must breach, without a gap, before it fires. */
  readonly forMs: number;
  /** How long it must be clear before it resolves. */
  readonly clearForMs: number;
  /** Over which time a sample is taken; 0 of what is so at a moment. */
  readonly windowMs: number;
  /** A sample of fewer values says nothing. */
  readonly samplesMin: number;
  readonly enabled: boolean;
  /** What is measured, in words. */
  readonly measured: string;
}

export function ruleName(metric: string, level: AlertLevel): string {
  return `${metric}.${level.toLowerCase()}`;
}

/** 0 for the most severe. */
export function rankOf(level: AlertLevel): number {
  return LEVELS.indexOf(level);
}

/** A value or limit as people read it: `1.23 s`, `70 %`, `14.4×`. */
export function quantityText(value: number, unit: AlertUnit): string {
  switch (unit) {
    case 'ms':
      return value >= 1000 ? `${rounded(value / 1000)} s` : `${rounded(value)} ms`;
    case '%':
      return `${rounded(value)} %`;
    case 's':
      return value >= 120 ? `${rounded(value / 60)} min` : `${rounded(value)} s`;
    case 'x':
      return `${rounded(value)}×`;
    case 'number':
      return String(rounded(value));
  }
}

/** Three digits; whole numbers stay whole. */
function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
