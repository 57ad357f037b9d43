/**
 * Leaves what metrics and options mean out of the preload: the texts are for the docs, the collector and the
 * command line, and to scan 11 KB of them costs the application's thread before its first line.
 */
import { readFileSync } from 'node:fs';

const TABLES = /[/\\]shared[/\\](?:[\w-]+-)?(?:metrics|options)\.js$/;
const TEXT = /(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/.source;
/** `histogram('name', UNIT, 'description' …`, as tsc writes it. */
const OF_METRIC = new RegExp(
  `(\\b(?:histogram|counter|gauge)\\('[^']+', (?:\\w+|\\{[^}]*\\}), )${TEXT}(?: \\+ ${TEXT})*`,
  'g',
);
const OF_OPTION = new RegExp(`(\\bdescription: )${TEXT}(?: \\+ ${TEXT})*`, 'g');
/** A name is never that long, nor has it spaces. */
const SENTENCE = /'[^'\n]* [^'\n]* [^'\n]* [^'\n]* [^'\n]*\.'/;

/** @returns {import('esbuild').Plugin} */
export function withoutDescriptions() {
  return {
    name: 'without-descriptions',
    setup({ onLoad }) {
      onLoad({ filter: TABLES }, ({ path }) => ({
        contents: strippedTable(path, readFileSync(path, 'utf8')),
      }));
    },
  };
}

/**
 * @param {string} path
 * @param {string} code
 */
function strippedTable(path, code) {
  const stripped = code.replaceAll(OF_METRIC, "$1''").replaceAll(OF_OPTION, "$1''");
  const left = SENTENCE.exec(stripped.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, ''))?.[0];
  if (left !== undefined)
    throw new Error(`bundle: expected no description in ${path}, got ${left}`);
  return stripped;
}
