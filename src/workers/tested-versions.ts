/** Whether a version of a library is one that was tried, by the words of its adapter's row. Pure. */

/**
 * `inside`: between versions that were tried. `newer`: of a major version that was, and later than
 * those. `outside`: another. `unknown`: the row names no version of that package.
 */
export type Verdict = 'inside' | 'newer' | 'outside' | 'unknown';

/** `tested` reads `express 4.17, 5.3 with router 2.2, nest 11`: a name holds until the next one. */
export function verdictOf(tested: string, packageName: string, version: string): Verdict {
  const numbers = versionsIn(tested).get(packageName);
  const [major, minor] = version.split('.').map(Number);
  if (numbers === undefined || major === undefined || !Number.isFinite(major)) return 'unknown';
  const minors = numbers.filter((one) => one.major === major).map((one) => one.minor);
  if (minors.length === 0) return 'outside';
  // A row that says "11" was tried with some version of it.
  if (minors.includes(undefined)) return 'inside';
  const known = minors as number[];
  if ((minor ?? 0) < Math.min(...known)) return 'outside';
  return (minor ?? 0) > Math.max(...known) ? 'newer' : 'inside';
}

/** Packages that `tested` names, in its order. */
export function packagesIn(tested: string): string[] {
  return [...versionsIn(tested).keys()];
}

interface Version {
  readonly major: number;
  readonly minor: number | undefined;
}

/** By package, in the order of `tested`. */
export function versionsIn(tested: string): Map<string, Version[]> {
  const found = new Map<string, Version[]>();
  let name = '';
  for (const word of tested.split(/,\s*|\s+/)) {
    const version = /^(\d+)(?:\.(\d+))?/.exec(word);
    if (version === null) {
      // Words between, such as "with", have no version after them.
      name = word;
      continue;
    }
    const minor = version[2] === undefined ? undefined : Number(version[2]);
    found.set(name, [...(found.get(name) ?? []), { major: Number(version[1]), minor }]);
  }
  return found;
}
