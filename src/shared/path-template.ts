/**
 * A template for a path that no framework named: identifiers become placeholders, so that what is told
 * of it neither grows without end nor says which one it was. Pure; any thread, and the browser.
 */

/** Segments kept; the rest of a longer path becomes `*`. */
const SEGMENTS_MAX = 6;
const SEGMENT_LENGTH_MAX = 40;

/**
 * Tried in this order; the first that matches a whole segment replaces it. Anybody may ask for a segment as long as a
 * head may be: none tries a part of it twice.
 */
const PLACEHOLDERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  [':int', /^[+-]?\d+(?:\.\d+)?$/],
  [':uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i],
  [':date', /^\d{4}-\d{2}(?:-\d{2})?(?:T[\d:.Z+-]*)?$/],
  [':hex', /^(?:0x)?(?=[0-9a-f]*\d)[0-9a-f]{8,}$/i],
  [':email', /^[^@\s]+@[^@\s][^@\s.]*\.[^@\s]+$/],
  // Mixed letters and digits of some length, or anything very long: a token, not a word.
  [':token', /^(?=.*\d)(?=.*[a-z])[\w.~=+-]{16,}$/i],
];

/** Of a path without its query; what is no path of ours (an absolute form, say) is `/`. */
export function pathTemplate(path: string): string {
  if (!path.startsWith('/')) return path === '*' ? '*' : '/';
  const segments = path.split('/', SEGMENTS_MAX + 2).slice(1);
  const kept = segments.slice(0, SEGMENTS_MAX).map(placeholderOf);
  return `/${kept.join('/')}${segments.length > SEGMENTS_MAX ? '/*' : ''}`;
}

function placeholderOf(segment: string): string {
  for (const [name, pattern] of PLACEHOLDERS) {
    if (pattern.test(segment)) return name;
  }
  return segment.length > SEGMENT_LENGTH_MAX ? ':token' : segment;
}
