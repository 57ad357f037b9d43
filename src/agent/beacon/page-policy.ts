/**
 * What a page's Content-Security-Policy says of the beacon: whether its script may run and may send, and
 * the nonce it needs for that. Pure. https://www.w3.org/TR/CSP3/
 */

export type PolicyAnswer =
  | { readonly isAllowed: true; readonly nonce: string | undefined }
  | { readonly isAllowed: false };

const FORBIDDEN: PolicyAnswer = { isAllowed: false };
const NONCE = /^'nonce-([\w+/=-]+)'$/i;

/**
 * @param headers each may hold several policies, separated by commas; all of them hold
 * @param script its absolute URL
 * @param isOwn whether that is of the page's own origin
 */
export function askPolicy(headers: readonly string[], script: URL, isOwn: boolean): PolicyAnswer {
  let nonce: string | undefined;
  for (const policy of headers.flatMap((header) => header.split(','))) {
    const directives = directivesOf(policy);
    const run = firstOf(directives, ['script-src-elem', 'script-src', 'default-src']);
    const send = firstOf(directives, ['connect-src', 'default-src']);
    if (send !== undefined && !send.some((source) => names(source, script, isOwn))) {
      return FORBIDDEN;
    }
    if (run === undefined) continue;
    const own = run.flatMap((source) => NONCE.exec(source)?.[1] ?? [])[0];
    // Under strict-dynamic hosts and 'self' count for nothing.
    const isStrict = run.some((source) => source.toLowerCase() === "'strict-dynamic'");
    const isNamed = !isStrict && run.some((source) => names(source, script, isOwn));
    if (own === undefined && !isNamed) return FORBIDDEN;
    // One tag has one nonce: two policies with different ones need a host besides.
    if (own !== undefined && nonce !== undefined && own !== nonce && !isNamed) return FORBIDDEN;
    nonce ??= own;
  }
  return { isAllowed: true, nonce };
}

type Directives = ReadonlyMap<string, readonly string[]>;

/** Of a directive that is there twice the first holds. */
function directivesOf(policy: string): Directives {
  const found = new Map<string, readonly string[]>();
  for (const part of policy.split(';')) {
    const [name = '', ...sources] = part.trim().split(/\s+/);
    const key = name.toLowerCase();
    if (key !== '' && !found.has(key)) found.set(key, sources);
  }
  return found;
}

function firstOf(directives: Directives, names: readonly string[]): readonly string[] | undefined {
  const name = names.find((one) => directives.has(one));
  return name === undefined ? undefined : directives.get(name);
}

/** Whether a source is about the script's origin, or that and its path. */
function names(source: string, script: URL, isOwn: boolean): boolean {
  const text = source.toLowerCase();
  if (text === "'self'") return isOwn;
  if (text === '*') return true;
  if (/^[a-z][a-z\d+.-]*:$/.test(text)) return isSameScheme(text, script, isOwn);
  const [, scheme, host = '', port, path = ''] =
    /^(?:([a-z][a-z\d+.-]*):\/\/)?(\*|(?:\*\.)?[\w-]+(?:\.[\w-]+)*)(?::(\d+|\*))?(\/.*)?$/.exec(
      text,
    ) ?? [];
  if (host === '') return false;
  if (scheme !== undefined && !isSameScheme(`${scheme}:`, script, isOwn)) return false;
  // What it sends to lies beside the script: a path that names the script alone would not do.
  if (path !== '' && path !== '/') return false;
  const isHost = host.startsWith('*.')
    ? script.hostname.endsWith(host.slice(1))
    : host === '*' || host === script.hostname;
  const expected = script.port || (script.protocol === 'https:' ? '443' : '80');
  const isPort = port === '*' || (port ?? (script.port === '' ? expected : '')) === expected;
  return isHost && isPort;
}

/** Of one's own site a server behind a proxy does not know the scheme. */
function isSameScheme(scheme: string, script: URL, isOwn: boolean): boolean {
  return scheme === script.protocol || (isOwn && /^https?:$/.test(scheme));
}
