/**
 * The last deadlock that InnoDB tells of in its status: the statements of both sides. Which of them it says to have rolled
 * back is not read: MariaDB named the other one for years (MDEV-37977), and its versions do not tell. Pure. The texts
 * hold values, and must not leave without being read by the lexer.
 */

export interface Deadlock {
  /** The server's time, as it writes it: tells one from the next. */
  readonly at: string;
  readonly statements: readonly [one: string, other: string];
  /** Of the tables whose locks are named, each once. */
  readonly databases: readonly string[];
}

const SECTION = /LATEST DETECTED DEADLOCK\n-+\n([\s\S]*?)\n-{5,}\n[A-Z ]+\n-{5,}/;
const AT = /^[\d-]+ +[\d:]+(?: 0x[\da-f]+)?/;
/** Behind the line that names the thread, up to what the transaction waits for or holds. */
const STATEMENT =
  /\n(?:MySQL|MariaDB) thread id [^\n]*\n([\s\S]*?)\n(?:\n|\*\*\*|RECORD LOCKS|TABLE LOCK)/;
const LOCKED = /^(?:RECORD LOCKS|TABLE LOCK) .*?table `((?:[^`]|``)+)`\./gm;
const PARTS = /\*\*\* \(\d\) TRANSACTION:/;

/** Undefined where there was none, or it was of more than two. */
export function latestDeadlock(status: string): Deadlock | undefined {
  const section = SECTION.exec(status.replaceAll('\r', ''))?.[1];
  if (section === undefined) return undefined;
  const at = AT.exec(section)?.[0];
  const [, ...sides] = section.split(PARTS);
  const [one = '', other = '', ...more] = sides.map(
    (part) => STATEMENT.exec(part)?.[1]?.trim() ?? '',
  );
  if (at === undefined || more.length > 0 || one === '' || other === '') return undefined;
  const names = [...section.matchAll(LOCKED)].map(([, name]) => name!.replaceAll('``', '`'));
  return { at, statements: [one, other], databases: [...new Set(names)] };
}
