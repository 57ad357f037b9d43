/** What the page says in the attributes of the script's tag. Read once, while the script runs. */

export interface Settings {
  /** With the key. */
  readonly endpoint: string;
  /** Share of page loads that are told. */
  readonly sample: number;
}

/** Undefined without a key, or when the script was not loaded by a tag: there is nowhere to send. */
export function readSettings(script: HTMLOrSVGScriptElement | null): Settings | undefined {
  if (!(script instanceof HTMLScriptElement)) return undefined;
  const { key, endpoint = 'v1/beacon', sample = '1' } = script.dataset;
  if (!key) return undefined;
  // Beside the script, wherever that is: a proxy may have put it below a folder.
  const url = new URL(endpoint, script.src || location.href);
  url.searchParams.set('key', key);
  return { endpoint: url.href, sample: Number(sample) };
}
