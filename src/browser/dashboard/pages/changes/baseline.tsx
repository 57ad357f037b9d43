/** What the chosen time is compared with: an earlier one, or another version. It stands in the URL. */
import type { JSX } from 'preact';
import { useAnswer } from '../../api/api-client.js';
import type { ServicesAnswer } from '../../api/health-answers.js';
import { linkHere, param, visit } from '../../state/url-state.js';

const OF_VERSION = 'version:';

/** As `/v1/changes` has it; a version is compared with another one in the same time. */
export function baselineQuery(): { readonly baseline: string; readonly version: string } {
  const baseline = param('against') || 'week';
  return { baseline, version: baseline.startsWith(OF_VERSION) ? param('version') : '' };
}

export function BaselineChoice(): JSX.Element {
  const services = useAnswer<ServicesAnswer>('/v1/services').data?.services ?? [];
  const own = services.filter(({ name }) => ['', name].includes(param('service')));
  const versions = [...new Set(own.flatMap((one) => one.versions))].sort();
  return (
    <label>
      against{' '}
      <select
        value={baselineQuery().baseline}
        onChange={(event) => visit(linkHere({ against: event.currentTarget.value }))}
      >
        <option value="week">a week earlier</option>
        <option value="previous">the time right before</option>
        {versions.map((name) => (
          <option key={name} value={OF_VERSION + name}>
            version {name}
          </option>
        ))}
      </select>
    </label>
  );
}
