/** Vitals of browsers, each against its threshold, with how many views were good, fair and poor. */
import type { JSX } from 'preact';
import type { FrontendAnswer } from '../../api/health-answers.js';
import { Badge } from '../../parts/badge.js';
import { formatCount, formatUnit, NONE } from '../../parts/format-value.js';
import { Panel } from '../../parts/panel.js';
import type { Tone } from '../../parts/tone.js';

type Vital = FrontendAnswer['vitals'][number];

const TONES: Readonly<Record<NonNullable<Vital['rating']>, Tone>> = {
  good: 'ok',
  'needs-improvement': 'attention',
  poor: 'bad',
};

export function Vitals({ vitals }: { readonly vitals: readonly Vital[] }): JSX.Element {
  return (
    <Panel title="Vitals" note="the 75th percentile of all views">
      <ul class="vital-list">
        {vitals.map((vital) => (
          <li key={vital.name}>
            <VitalCard vital={vital} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function VitalCard({ vital }: { readonly vital: Vital }): JSX.Element {
  const { name, unit, p75, limit, samples, good, needsImprovement, poor, rating } = vital;
  const all = Math.max(1, good + needsImprovement + poor);
  const text = (value: number | null): string =>
    unit === 's' || value === null ? formatUnit(value, unit) : value.toFixed(3);
  return (
    <div class="vital">
      <p class="sign-name">{name}</p>
      <p class="sign-value">{p75 === null ? NONE : text(p75)}</p>
      <p class="small">
        {rating === null ? (
          <Badge tone="unknown">too few samples</Badge>
        ) : (
          <Badge tone={TONES[rating]}>{rating.replace('-', ' ')}</Badge>
        )}
      </p>
      <span class="rating" aria-hidden="true">
        <span class="fill-ok" style={{ width: `${(good / all) * 100}%` }} />
        <span class="fill-attention" style={{ width: `${(needsImprovement / all) * 100}%` }} />
        <span class="fill-bad" style={{ width: `${(poor / all) * 100}%` }} />
      </span>
      <p class="small dim">
        {limit === null ? '' : `wanted up to ${text(limit)} · `}
        {formatCount(good)} good, {formatCount(needsImprovement)} fair, {formatCount(poor)} poor of{' '}
        {formatCount(samples)}
      </p>
    </div>
  );
}
