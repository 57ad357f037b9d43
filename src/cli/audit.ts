/** `tachograph audit DIR|URL`: what visitors load and need not, file by file. */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { audit } from '../audit/audit.js';
import { readFolder } from '../audit/folder.js';
import { readSite } from '../audit/site.js';
import { readSmallFile } from '../shared/small-file.js';
import { EXIT_FAILURE, EXIT_NO_DATA, EXIT_OK, UsageError } from './exit-codes.js';
import { paint } from './paint.js';
import { humanAudit, markdownAudit } from './render-audit.js';
import { reportFormatOf } from './report-format.js';
import { terminalWidth } from './terminal-width.js';

const TIME_MS_MAX = 120_000;
const WIDTH_DEFAULT = 100;
const WIDTH_MAX = 120;

const HELP = `Usage: tachograph audit [options] DIR|URL

Looks at the scripts, styles, images, fonts and pages of a folder, or of a site from its address on: what is not
minified, not compressed, not cached, larger than shown, or in the way of the first picture. Of a site it reads at
most 20 pages of the same origin, and runs nothing.

  --format FORMAT   human, json or md (default human)
  --cookie-file F   A file with the Cookie header of a session, for pages behind a log-in
  --json FILE       Also write the result there, for tachograph checklist --audit FILE
  --help            Print this

Exit code 0: nothing found; 1: something; 3: there was nothing to look at.
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      format: { type: 'string' },
      json: { type: 'string' },
      'cookie-file': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  const { stdout } = process;
  if (values.help) {
    stdout.write(HELP);
    return EXIT_OK;
  }
  const [target, ...rest] = positionals;
  if (target === undefined || rest.length > 0) {
    throw new UsageError('expected one folder or URL: tachograph audit ./public');
  }
  const format = reportFormatOf(values.format);
  const signal = AbortSignal.timeout(TIME_MS_MAX);
  const isSite = /^https?:\/\//i.test(target);
  if (isSite && !URL.canParse(target)) {
    throw new UsageError(`expected a folder or URL, got ${JSON.stringify(target)}.`);
  }
  const cookie = cookieOf(values['cookie-file']);
  const subject = isSite ? await readSite(new URL(target), signal, cookie) : readFolder(target);
  const result = await audit(subject, signal);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result)}\n`);
  if (result.pages + result.files === 0) {
    process.stderr.write(`There is no page, script, style, image or font in ${target}.\n`);
    return EXIT_NO_DATA;
  }
  switch (format) {
    case 'json':
      stdout.write(`${JSON.stringify(result)}\n`);
      break;
    case 'md':
      stdout.write(markdownAudit(result));
      break;
    case 'human':
      stdout.write(humanAudit(result, terminalWidth(WIDTH_DEFAULT, WIDTH_MAX), paint()));
  }
  return result.findings.length > 0 ? EXIT_FAILURE : EXIT_OK;
}

/** From a file, for an argument is seen by everybody. @throws {UsageError} */
function cookieOf(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  let cookie: string;
  try {
    cookie = readSmallFile(path)
      .trim()
      .replace(/^cookie:\s*/i, '');
  } catch (error) {
    throw new UsageError(`cannot read the cookie file: ${(error as Error).message}.`);
  }
  if (/^[\x20-\x7e]+$/.test(cookie)) return cookie;
  throw new UsageError('--cookie-file: expected one line such as "sid=…".');
}
