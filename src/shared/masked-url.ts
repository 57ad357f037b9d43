/** A URL that can be shown: user, password and the values of its query are replaced. Any thread. */
export function maskedUrl(text: string): string {
  return text.replace(/\/\/[^/?#]*@/, '//***@').replace(/([?&][^=&]*)=[^&#]*/g, '$1=***');
}
