/**
 * Node's own flags: whether this process was started with `--import tachograph`, and what of them children
 * inherit. Any application thread.
 */

const PRELOAD = /^(?:--import|--require|-r)$/;
const PRELOAD_WITH_VALUE = /^(--import|--require)=(.*)$/;
/** As the package's `exports` have them. */
const NAMES: ReadonlySet<string> = new Set(['tachograph', 'tachograph/register']);

/** True when `--import tachograph` (or `--require`) stands in the flags or in NODE_OPTIONS. */
export function isPreloaded(flags: readonly string[], nodeOptions: string | undefined): boolean {
  const words = [...flags, ...splitOptions(nodeOptions ?? '')];
  return words.some((word, index) => {
    const value =
      PRELOAD_WITH_VALUE.exec(word)?.[2] ?? (PRELOAD.test(word) ? words[index + 1] : '');
    return value === 'tachograph';
  });
}

/** NODE_OPTIONS is split at spaces, except within double quotes. */
function splitOptions(text: string): string[] {
  return (text.match(/(?:[^\s"]+|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

/**
 * A child that is forked, a worker of a cluster too, inherits the flags, and does not start where the package's
 * name leads nowhere: in another folder, or once this process has changed its own. So who reads the flags, as
 * `fork` does, finds the path in the place of the name. Not before: to know the path takes up to 2 ms.
 *
 * @param registerUrl of the file that starts the agent wherever it is loaded
 */
export function pinPreload(registerUrl: () => string): void {
  const descriptor = Object.getOwnPropertyDescriptor(process, 'execArgv');
  const flags = descriptor?.value as string[] | undefined;
  if (descriptor?.configurable !== true || !flags?.some(holdsName)) return;
  Object.defineProperty(process, 'execArgv', {
    configurable: true,
    enumerable: true,
    get() {
      Object.defineProperty(process, 'execArgv', descriptor);
      flags.splice(0, flags.length, ...pinned(flags, registerUrl()));
      return flags;
    },
    set(value: string[]) {
      Object.defineProperty(process, 'execArgv', { ...descriptor, value });
    },
  });
}

function holdsName(word: string): boolean {
  return NAMES.has(PRELOAD_WITH_VALUE.exec(word)?.[2] ?? word);
}

/** `flags` with the file at `registerUrl` in the place of the package's name. */
export function pinned(flags: readonly string[], registerUrl: string): string[] {
  return flags.map((word, index) => {
    const [, flag = flags[index - 1] ?? '', value = word] = PRELOAD_WITH_VALUE.exec(word) ?? [];
    if (!NAMES.has(value) || !PRELOAD.test(flag)) return word;
    const file = flag === '--import' ? registerUrl : pathOf(registerUrl);
    return value === word ? file : `${flag}=${file}`;
  });
}

/** `--require` takes no URL. */
function pathOf(url: string): string {
  return process.getBuiltinModule('node:url').fileURLToPath(url);
}
