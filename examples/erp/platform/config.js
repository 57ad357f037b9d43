/** The one place that reads the environment. */

/**
 * @typedef {object} Config
 * @property {string} databaseUrl
 * @property {number} port 0 means any free port.
 * @property {string | undefined} carrierUrl Undefined means: start our own carrier.
 * @property {boolean} jobs Whether scheduled jobs run in this process.
 */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Config}
 */
export function readConfig(environment) {
  const databaseUrl = environment.ERP_DATABASE_URL;
  if (!databaseUrl) {
    throw new Error(
      'ERP_DATABASE_URL is not set. Expected postgres://user@host:port/database; ' +
        '"node scripts/services.js start postgres" starts one and prints its URL.',
    );
  }
  const port = Number(environment.PORT ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT: expected 0 to 65535, got "${environment.PORT}"`);
  }
  const carrierUrl = environment.ERP_CARRIER_URL || undefined;
  return { databaseUrl, port, carrierUrl, jobs: environment.ERP_JOBS !== 'off' };
}
