/**
 * Goes through statements one after the other: what each look finds, and why others were passed over. What a
 * database refuses is a reason, and no end, until it refuses for want of rights again and again.
 */
import type { Advice, DatabaseSystem, QueryPlan, Skipped } from './advice.js';
import { AdvisorError } from './advisor-error.js';
import type { Wanted } from './merged-advice.js';
import { type Plannable, plannable } from './statement/plannable.js';
import type { Statement } from './statements.js';

/** What one statement shows. */
export interface Seen {
  readonly plan: QueryPlan;
  readonly wanted: readonly Wanted[];
  readonly casts: readonly Advice[];
}

export interface SeenAll {
  readonly plans: readonly QueryPlan[];
  readonly skipped: readonly Skipped[];
  readonly wanted: readonly Wanted[];
  readonly casts: readonly Advice[];
}

export interface Looking {
  readonly system: DatabaseSystem;
  readonly statements: readonly Statement[];
  readonly look: (asked: Plannable, totalSeconds: number) => Promise<Seen>;
  /** Of what `look` threw. Never the message of a database, which may quote what was meant as a value. */
  readonly reasonOf: (error: unknown) => string;
  /** Absent where nobody needs rights. */
  readonly rights?: {
    readonly isDenied: (error: unknown) => boolean;
    readonly missing: () => AdvisorError;
  };
}

/** After so many refusals for want of rights, one after the other, there are none. */
const DENIED_MAX = 3;

/** @throws {AdvisorError} of `look`, and when rights are missing */
export async function lookAtAll({
  system,
  statements,
  look,
  reasonOf,
  rights,
}: Looking): Promise<SeenAll> {
  const plans: QueryPlan[] = [];
  const skipped: Skipped[] = [];
  const wanted: Wanted[] = [];
  const casts: Advice[] = [];
  let denied = 0;
  for (const { text, totalSeconds } of statements) {
    const asked = plannable(system, text);
    if (asked.kind === 'refused') {
      skipped.push({ text: asked.text, reason: asked.reason });
      continue;
    }
    try {
      const seen = await look(asked, totalSeconds);
      plans.push(seen.plan);
      wanted.push(...seen.wanted);
      casts.push(...seen.casts);
      denied = 0;
    } catch (error) {
      if (error instanceof AdvisorError) throw error;
      skipped.push({ text: asked.text, reason: reasonOf(error) });
      denied = rights?.isDenied(error) ? denied + 1 : 0;
      if (rights !== undefined && denied >= DENIED_MAX) throw rights.missing();
    }
  }
  return { plans, skipped, wanted, casts };
}
