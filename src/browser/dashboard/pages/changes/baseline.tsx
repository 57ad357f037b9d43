/** What the chosen time is compared with: an earlier one, or another version. It stands in the URL. */
import type { JSX } from 'preact';
import { useAnswer } from '../../api/api-client.js';
import type { ServicesAnswer } from '../../api/health-answers.js';
import { serviceNote } from '../../state/range.js';
import { linkHere, param, visit } from '../../state/url-state.js';

const EARLIER: Readonly<Record<string, string>> = {
  week: 'the same hours a week earlier',
  previous: 'the time right before',
};
const OF_VERSION = 'version:';

/** As `/v1/changes` has it. */
export function baselineQuery(): { readonly baseline: string; readonly version: string } {
  const baseline = param('against') || 'week';
  return { baseline, version: baseline.startsWith(OF_VERSION) ? param('version') : '' };
}

export function baselineNote(): string | undefined {
  const { baseline, version } = baselineQuery();
  if (!baseline.startsWith(OF_VERSION)) {
    return serviceNote(`against ${EARLIER[baseline] ?? baseline}`);
  }
  const other = baseline.slice(OF_VERSION.length);
  return `${version || 'all versions'} against ${other} in the same time`;
}

export function BaselineChoice(): JSX.Element {
  const services = useAnswer<ServicesAnswer>('/v1/services').data?.services ?? [];
  const service = param('service');
  const own = services.filter(({ name }) => service === '' || name === service);
  const versions = [...new Set(own.flatMap((one) => one.versions))].sort();
  const { baseline } = baselineQuery();
  const others = versions.map((name) => [`${OF_VERSION}${name}`, `version ${name}`] as const);
  return (
    <label>
      <span class="hidden">Compare with</span>
      <select
        value={baseline}
        onChange={({ currentTarget: { value } }) =>
          visit(linkHere({ against: value === 'week' ? undefined : value }))
        }
      >
        {[...Object.entries(EARLIER), ...others].map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
