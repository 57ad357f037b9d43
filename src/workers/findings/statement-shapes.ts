/**
 * The shapes of the statements that are known, by what is left of them. A statement is read when its series
 * is defined, and never again; its shape holds no value. Bounded by SHAPES_MAX. Runs in the agent's worker.
 */
import { QUERY_TEXT } from '../../shared/database-metrics.js';
import { STATEMENT_LENGTH_MAX } from '../../shared/ring-layout.js';
import { isCut } from '../../sql/canonical-text.js';
import { type StatementShape, statementShape } from '../../sql/statement-shape.js';
import type { Series } from '../../transport/batch.js';

/** As many as threads define series of statements, but for a few. */
const SHAPES_MAX = 4000;
const SYSTEM = 'db.system.name';

export class StatementShapes {
  readonly #shapes = new Map<string, StatementShape>();

  /** `statement` is a series as its thread defined it, `described` what it is called. */
  note(statement: Series, described: Series): void {
    const raw = Object.fromEntries(statement.attributes);
    const text = described.attributes.find(([name]) => name === QUERY_TEXT)?.[1];
    const system = raw[SYSTEM];
    if (system === undefined || text === undefined || this.#shapes.size >= SHAPES_MAX) return;
    const key = keyOf(system, text);
    const whole = raw[QUERY_TEXT] ?? '';
    const shape = statementShape(system, whole, whole.length < STATEMENT_LENGTH_MAX);
    // Of several that begin alike one with a LIMIT may be the one that ran.
    const isBounded = shape.isBounded || (isCut(text) && this.#shapes.get(key)?.isBounded === true);
    this.#shapes.set(key, { ...shape, isBounded });
  }

  /** `text` as a batch has it. */
  of(system: string, text: string): StatementShape {
    return this.#shapes.get(keyOf(system, text)) ?? statementShape(system, text, !isCut(text));
  }
}

function keyOf(system: string, text: string): string {
  return `${system}\0${text}`;
}
