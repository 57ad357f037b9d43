/** JSON in ASCII alone, so that a text can be cut anywhere and has as many bytes as characters. Pure. */
export function ascii(json: string): string {
  return json.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
