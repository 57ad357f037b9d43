/** What is documented is what is there: pages from tables, links, dependencies, and README's length. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REMEDIES } from '../../scripts/docs/remedies.js';
import { pages } from '../../scripts/docs.js';
import { DEFAULT_RULES } from '../../src/alerts/default-rules.js';
import { quantityText } from '../../src/alerts/rule.js';
import { CHECKS } from '../../src/cli/doctor/checks.js';
import { openApi } from '../../src/collector/http/open-api.js';
import { BUDGETS } from '../../src/shared/budgets.js';
import { WARNINGS } from '../../src/shared/codes.js';
import { METRICS } from '../../src/shared/metric-catalogue.js';
import { OPTIONS, OTHER_VARIABLES } from '../../src/shared/options.js';
import { formatValue } from '../../src/shared/resolve-options.js';
import { projectFiles, ROOT, textOf } from './source-files.js';

const README_LINES_MAX = 150;

const generated: Record<string, string> = pages({
  openApi,
  OPTIONS,
  OTHER_VARIABLES,
  formatValue,
  WARNINGS,
  METRICS,
  BUDGETS,
  DEFAULT_RULES,
  quantityText,
});

describe('a generated page', () => {
  it.each(Object.keys(generated))('%s is what its table gives (npm run docs)', (path) => {
    expect(textOf(path)).toBe(generated[path]);
  });
});

describe('every', () => {
  const documented = (page: string, pattern: RegExp): string[] =>
    [...textOf(page).matchAll(pattern)].map((match) => match[1] ?? '');

  it('option is documented, and every documented one exists', () => {
    const rows = documented('docs/reference/options.md', /^\| `(TACHOGRAPH_\w+)` \| `\w+` \|/gm);
    expect(rows).toEqual(OPTIONS.map((row) => row.env));
  });

  it('code is explained with what can be done, and every explained one exists', () => {
    const codes = Object.keys(WARNINGS);
    expect(documented('docs/reference/codes.md', /^## (\w+)$/gm)).toEqual(codes);
    expect(Object.keys(REMEDIES).sort()).toEqual([...codes].sort());
  });

  it('metric is documented, and every documented one exists', () => {
    const rows = documented('docs/reference/metrics.md', /^\| `([^`]+)` \|/gm);
    expect(rows).toEqual(METRICS.map((metric) => metric.name));
  });

  it('check of the doctor is explained, and every explained one exists', () => {
    const rows = documented('docs/reference/doctor.md', /^\| `([a-z-]+)` \| [A-Z]/gm);
    expect(rows).toEqual(Object.keys(CHECKS));
  });

  it('dependency has its reason, and every reason its dependency', () => {
    const manifest = JSON.parse(textOf('package.json'));
    const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    const rows = documented('docs/internals/dependencies.md', /^\| `([^`]+)` \| \S.{10,} \|$/gm);
    expect(rows.sort()).toEqual(names.sort());
  });

  it('variable that a document mentions exists', () => {
    const known = [...OPTIONS.map((row) => row.env), ...OTHER_VARIABLES];
    const mentioned = markdown().flatMap((path) =>
      [...textOf(path).matchAll(/\bTACHOGRAPH_[A-Z_]+\b/g)].map(([name]) => ({ path, name })),
    );
    expect(mentioned.length).toBeGreaterThan(0);
    const isKnown = (name: string): boolean =>
      known.includes(name) || name.startsWith('TACHOGRAPH_TEST_') || name === 'TACHOGRAPH_';
    expect(mentioned.filter(({ name }) => !isKnown(name))).toEqual([]);
  });
});

describe('a link', () => {
  it('within the documents leads to a file and, if it names one, to a heading', () => {
    const broken = markdown().flatMap((path) => brokenLinks(path, textOf(path)));
    expect(broken).toEqual([]);
  });

  it.each([
    '[a](missing.md)',
    '[a](README.md#no-such-heading)',
    '[a](#no-such-heading)',
    '![a](missing.png)',
  ])('that leads nowhere is found: %s', (text) => {
    expect(brokenLinks('README.md', text)).toHaveLength(1);
  });

  it.each(['[a](docs/README.md)', '`[a](missing.md)`', '[a](https://nodejs.org/api/)'])(
    'that is none, or leads somewhere, is left alone: %s',
    (text) => {
      expect(brokenLinks('README.md', text)).toEqual([]);
    },
  );
});

describe('a test that a document names', () => {
  it('is there, under that name', () => {
    const named = markdown().flatMap((path) => testsNamedIn(textOf(path)));
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((one) => !isThere(one))).toEqual([]);
  });

  it.each([
    ['`test/missing.test.ts`'],
    ['`test/project/docs.test.ts`: “no such test”'],
    ['`test/project/docs.test.ts`: “is there, under that name”, “no such test”'],
  ])('and is not there is found: %s', (text) => {
    expect(testsNamedIn(text).every(isThere)).toBe(false);
  });

  it('holds every promise of the guide, and every fault has a row', () => {
    const guide = textOf('docs/guides/reliability.md');
    const promises = [...guide.matchAll(/^\| P(\d+) \|.*`test\/.*$/gm)].map(([, n]) => Number(n));
    const faults = [...guide.matchAll(/^\| (\d+) \|.*(?:`test\/|Not yet).*$/gm)];
    expect(promises).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(faults.map(([, n]) => Number(n))).toEqual(Array.from({ length: 28 }, (_, i) => i + 1));
  });
});

describe('README.md', () => {
  it('has fewer than 150 lines', () => {
    expect(textOf('README.md').trimEnd().split('\n').length).toBeLessThan(README_LINES_MAX);
  });

  it('and docs/README.md lead to every document', () => {
    const index = new Set(['README.md', 'docs/README.md'].flatMap((path) => targets(path)));
    const documents = markdown().filter(
      (path) => /^docs\//.test(path) && path !== 'docs/README.md',
    );
    expect(documents.filter((path) => !index.has(path))).toEqual([]);
  });

  it('names only scripts that package.json has', () => {
    const { scripts } = JSON.parse(textOf('package.json'));
    const named = [...textOf('README.md').matchAll(/\bnpm run ([\w:]+)/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
  });
});

it('CHANGELOG.md tells of the version in package.json', () => {
  const { version } = JSON.parse(textOf('package.json'));
  expect(textOf('CHANGELOG.md')).toContain(`## ${version}`);
});

function markdown(): string[] {
  return projectFiles().filter(
    (path) => path.endsWith('.md') && !path.startsWith('test/fixtures/'),
  );
}

function linksOf(text: string): string[] {
  const plain = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
  return [...plain.matchAll(/\]\(([^()\s]+)\)/g)].map((match) => match[1] ?? '');
}

/** The files below the root that a document links to. */
function targets(path: string): string[] {
  return linksOf(textOf(path)).map((link) => join(dirname(path), link.split('#')[0] ?? ''));
}

function brokenLinks(path: string, text: string): string[] {
  return linksOf(text).flatMap((link) => {
    if (/^(?:https?|mailto):/.test(link)) return [];
    const [file = '', heading] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, target))) return [`${path}: ${link}`];
    if (heading === undefined) return [];
    return headings(textOf(target)).includes(heading) ? [] : [`${path}: ${link}`];
  });
}

interface NamedTest {
  readonly path: string;
  /** As it stands in the source; absent where only the file is named. */
  readonly name?: string;
}

/** What a document calls tests: `test/….test.ts`, and after a colon “names”, separated by commas. */
function testsNamedIn(text: string): NamedTest[] {
  const mentions = text.matchAll(/`(test\/[^`*]+\.test\.ts)`(?:: (“[^”]+”(?:, “[^”]+”)*))?/g);
  return [...mentions].flatMap(([, path = '', names]) => {
    if (names === undefined) return [{ path }];
    return [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => ({ path, name }));
  });
}

function isThere({ path, name }: NamedTest): boolean {
  if (!existsSync(join(ROOT, path))) return false;
  if (name === undefined) return true;
  return ["'", '`', '"'].some((quote) => textOf(path).includes(`${quote}${name}${quote}`));
}

/** The anchors that hosts make of headings. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}
