/** Whose data is shown: a service, and of it an environment, a version, an instance. */
import type { JSX } from 'preact';
import { useAnswer } from '../api/api-client.js';
import type { InstanceRow, ServicesAnswer } from '../api/health-answers.js';
import { FILTERS } from '../state/range.js';
import { linkHere, param, visit } from '../state/url-state.js';

const NAMES: Readonly<Record<string, string>> = {
  environment: 'All environments',
  version: 'All versions',
  instance: 'All instances',
};

export function Filters(): JSX.Element {
  const services = useAnswer<ServicesAnswer>('/v1/services').data?.services ?? [];
  const service = param('service');
  const instances =
    useAnswer<{ instances: readonly InstanceRow[] }>('/v1/instances', { service }).data
      ?.instances ?? [];
  const names = services.map(({ name }) => name);
  return (
    <fieldset class="group filters" aria-label="Whose data">
      {(names.length > 1 || service !== '') && (
        <Choice name="service" all="All services" values={names} clears />
      )}
      {FILTERS.map(([name, attribute]) => {
        const values = [...new Set(instances.map(({ resource }) => resource[attribute] ?? ''))];
        const known = values.filter((value) => value !== '').sort();
        if (known.length < 2 && param(name) === '') return null;
        return <Choice key={name} name={name} all={NAMES[name]!} values={known} />;
      })}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly all: string;
  readonly values: readonly string[];
  /** The others belong to it, and go with it. */
  readonly clears?: boolean;
}

function Choice({ name, all, values, clears }: ChoiceProps): JSX.Element {
  const chosen = param(name);
  const shown = chosen === '' || values.includes(chosen) ? values : [chosen, ...values];
  const others = clears ? Object.fromEntries(FILTERS.map(([other]) => [other, undefined])) : {};
  return (
    <label>
      <span class="hidden">{name}</span>
      <select
        value={chosen}
        onChange={(event) => visit(linkHere({ ...others, [name]: event.currentTarget.value }))}
      >
        <option value="">{all}</option>
        {shown.map((value) => (
          <option key={value} value={value}>
            {value}
          </option>
        ))}
      </select>
    </label>
  );
}
