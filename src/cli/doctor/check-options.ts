/** Whether the agent's configuration is sound: what `tachograph config` knows, and the authorities. */
import { OPTIONS } from '../../shared/options.js';
import type { Problem, ResolvedOptions } from '../../shared/resolve-options.js';
import { attention, type Finding, ok, type Section, trouble } from './finding.js';

/** @param problems all of them, those of destinations and authorities too */
export function checkOptions(
  { options, sources }: ResolvedOptions,
  problems: readonly Problem[],
  destinations: number,
): Section {
  const findings: Finding[] = problems.map(({ code, message }) =>
    trouble('options', `${code}: ${message}`, 'Mend it; "tachograph config" prints all options.', {
      code,
    }),
  );
  if (destinations === 0) {
    findings.push(
      trouble('options', 'no destination can be used', 'Set TACHOGRAPH_URL.', { destinations }),
    );
  }
  if (!options.enabled) {
    const found = `the agent is switched off by ${sources.get('enabled')}`;
    findings.push(attention('options', found, 'Remove that to record.', { enabled: false }));
  }
  if (findings.length > 0) return { title: 'Configuration', findings };
  const set = [...sources.values()].filter((source) => source !== 'default').length;
  const found = `${OPTIONS.length} options, ${set} of them set, no problems`;
  return { title: 'Configuration', findings: [ok('options', found, { set })] };
}
