/** docs/reference/codes.md from the table of warnings and what can be done about each. */
import { REMEDIES } from './remedies.js';

/** @param {Readonly<Record<string, string>>} warnings */
export function codesPage(warnings) {
  const sections = Object.entries(warnings).map(
    ([name, meaning]) => `## ${name}\n\n${meaning} ${REMEDIES[name] ?? ''}\n`,
  );
  return `# Warning codes

The agent speaks by \`process.emitWarning\`, on stderr, once for each kind of trouble and process. It never throws into your
program and never ends it. \`TACHOGRAPH_LOG=silent\` silences it, \`debug\` repeats every warning. A code is never reused for
another meaning.

${sections.join('\n')}`;
}
