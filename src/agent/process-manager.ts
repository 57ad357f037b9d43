/**
 * Whose process this is where PM2 has started it, whose own script is what stands in `process.argv[1]` and loads
 * the application. In its cluster mode the application's environment is packed into one variable, too, until
 * that script unpacks it, which is after the preload. Pure; any application thread. Seen in PM2 7.0.4:
 * https://github.com/Unitech/pm2/blob/v7.0.4/lib/ProcessContainer.js
 */
import type { Environment } from '../shared/resolve-options.js';

const CONTAINER = /[\\/]pm2[\\/]lib[\\/]ProcessContainer(?:Fork)?\.js$/;

interface Launch {
  /** The application's entry. */
  readonly script: string | undefined;
  readonly environment: Environment;
}

/** @param script `process.argv[1]` */
export function launchOf(script: string | undefined, environment: Environment): Launch {
  if (script === undefined || !CONTAINER.test(script)) return { script, environment };
  const own = { ...environment, ...unpacked(environment.pm2_env) };
  return { script: own.pm_exec_path ?? script, environment: own };
}

/** As PM2 does it, which assigns each to a variable of its name. */
function unpacked(packed: string | undefined): Environment {
  if (packed === undefined) return {};
  try {
    const values = Object.entries(JSON.parse(packed) as Readonly<Record<string, unknown>>);
    return Object.fromEntries(values.map(([name, value]) => [name, String(value)]));
  } catch {
    return {};
  }
}
