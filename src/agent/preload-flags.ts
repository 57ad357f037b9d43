/** Reads Node's own flags: was this process started with `--import tachograph`? */

const PRELOAD = /^(?:--import|--require|-r)$/;
const PRELOAD_WITH_VALUE = /^(?:--import|--require)=(.*)$/;

/** True when `--import tachograph` (or `--require`) stands in the flags or in NODE_OPTIONS. */
export function isPreloaded(flags: readonly string[], nodeOptions: string | undefined): boolean {
  const words = [...flags, ...splitOptions(nodeOptions ?? '')];
  return words.some((word, index) => {
    const value =
      PRELOAD_WITH_VALUE.exec(word)?.[1] ?? (PRELOAD.test(word) ? words[index + 1] : '');
    return value === 'tachograph';
  });
}

/** NODE_OPTIONS is split at spaces, except within double quotes. */
function splitOptions(text: string): string[] {
  return (text.match(/(?:[^\s"]+|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', ''));
}
