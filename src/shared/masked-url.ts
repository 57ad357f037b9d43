/**
 * A URL that can be shown: user, password and the values of its query are replaced, control
 * characters removed, and it is cut at 200 characters. Any thread.
 */
export function maskedUrl(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').slice(0, 200);
  return plain.replace(/\/\/[^/?#]*@/, '//***@').replace(/([?&][^=&]*)=[^&#]*/g, '$1=***');
}
