/**
 * What the scenarios of a file are to show: its comments `// finds SCENARIO KIND`, each on the line that is to be
 * named. A scenario without one is to show nothing. Pure.
 */

/**
 * @typedef {object} Expected
 * @property {string} scenario
 * @property {string} kind
 * @property {number | undefined} line From 1; undefined of what has no line, which a comment says by `nowhere`.
 */

/**
 * @param {string} source
 * @returns {Expected[]}
 */
export function expectedIn(source) {
  return source.split('\n').flatMap((text, i) => {
    const [, scenario, kind, nowhere] = /\/\/ finds ([\w-]+) (\w+)( nowhere)?$/.exec(text) ?? [];
    if (scenario === undefined || kind === undefined) return [];
    return [{ scenario, kind, line: nowhere ? undefined : i + 1 }];
  });
}

/**
 * @param {readonly Record<string, any>[]} points What the file destination wrote.
 * @returns {{ scenario: string, kind: string, query: string, file: string, line: number | undefined, orm: string | undefined }[]}
 *   Each finding once, as it was told last.
 */
export function findingsIn(points) {
  const found = new Map();
  for (const point of points.filter(({ name }) => name === 'tachograph.finding')) {
    const finding = {
      scenario: String(point['http.route'] ?? '').slice(1),
      kind: point['tachograph.finding.kind'],
      query: point['tachograph.finding.query'],
      file: String(point['code.file.path'] ?? '').replace(/^.*\//, ''),
      line: point['code.line.number'] === undefined ? undefined : Number(point['code.line.number']),
      orm: point['tachograph.finding.orm'],
    };
    found.set(JSON.stringify([finding.scenario, finding.kind, finding.query]), finding);
  }
  return [...found.values()];
}

/**
 * @param {readonly Expected[]} expected
 * @param {ReturnType<typeof findingsIn>} found
 * @param {string} file The name that a line is to be of.
 */
export function judge(expected, found, file) {
  const left = [...found];
  const missed = [];
  const misplaced = [];
  const right = [];
  for (const wanted of expected) {
    const isOf = ({ scenario, kind }) => scenario === wanted.scenario && kind === wanted.kind;
    const isThere = (finding) =>
      isOf(finding) &&
      finding.line === wanted.line &&
      (finding.file === file || finding.line === undefined);
    const at = left.some(isThere) ? left.findIndex(isThere) : left.findIndex(isOf);
    if (at < 0) missed.push(wanted);
    else {
      const [finding] = left.splice(at, 1);
      if (isThere(finding)) right.push(finding);
      else misplaced.push({ wanted, finding });
    }
  }
  return { right, misplaced, missed, extra: left };
}
