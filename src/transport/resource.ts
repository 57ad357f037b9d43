/**
 * Who the numbers are about: OpenTelemetry resource attributes, read once, in
 * the worker, so that the application's start does not pay for it, and by `tachograph measure`. No argument, environment value or path leaves the process.
 */
import { readFileSync } from 'node:fs';
import { arch, hostname, type as osType, release } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import {
  BUDGETS_ATTRIBUTE,
  type BudgetSettings,
  DEFAULT_SETTINGS,
  settingsText,
} from '../shared/budget-settings.js';
import type { Options } from '../shared/options.js';
import type { ProcessFacts } from '../shared/worker-protocol.js';
import type { Attributes } from './batch.js';

/** Folders looked at on the way up from the script to find the application's package.json. */
const FOLDERS_MAX = 12;

export function resourceAttributes(
  options: Options,
  facts: ProcessFacts,
  budgets: BudgetSettings = DEFAULT_SETTINGS,
): Attributes {
  const manifest = nearestManifest(facts);
  const script =
    facts.script === undefined ? 'node' : basename(facts.script, extname(facts.script));
  const attributes: Record<string, string> = {
    'deployment.environment.name': options.environment,
    'host.arch': arch(),
    'host.name': hostname(),
    'os.type': osType().toLowerCase(),
    'os.version': release(),
    'process.pid': String(facts.pid),
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    'service.instance.id': facts.boot,
    'service.name': options.service || manifest?.name || script,
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'tachograph',
    'telemetry.sdk.version': ownVersion(),
  };
  const version = options.version || manifest?.version;
  if (version !== undefined && version !== '') attributes['service.version'] = version;
  const ownBudgets = settingsText(budgets);
  if (ownBudgets !== undefined) attributes[BUDGETS_ATTRIBUTE] = ownBudgets;
  if (facts.clusterWorker !== undefined) {
    attributes['tachograph.cluster.worker'] = String(facts.clusterWorker);
  }
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
}

/** The package.json nearest to the script, or to the working folder of `node -e`. */
function nearestManifest({ script, cwd }: ProcessFacts): Manifest | undefined {
  let folder = script === undefined ? cwd : dirname(script);
  for (let i = 0; i < FOLDERS_MAX; i++) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const { name, version } = manifest as Record<keyof Manifest, unknown>;
      // A package.json that only says `"type": "module"` names nothing; one that nobody publishes may have a number for
      // a version, for which a collector would refuse every batch.
      if (typeof name === 'string')
        return typeof version === 'string' ? { name, version } : { name };
    } catch {
      // None here, or a broken one: look further up.
    }
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
  return undefined;
}

function ownVersion(): string {
  const manifest = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as Required<Manifest>;
  return manifest.version;
}
