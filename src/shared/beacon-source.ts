/** Who sends for a process, on its resource: the collector for browsers; absent for agents. Pure, small enough for a page. */

export const SOURCE_ATTRIBUTE = 'tachograph.source';
export const SOURCE_BEACON = 'beacon';

/** Whether a process with this resource sends for browsers. */
export function isOfBrowsers(resource: Readonly<Record<string, string>>): boolean {
  return resource[SOURCE_ATTRIBUTE] === SOURCE_BEACON;
}
