/**
 * `tachograph doctor`: what keeps data from arriving, in words, and what to do about it. Looks at this
 * environment's options, each destination, the spool and the collector's ledger; changes nothing but a
 * probe file that it removes.
 */
import { parseArgs } from 'node:util';
import { budgetProblems } from '../shared/budget-settings.js';
import { type Problem, resolveOptions } from '../shared/resolve-options.js';
import { type Destination, parseDestinations } from '../transport/destination.js';
import { networkOf } from '../transport/network.js';
import { readAuthorities } from '../transport/read-authorities.js';
import { createAsk } from './doctor/ask.js';
import { checkCollector, type HttpContext } from './doctor/check-collector.js';
import { checkMsgpack } from './doctor/check-msgpack.js';
import { checkOptions } from './doctor/check-options.js';
import { checkOutput } from './doctor/check-output.js';
import { checkSpool } from './doctor/check-spool.js';
import type { Section } from './doctor/finding.js';
import { human, json, levelOf } from './doctor/report.js';
import { EXIT_FAILURE, EXIT_OK } from './exit-codes.js';
import { readToken } from './read-token.js';

const HELP = `Usage: tachograph doctor [--service NAME] [--json]

Says what keeps data from arriving, and what to do. Run it as the service runs: with its account
and its environment. Looks at the options, each destination of TACHOGRAPH_URL, the spool, and what
the collector's ledger says of the service's processes. Changes nothing.

  --service NAME  Whose processes (default: TACHOGRAPH_SERVICE, else those of all services)
  --json          For machines
  --help          Print this

Each line is ok, attention (it works; somebody should look) or trouble (data is not delivered, or
is lost). Ends with 1 when there is trouble.
A read token is taken from TACHOGRAPH_COLLECTOR_READ_TOKEN or …_READ_TOKEN_FILE.
`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      service: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_OK;
  }
  const { env } = process;
  const readingToken = readToken(undefined, 'TACHOGRAPH_COLLECTOR_READ_TOKEN', env);
  const resolved = resolveOptions(env);
  const { options } = resolved;
  const { destinations, problems: ofDestinations } = parseDestinations(options.url);
  const ofAuthorities: Problem[] = [];
  const ca = readAuthorities(options.ca, (code, message) => ofAuthorities.push({ code, message }));
  const problems = [
    ...resolved.problems,
    ...ofDestinations,
    ...ofAuthorities,
    ...budgetProblems(options),
  ];
  const network = networkOf(env, ca);
  const context: HttpContext = {
    ask: createAsk(network, Date.now),
    network,
    token: options.token,
    readToken: readingToken,
    service: values.service ?? (options.service || undefined),
  };
  const checked = await Promise.all(destinations.map((one) => checkDestination(one, context)));
  const sections = [
    checkOptions(resolved, problems, destinations.length),
    ...checked.flat(),
    ...checkSpool(options, destinations, Date.now()),
  ];
  process.stdout.write(values.json ? json(sections) : human(sections));
  return levelOf(sections) === 'trouble' ? EXIT_FAILURE : EXIT_OK;
}

async function checkDestination(
  destination: Destination,
  context: HttpContext,
): Promise<Section[]> {
  switch (destination.kind) {
    case 'native':
      return checkCollector(destination, context);
    case 'msgpack':
      return [await checkMsgpack(destination, context)];
    case 'file':
    case 'stdout':
      return [checkOutput(destination)];
  }
}
