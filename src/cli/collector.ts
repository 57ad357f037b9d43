/** `tachograph collector`: runs the bundled collector until it is told to end. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AlertSettings, alertProblems, readAlertSettings } from '../alerts/alert-settings.js';
import { type BeaconSites, readBeaconSites } from '../collector/beacon/beacon-sites.js';
import {
  type Collector,
  type CollectorOptions,
  HOST_DEFAULT,
  PORT_DEFAULT,
  startCollector,
} from '../collector/start-collector.js';
import { defaultDataFolder } from '../collector/store/data-folder.js';
import { resolveOptions } from '../shared/resolve-options.js';
import { reportOptions } from './collector-reports.js';
import { EXIT_OK, UsageError } from './exit-codes.js';
import { readDsn } from './read-dsn.js';
import { readToken } from './read-token.js';

const HELP = `Usage: tachograph collector [options]

Receives what agents send, stores it, and serves the dashboard and the JSON API.

  --port NUMBER           Port, 0 takes a free one (default ${PORT_DEFAULT}) [TACHOGRAPH_COLLECTOR_PORT]
  --host ADDRESS          Address to listen on (default ${HOST_DEFAULT}) [TACHOGRAPH_COLLECTOR_HOST]
  --data FOLDER           Where data is kept (default: tachograph/collector in the
                          state folder, ~/.local/state) [TACHOGRAPH_COLLECTOR_DATA]
  --token-file FILE       A token for sending, besides those of "tachograph token"; one is required
                          unless the address is loopback [TACHOGRAPH_COLLECTOR_TOKEN, …_TOKEN_FILE]
  --read-token-file FILE  A token for reading [TACHOGRAPH_COLLECTOR_READ_TOKEN, …_READ_TOKEN_FILE]
  --allow-host NAME       A further name of this collector in Host headers; repeatable
  --zone NAME             Time zone of days and weeks in reports (default: the machine's)
                          [TACHOGRAPH_COLLECTOR_ZONE]
  --report-at TIME        When reports are made, such as 06:00, or off [TACHOGRAPH_COLLECTOR_REPORT_AT]
                          They are mailed to TACHOGRAPH_COLLECTOR_REPORT_TO by SMTP_URL.
  --beacon-key KEY=SERVICE
                          Takes what browsers send for the pages of a service; repeatable. The key is
                          yours to choose, and stands in the pages [TACHOGRAPH_COLLECTOR_BEACON_KEY]
  --beacon-origin URL     A site whose pages may send, as https://shop.example; repeatable
                          [TACHOGRAPH_COLLECTOR_BEACON_ORIGIN]
  --advise-dsn DSN        A database to look at every hour for advice about indexes, by a role that may only read:
                          postgres://…, mysql://…, sqlite:FILE [TACHOGRAPH_ADVISE_DSN, …_DSN_FILE]
  --quiet                 Print nothing but errors
  --help                  Print this

Alerts are set by TACHOGRAPH_ALERT_… and SLACK_WEBHOOK_URL, SMTP_URL (docs/guides/alerts.md).
`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      data: { type: 'string' },
      'token-file': { type: 'string' },
      'read-token-file': { type: 'string' },
      'allow-host': { type: 'string', multiple: true },
      zone: { type: 'string' },
      'report-at': { type: 'string' },
      'beacon-key': { type: 'string', multiple: true },
      'beacon-origin': { type: 'string', multiple: true },
      'advise-dsn': { type: 'string' },
      quiet: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_OK;
  }
  const { env } = process;
  const options: CollectorOptions = {
    folder: resolve(values.data ?? (env.TACHOGRAPH_COLLECTOR_DATA || defaultDataFolder(env))),
    host: values.host ?? (env.TACHOGRAPH_COLLECTOR_HOST || HOST_DEFAULT),
    port: parsePort(values.port ?? (env.TACHOGRAPH_COLLECTOR_PORT || String(PORT_DEFAULT))),
    token: readToken(values['token-file'], 'TACHOGRAPH_COLLECTOR_TOKEN', env),
    readToken: readToken(values['read-token-file'], 'TACHOGRAPH_COLLECTOR_READ_TOKEN', env),
    allowedHosts: values['allow-host'] ?? [],
    reports: reportOptions({ zone: values.zone, at: values['report-at'] }, env),
    beacon: {
      sites: beaconSites(
        values['beacon-key'] ?? listOf(env.TACHOGRAPH_COLLECTOR_BEACON_KEY),
        values['beacon-origin'] ?? listOf(env.TACHOGRAPH_COLLECTOR_BEACON_ORIGIN),
      ),
    },
    alerts: alertSettings(env, values.quiet === true),
    adviseDsn: readDsn(values['advise-dsn'], env),
  };
  // Before anything is open, so that a signal during the start is not lost.
  const ended = signalled();
  const collector = await open(options);
  if (!values.quiet) {
    process.stdout.write(readyText(collector));
  }
  await ended;
  await collector.close();
  return EXIT_OK;
}

/** What the environment says of alerts; what is wrong with it is said, and left out. */
function alertSettings(env: NodeJS.ProcessEnv, isQuiet: boolean): AlertSettings | undefined {
  const { options, problems: ofOptions } = resolveOptions(env);
  if (options.alerts === 'off') return undefined;
  const { settings, problems } = readAlertSettings(options);
  for (const problem of [...alertProblems(ofOptions), ...problems]) {
    process.stderr.write(`tachograph collector: ${problem}\n`);
  }
  return { ...settings, log: !isQuiet };
}

/** Reading that needs a token has a link besides, which signs in to the dashboard once. */
function readyText({ url, loginUrl }: Collector): string {
  const ready = `tachograph collector ready at ${url}\n`;
  return loginUrl === undefined
    ? ready
    : `${ready}the dashboard, once and within 10 minutes: ${loginUrl}\n`;
}

/** @throws {Error} when it cannot start; of a port in use it says how to go on. */
async function open(options: CollectorOptions): Promise<Collector> {
  try {
    return await startCollector(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const { host, port } = options;
    throw new Error(
      `expected port ${port} of ${host} to be free, but something listens there already, perhaps a ` +
        'collector. Use that one, or choose another port: tachograph collector --port NUMBER ' +
        '(0 takes a free one).',
      { cause: error },
    );
  }
}

/**
 * Resolves with the first SIGTERM or SIGINT, or when a parent that holds a channel to us (`tachograph
 * run`) is gone; the second signal ends the process as usual.
 */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      process.off('SIGTERM', end);
      process.off('SIGINT', end);
      process.off('disconnect', end);
      resolve();
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
    process.once('disconnect', end);
    // A listener alone would keep a collector that did not start alive.
    process.channel?.unref();
  });
}

/** @throws {UsageError} */
function beaconSites(keys: readonly string[], origins: readonly string[]): BeaconSites {
  try {
    return readBeaconSites(keys, origins);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= 65_535) return port;
  throw new UsageError(`expected a port from 0 to 65535, got ${JSON.stringify(text)}.`);
}
