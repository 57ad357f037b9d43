/** Why a destination could not be asked, in words that say where to look. Pure. */
import { tlsTrouble } from '../../transport/tls-trouble.js';
import type { Failure } from './ask.js';

interface Words {
  readonly found: string;
  readonly todo: string;
}

const FIREWALL = 'Check the address, and whether a firewall swallows what is sent there.';

/** By the error's code; where it has none, or another, its own words are given. */
const WORDS: Readonly<Record<string, Words>> = {
  ENOTFOUND: {
    found: 'its name is not known',
    todo: 'Check the name in TACHOGRAPH_URL, and this machine’s name server.',
  },
  EAI_AGAIN: {
    found: 'the name server does not answer',
    todo: 'Check this machine’s name server (/etc/resolv.conf).',
  },
  ECONNREFUSED: {
    found: 'nobody listens there',
    todo: 'Start the collector (tachograph collector), or check host and port in TACHOGRAPH_URL.',
  },
  ECONNRESET: {
    found: 'the connection is closed before an answer comes',
    todo: 'Check the port, and whether the address must begin with https://.',
  },
  EHOSTUNREACH: { found: 'no way leads to that machine', todo: FIREWALL },
  ENETUNREACH: { found: 'no way leads to that network', todo: FIREWALL },
  ETIMEDOUT: { found: 'no connection is made', todo: FIREWALL },
};

/** @param proxy that stands in between, if one does */
export function connectionTrouble(failure: Failure, proxy: URL | undefined): Words {
  const { found, todo } = ofError(failure);
  if (proxy === undefined || tlsTrouble(failure.error) !== undefined) return { found, todo };
  // A tunnel's error names its proxy already; any other looks like the destination's own.
  const by = found.startsWith('the proxy ') ? found : `by the proxy ${proxy.origin}: ${found}`;
  return { found: by, todo: 'Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and the proxy.' };
}

function ofError({ stage, error }: Failure): Words {
  const tls = tlsTrouble(error);
  if (tls !== undefined) return ofTls(tls);
  const { code, message } = error;
  const known = code === undefined ? undefined : WORDS[code];
  if (known !== undefined) return { ...known, found: `${known.found} (${code})` };
  if (code?.startsWith('HPE_')) {
    const todo = 'Check the port: another service than a collector has it.';
    return { found: `what listens there does not speak HTTP (${code})`, todo };
  }
  if (/^HTTPS?_PROXY: /.test(message)) return { found: message, todo: 'Mend the variable.' };
  const found = message || code || 'no connection is made';
  return { found, todo: stage === 'answer' ? 'Look at the log of what listens there.' : FIREWALL };
}

/** The sentences are `what is wrong; what mends it (CODE)`, or OpenSSL's own. */
function ofTls(sentence: string): Words {
  const [, found, todo, code] = /^(.*?); (.*) (\(\w+\))$/.exec(sentence) ?? [];
  if (found === undefined || todo === undefined) {
    return { found: sentence, todo: 'Check what TLS the collector asks for.' };
  }
  return { found: `${found} ${code}`, todo: `${todo.charAt(0).toUpperCase()}${todo.slice(1)}.` };
}
