/** Which texts are addresses of mail servers. Pure. */

/** Undefined when no mail could be sent by it. */
export function parseSmtpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^smtps?:$/.test(url.protocol) && url.hostname !== ''
    ? url
    : undefined;
}
