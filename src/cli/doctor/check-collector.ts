/**
 * A destination that takes batches of the wire format, and what its collector knows of the service. A
 * handful of requests one after the other, none of which changes anything there.
 */
import type { HttpDestination } from '../../transport/destination.js';
import type { Network } from '../../transport/network.js';
import type { Ask, Failure, Reply } from './ask.js';
import { clockFinding } from './check-clock.js';
import { askIngest, errorOf, ingestFinding, isNoBatch } from './check-ingest.js';
import { ledgerFindings } from './check-ledger.js';
import { libraryFindings } from './check-libraries.js';
import type { Finding, Section } from './finding.js';
import {
  failedFinding,
  type HttpTarget,
  httpTarget,
  pathBeside,
  reachedFinding,
} from './http-target.js';
import { tokenRole } from './token-role.js';

export interface HttpContext {
  readonly ask: Ask;
  readonly network: Network;
  /** TACHOGRAPH_TOKEN; empty without one. */
  readonly token: string;
  /** TACHOGRAPH_COLLECTOR_READ_TOKEN. */
  readonly readToken: string | undefined;
  /** Undefined: all services. */
  readonly service: string | undefined;
}

export async function checkCollector(
  destination: HttpDestination,
  context: HttpContext,
): Promise<Section[]> {
  const title = `Destination ${destination.label}`;
  const target = await httpTarget(destination, context.network);
  const health = await context.ask({ method: 'GET', url: pathBeside(target, 'health') });
  if (health.kind === 'failure') return [{ title, findings: [failedFinding(health, target)] }];
  const isCollector = health.status === 200 && /"status":\s*"ok"/.test(health.text);
  const isOurs = isCollector || errorOf(health.text).code === 'host_not_allowed';
  const who = isOurs ? 'a collector answers' : 'it answers, but not as the bundled collector';
  const findings = [
    reachedFinding(health, who, target),
    await checkIngest(target, context),
    clockFinding(health),
  ];
  const sections: Section[] = [{ title, findings }];
  if (isCollector) {
    sections.push(await checkLedger(target, context), ...(await checkLibraries(target, context)));
  }
  return sections;
}

async function checkIngest(target: HttpTarget, { ask, token }: HttpContext): Promise<Finding> {
  const { authorization } = target.destination;
  const reply = await askIngest(target, ask, token === '' ? authorization : `Bearer ${token}`);
  if (reply.kind === 'failure') return failedFinding(reply, target);
  if (token === '') return ingestFinding(reply, authorization === '' ? undefined : 'unknown');
  const role = isNoBatch(reply) ? await tokenRole(target, ask, token) : 'unknown';
  return ingestFinding(reply, role);
}

async function checkLedger(target: HttpTarget, context: HttpContext): Promise<Section> {
  const { service } = context;
  const { url, reply } = await askToRead('ledger', target, context);
  const whose = service === undefined ? 'all services' : `service ${service}`;
  return {
    title: `Processes of ${whose}, as ${url.host} knows them`,
    findings:
      reply.kind === 'failure' ? [failedFinding(reply, target)] : ledgerFindings(reply, service),
  };
}

/** None where nothing is known: that reading fails was said of the ledger. */
async function checkLibraries(target: HttpTarget, context: HttpContext): Promise<Section[]> {
  const { reply } = await askToRead('libraries', target, context);
  const findings = reply.kind === 'failure' ? [] : libraryFindings(reply);
  return findings.length === 0 ? [] : [{ title: 'Instrumented libraries', findings }];
}

async function askToRead(
  name: string,
  target: HttpTarget,
  { ask, token, readToken, service }: HttpContext,
): Promise<{ readonly url: URL; readonly reply: Reply | Failure }> {
  const url = pathBeside(target, name);
  if (service !== undefined) url.searchParams.set('service', service);
  // One token may be for both: that of the role admin.
  const bearer = readToken ?? token;
  const headers = bearer === '' ? {} : { authorization: `Bearer ${bearer}` };
  return { url, reply: await ask({ method: 'GET', url, headers }) };
}
