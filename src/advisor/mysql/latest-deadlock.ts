/**
 * The last deadlock that InnoDB tells of in its status: the statements of both sides, and which of them was rolled
 * back. Pure. The texts hold values, and must not leave without being read by the lexer.
 */

export interface Deadlock {
  /** The server's time, as it writes it: tells one from the next. */
  readonly at: string;
  readonly victim: string;
  readonly other: string;
  /** Of the tables whose locks are named, each once. */
  readonly databases: readonly string[];
}

const SECTION = /LATEST DETECTED DEADLOCK\n-+\n([\s\S]*?)\n-{5,}\n[A-Z ]+\n-{5,}/;
const AT = /^[\d-]+ +[\d:]+(?: 0x[\da-f]+)?/;
/** Behind the line that names the thread, up to what the transaction waits for or holds. */
const STATEMENT =
  /\n(?:MySQL|MariaDB) thread id [^\n]*\n([\s\S]*?)\n(?:\n|\*\*\*|RECORD LOCKS|TABLE LOCK)/;
const LOCKED = /^(?:RECORD LOCKS|TABLE LOCK) .*?table `((?:[^`]|``)+)`\./gm;
const PARTS = /\*\*\* \((\d)\) TRANSACTION:/;
const VICTIM = /\*\*\* WE ROLL BACK TRANSACTION \((\d)\)/;

/** Undefined where there was none, or it was of more than two. */
export function latestDeadlock(status: string): Deadlock | undefined {
  const section = SECTION.exec(status.replaceAll('\r', ''))?.[1];
  if (section === undefined) return undefined;
  const at = AT.exec(section)?.[0];
  const [, firstName, first = '', secondName, second = '', ...more] = section.split(PARTS);
  const texts = [first, second].map((part) => STATEMENT.exec(part)?.[1]?.trim() ?? '');
  if (at === undefined || more.length > 0 || texts.includes('')) return undefined;
  const rolledBack = VICTIM.exec(section)?.[1] ?? secondName;
  const [victim, other] = rolledBack === firstName ? texts : [texts[1], texts[0]];
  const names = [...section.matchAll(LOCKED)].map(([, name]) => name!.replaceAll('``', '`'));
  return { at, victim: victim!, other: other!, databases: [...new Set(names)] };
}
