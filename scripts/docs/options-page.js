/** docs/reference/options.md from the table of options. */
import { code, table } from './markdown.js';

/**
 * @param {{
 *   options: readonly import('../../src/shared/option-row.ts').OptionRow[],
 *   others: readonly string[],
 *   formatValue: (row: import('../../src/shared/option-row.ts').OptionRow, value: unknown) => string,
 * }} source
 */
export function optionsPage({ options, others, formatValue }) {
  const rows = options.map((row) => [
    code(row.env),
    code(row.key),
    typeOf(row, formatValue),
    isEmpty(row) ? '' : code(formatValue(row, row.default)),
    row.description,
  ]);
  return `# Options

Set them in the environment. \`npx tachograph config\` prints what is in force, where each value came from, and what is
wrong with it. A value that cannot be used is a warning and the default is used instead; it never stops your program.

${table(['Variable', 'Key in a file', 'Type', 'Default', 'Meaning'], rows)}

## Where a value comes from

The first of these that has a usable value wins:

1. the variable above;
2. the JSON file named by \`TACHOGRAPH_CONFIG_FILE\`, an object whose keys are the second column. No file is searched for;
3. the variables of other tools, below;
4. the default.

A secret can also be the first line of a file: \`TACHOGRAPH_TOKEN_FILE=/run/secrets/token\`. A token consists of ASCII
letters, digits and marks without spaces: what a header can carry. Another one is refused with a warning, and by the
collector with an error; neither shows it.

Batches for http destinations go by the proxy that \`HTTP_PROXY\` or \`HTTPS_PROXY\` names (\`http://user:password@host:port\`), but to
loopback addresses and those of \`NO_PROXY\` directly; a service that must be recorded without its proxy puts the collector's
host there. An https destination is reached by a tunnel, and its certificate is checked from end to end. In a CGI program
\`HTTP_PROXY\` in capitals is not taken, for there any visitor can set it.

Durations are written \`500ms\`, \`10s\`, \`5m\`, \`2h\`, \`7d\`, or as a bare number of milliseconds; sizes \`64MiB\`, \`512k\`,
\`1MB\`, or as a bare number of bytes; switches \`on\` and \`off\` (also \`true\`, \`yes\`, \`1\` and their opposites).

## A collector behind TLS

The agent trusts the certificates that Node.js trusts. If an authority of your own vouches for the collector, name its
file in \`TACHOGRAPH_CA\`, for the agent alone, or in \`NODE_EXTRA_CA_CERTS\`, which the connections of your program
trust then, too. A certificate that has expired, is for another name, or that nobody vouches for is a failure like any other:
batches wait in the spool, and a warning says why.

## The end of a process

The end waits for the last batch, \`TACHOGRAPH_EXIT_TIMEOUT\` at most, and leaves to the spool what is not delivered by then. One
thing can hold it for longer: a question to a resolver that hangs. Node.js cannot take a lookup back and does not end before
it is answered or given up, which takes 10 s with the usual resolv.conf (\`timeout\` times \`attempts\` for each name
server) and is the same for a lookup of your program's own. A destination by address, or by a name in \`/etc/hosts\`, asks no resolver.

## Variables of other tools

${table(['Option', 'Also taken from, the first that is set'], fallbackRows(options))}

## Variables that are not options of the agent

${others.map((name) => `- ${code(name)}`).join('\n')}
`;
}

/** @param {import('../../src/shared/option-row.ts').OptionRow} row */
function isEmpty(row) {
  return row.default === '' || (row.type === 'list' && row.default.length === 0);
}

/**
 * @param {import('../../src/shared/option-row.ts').OptionRow} row
 * @param {(row: import('../../src/shared/option-row.ts').OptionRow, value: unknown) => string} formatValue
 */
function typeOf(row, formatValue) {
  switch (row.type) {
    case 'integer':
    case 'duration':
    case 'bytes':
      return `${row.type}, ${formatValue(row, row.min)} to ${formatValue(row, row.max)}`;
    case 'choice':
      return row.values.map(code).join(', ');
    default:
      return row.secret ? 'secret' : row.type;
  }
}

/** @param {readonly import('../../src/shared/option-row.ts').OptionRow[]} options */
function fallbackRows(options) {
  return options
    .filter((row) => row.fallbacks !== undefined)
    .map((row) => {
      const names = (row.fallbacks ?? []).map(fallbackName);
      // A secret of another tool may be in a file, too.
      const files = row.secret ? (row.fallbacks ?? []).map((name) => code(`${name}_FILE`)) : [];
      return [code(row.env), [...names, ...files].join(', ')];
    });
}

/** @param {string} fallback `NAME`, `!NAME` or `NAME:key`, as in the table. */
function fallbackName(fallback) {
  const [name = '', key] = fallback.replace('!', '').split(':');
  if (key !== undefined) return `${code(key)} in ${code(name)}`;
  return fallback.startsWith('!') ? `${code(name)} (\`true\` switches off)` : code(name);
}
