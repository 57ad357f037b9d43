/**
 * Which libraries of the applications are instrumented, as the collector tells it: at which version,
 * whether that was tried, and what nobody sees. Pure. A collector without the answer has no findings.
 */
import type { Reply } from './ask.js';
import { attention, type Finding, ok } from './finding.js';

/** What the doctor reads of `GET /v1/libraries` (docs/reference/api.md). */
interface Library {
  readonly library: string;
  readonly version: string;
  readonly adapter: string;
  readonly tier: string;
  readonly probe: string;
  readonly tested: string;
  readonly verdict: string;
}

interface Uncovered {
  readonly system: string;
  readonly port: string;
  readonly reason: string;
}

const SHOWN_MAX = 50;

export function libraryFindings({ status, text }: Reply): Finding[] {
  const answer = status === 200 ? parse(text) : undefined;
  if (answer === undefined) return [];
  const all = [...answer.uncovered.map(uncoveredFinding), ...answer.libraries.map(libraryFinding)];
  const bad = all.filter(({ level }) => level !== 'ok');
  return [...bad, ...all.filter(({ level }) => level === 'ok')].slice(0, SHOWN_MAX);
}

function libraryFinding(row: Library): Finding {
  const { library, version, tier, probe, tested, verdict } = row;
  const name = version === '' ? library : `${library} ${version}`;
  const found = `${name}: ${probe}, by ${tier}`;
  const facts = { ...row };
  if (verdict !== 'outside') {
    const note = verdict === 'newer' ? `; newer than what was tried (${tested})` : '';
    return ok('library', found + note, facts);
  }
  const todo =
    'Compare what is recorded of it with what you know; if something is missing, report it.';
  return attention('library', `${found}; another version than was tried (${tested})`, todo, facts);
}

function uncoveredFinding(row: Uncovered): Finding {
  const { system, port, reason } = row;
  const todo =
    'Use a driver that is instrumented and leave it out of the bundle, or time its calls with measure.';
  return attention('uncovered', `${system} at port ${port}: ${reason}`, todo, { ...row });
}

/** Undefined when it is not what a collector of this version answers. */
function parse(
  text: string,
):
  | { readonly libraries: readonly Library[]; readonly uncovered: readonly Uncovered[] }
  | undefined {
  try {
    const { libraries, uncovered } = JSON.parse(text) as Record<string, unknown>;
    const isWhole = areTexts(libraries) && areTexts(uncovered);
    return isWhole ? { libraries: libraries as never, uncovered: uncovered as never } : undefined;
  } catch {
    return undefined;
  }
}

/** Rows of texts, and of the time when each was last seen. */
function areTexts(rows: unknown): boolean {
  return (
    Array.isArray(rows) &&
    rows.every(
      (row) =>
        typeof row === 'object' &&
        row !== null &&
        Object.values(row).every((value) => ['string', 'number'].includes(typeof value)),
    )
  );
}
