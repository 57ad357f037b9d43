/** House style as a test: what Biome has no rule for. Each rule is shown to bite on a planted fault. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFiles, ROOT, textOf, withoutComments } from './source-files.js';

const LINES_MAX = 300;
/** Tables of data, one row after the other, may be longer: cutting them in two would hide them. */
const TABLE_LINES_MAX: Readonly<Record<string, number>> = {
  'src/shared/metrics.ts': 500,
  'src/shared/options.ts': 500,
};

const files = projectFiles();
const source = files.filter((path) => /^src\/.*\.tsx?$/.test(path));
const code = files.filter((path) => /\.(?:[cm]?[jt]sx?)$/.test(path));

type Rule = (path: string, text: string) => string | undefined;

const isNotTooLong: Rule = (path, text) => {
  const lines = text.trimEnd().split('\n').length;
  return lines > (TABLE_LINES_MAX[path] ?? LINES_MAX) ? `${lines} lines` : undefined;
};

const isKebabCase: Rule = (path) =>
  path
    .replace(/^src\//, '')
    .split('/')
    .every((part) => /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.d)?(?:\.tsx?)?$/.test(part))
    ? undefined
    : 'is not in kebab-case';

const isNoBarrel: Rule = (path) =>
  /(?:^|\/)(?:utils?|types?|helpers?|common|misc|index)(?:\/|\.)/.test(path) &&
  path !== 'src/index.ts'
    ? 'is named for nothing in particular'
    : undefined;

const hasContract: Rule = (_path, text) =>
  /^(?:#!.*\n)?\/\*\*[\s\S]{20,}?\*\/\n/.test(text)
    ? undefined
    : 'does not begin with a contract comment';

const exportsByName: Rule = (path, text) =>
  // A declaration says what another package exports.
  !path.endsWith('.d.ts') &&
  /\bexport\s+default\b|\bexport\s*=|\bas\s+default\b/.test(withoutComments(text))
    ? 'has a default export'
    : undefined;

const exportsNoOthers: Rule = (path, text) =>
  path !== 'src/index.ts' && /\bexport\s+(?:type\s+)?(?:\*|\{[^}]*\}\s*from)/.test(text)
    ? 're-exports another file'
    : undefined;

const MARKERS = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`);
const isFinished: Rule = (_path, text) => MARKERS.exec(text)?.[0];

const runsEverything: Rule = (path, text) =>
  path.startsWith('test/') && !path.startsWith('test/fixtures/')
    ? /\b(?:it|test|describe|suite)\.(?:only|skip|todo|fails)\b\s*[(.]/.exec(text)?.[0]
    : undefined;

function broken(rule: Rule, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const complaint = rule(path, textOf(path));
    return complaint === undefined ? [] : [`${path}: ${complaint}`];
  });
}

describe('a file of src', () => {
  it('exists', () => {
    expect(source.length).toBeGreaterThan(20);
  });
  it('has at most 300 lines', () => {
    expect(broken(isNotTooLong, source)).toEqual([]);
  });
  it('is named in kebab-case', () => {
    expect(broken(isKebabCase, source)).toEqual([]);
  });
  it('is named for its one concept', () => {
    expect(broken(isNoBarrel, source)).toEqual([]);
  });
  it('begins with a contract comment', () => {
    expect(broken(hasContract, source)).toEqual([]);
  });
  it('exports by name', () => {
    expect(broken(exportsByName, source)).toEqual([]);
  });
  it('exports only what is its own', () => {
    expect(broken(exportsNoOthers, source)).toEqual([]);
  });
});

describe('code', () => {
  it('has no marker of unfinished work', () => {
    expect(broken(isFinished, code)).toEqual([]);
  });
  it('has no test that is left out or runs alone', () => {
    expect(broken(runsEverything, code)).toEqual([]);
  });
});

describe('the repository', () => {
  it('has a lock file without the hosts it was made from', () => {
    const lock = textOf('package-lock.json');
    expect(lock.match(/"resolved": "(?!file:|node_modules)[^"]*/g)).toBeNull();
    expect(lock).not.toMatch(/https?:\/\/registry\./);
  });

  it('names no path of the machine it was written on', () => {
    const home = homedir();
    const places = [`${ROOT}/`, ...(home.length > 1 ? [`${home}/`] : [])];
    const found = files
      .filter((path) => !/\.(?:png|ico|woff2?|bin|gz|tgz)$/.test(path))
      .flatMap((path) => {
        const text = textOf(path);
        return places.filter((place) => text.includes(place)).map((place) => `${path}: ${place}`);
      });
    expect(found).toEqual([]);
  });
});

describe('the rules of this file', () => {
  const planted: [name: string, rule: Rule, path: string, text: string][] = [
    ['length', isNotTooLong, 'src/a.ts', 'x\n'.repeat(301)],
    ['kebab-case', isKebabCase, 'src/agent/ringWriter.ts', ''],
    ['no utils', isNoBarrel, 'src/agent/utils.ts', ''],
    ['no helpers', isNoBarrel, 'src/helpers/clock.ts', ''],
    ['no index', isNoBarrel, 'src/agent/index.ts', ''],
    [
      'contract',
      hasContract,
      'src/a.ts',
      "import a from 'a';\n/** Says what it does, too late. */\n",
    ],
    ['default export', exportsByName, 'src/a.ts', 'export default 1;'],
    ['re-export', exportsNoOthers, 'src/a.ts', "export { a } from './b.js';"],
    ['unfinished', isFinished, 'src/a.ts', `// ${'TO' + 'DO'}: more`],
    ['only', runsEverything, 'test/a.test.ts', `it${'.only'}('x', () => {})`],
    ['skip', runsEverything, 'test/a.test.ts', `describe${'.skip'}('x', () => {})`],
  ];
  it.each(planted)('find a planted fault: %s', (_name, rule, path, text) => {
    expect(rule(path, text)).toBeDefined();
  });

  it('leave good code alone', () => {
    const text = "/** Owns nothing, is bounded by nothing. */\nexport const a = 'default';\n";
    const rules = [
      isNotTooLong,
      isKebabCase,
      isNoBarrel,
      hasContract,
      exportsByName,
      exportsNoOthers,
    ];
    expect(rules.map((rule) => rule('src/agent/ring-writer.ts', text))).toEqual(
      rules.map(() => undefined),
    );
  });
});

