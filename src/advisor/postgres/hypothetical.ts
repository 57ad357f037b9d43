/**
 * Indexes that exist for one connection's plans only, by the extension HypoPG, where the database has it and
 * the role may use it. They are made and dropped within one transaction; nothing is written.
 */
import type { Candidate } from '../candidates.js';
import { quoteName } from '../quote-name.js';
import type { ReadOnly } from './postgres-session.js';

export interface HypotheticalIndex {
  readonly candidate: Candidate;
  /** By which plans name it. */
  readonly name: string;
  /** As large as it is expected to be. */
  readonly bytes: number;
}

export interface Hypothetical {
  /** Runs `work` while the indexes seem to exist. */
  withIndexes<Result>(
    transaction: ReadOnly,
    candidates: readonly Candidate[],
    work: (indexes: readonly HypotheticalIndex[]) => Promise<Result>,
  ): Promise<Result>;
}

const FIND = `
SELECT n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'hypopg' AND has_schema_privilege(n.oid, 'USAGE')`;

/** Undefined where there is none. */
export async function findHypothetical({ query }: ReadOnly): Promise<Hypothetical | undefined> {
  const [found] = await query(FIND);
  if (found === undefined) return undefined;
  const schema = quoteName(String(found.schema));
  const create = `SELECT h.indexname AS name, ${schema}.hypopg_relation_size(h.indexrelid)::float8 AS bytes
    FROM ${schema}.hypopg_create_index($1) AS h`;
  const reset = `SELECT ${schema}.hypopg_reset()`;
  return {
    async withIndexes(transaction, candidates, work) {
      const indexes: HypotheticalIndex[] = [];
      try {
        for (const candidate of candidates) {
          const [made] = await transaction.attempt(() =>
            transaction.query(create, [ddlOf(candidate)]),
          );
          indexes.push({ candidate, name: String(made!.name), bytes: Number(made!.bytes) });
        }
        return await work(indexes);
      } finally {
        await transaction.query(reset);
      }
    },
  };
}

function ddlOf({ table, columns }: Candidate): string {
  const names = columns.map((name) => quoteName(name)).join(', ');
  return `CREATE INDEX ON ${quoteName(table.schema)}.${quoteName(table.name)} (${names})`;
}
