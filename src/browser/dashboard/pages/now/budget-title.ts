/** A budget and the group that it is about, as people say it. Pure. */

/** `response_time` of `GET /orders`. */
export function budgetTitle({
  name,
  attributes,
}: {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}): string {
  const whose = groupTitle(attributes);
  return whose === '' ? name : `${name} of ${whose}`;
}

export function groupTitle(attributes: Readonly<Record<string, string>>): string {
  return Object.values(attributes).join(' ');
}
