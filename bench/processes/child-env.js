/**
 * The environment of a measured process: the caller's without everything that could switch an agent on or off.
 * A leaked variable once switched a peer's exporter off and made it look free.
 */

const LEAKS = /^(?:NODE_|TACHOGRAPH_|OTEL_|_?DD_|SENTRY_|ELASTIC_|NEW_RELIC_|BENCH_|npm_|UV_)/;

/**
 * @param {Readonly<Record<string, string | undefined>>} inherited
 * @param {Record<string, string>} own What the arm sets.
 * @returns {Record<string, string | undefined>}
 */
export function childEnv(inherited, own) {
  const kept = Object.entries(inherited).filter(([name]) => !LEAKS.test(name));
  return { ...Object.fromEntries(kept), NODE_ENV: 'production', ...own };
}