describe('Biome, with the configuration of this repository,', () => {
  const lines = (count: number): string =>
    `/** Planted. */\nexport function long(): void {\n${'  console.log(1);\n'.repeat(count)}}\n`;
  /** Its complaints about a folder of planted files, as `file rule`. */
  const complaints = (planted: Readonly<Record<string, string>>): string[] => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tachograph-tidy-')));
    try {
      const { vcs: _, ...configuration } = JSON.parse(textOf('biome.json'));
      writeFileSync(join(folder, 'biome.json'), JSON.stringify(configuration));
      for (const [path, text] of Object.entries(planted)) {
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
      const args = [biome, 'lint', '--colors=off', '--reporter=github', '.'];
      const run = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
      const found = run.stdout.matchAll(/title=lint\/\w+\/(\w+),file=([^,]+)/g);
      return [...found].map(([, rule, file = '']) => `${file.replace(`${folder}/`, '')} ${rule}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  it('refuses long functions, barrels, default exports, bare built-ins and forgotten promises', () => {
    const found = complaints({
      'src/agent/long.ts': lines(71),
      'src/agent/fits.ts': lines(70),
      'src/agent/barrel.ts': "export { a } from './a.js';\nexport { b } from './b.js';\n",
      'src/agent/standard.ts': 'export default 1;\n',
      'src/agent/bare.ts': "import 'fs';\n",
      'src/agent/lost.ts': 'async function a(): Promise<void> {}\na();\n',
      'test/only.test.ts': `it${'.only'}('runs alone', () => {});\n`,
    });
    expect(found.sort()).toEqual([
      'src/agent/bare.ts useNodejsImportProtocol',
      'src/agent/barrel.ts noBarrelFile',
      'src/agent/long.ts noExcessiveLinesPerFunction',
      'src/agent/lost.ts noFloatingPromises',
      'src/agent/standard.ts noDefaultExport',
      'test/only.test.ts noFocusedTests',
    ]);
  });
});

it('every test file is one that vitest finds', () => {
  const named = files.filter((path) => /\.(?:test|spec)\.[cm]?[jt]sx?$/.test(path));
  const lost = named.filter((path) => !/^test\/.*\.test\.ts$/.test(path));
  expect(lost.map((path) => basename(path))).toEqual([]);
});
