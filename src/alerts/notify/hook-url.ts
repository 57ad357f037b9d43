/**
 * Which addresses a message may go to: those of the configuration, by https, or by http to this machine
 * itself. Pure. No message shows more of an address than its host: the path of a hook is its secret.
 */
import { bareHost, isLoopback } from '../../shared/host-name.js';

/** The address, or the sentence that says what is wrong with it. */
export function parseHookUrl(text: string): URL | string {
  if (!URL.canParse(text)) return 'expected https://host/path, got text that is no URL';
  const url = new URL(text);
  if (url.protocol === 'https:') return url;
  const scheme = url.protocol.slice(0, -1);
  if (url.protocol !== 'http:') return `expected https://host/path, got the scheme "${scheme}"`;
  if (isLoopback(bareHost(url.hostname))) return url;
  return 'expected https (http only to this machine), got http to another';
}

/** The host, and nothing that could be secret. */
export function hookLabel(kind: string, url: URL): string {
  return `${kind} at ${url.host.slice(0, 200)}`;
}
