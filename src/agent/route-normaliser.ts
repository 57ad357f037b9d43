/**
 * A route template for a path that no framework named: identifiers become placeholders, so that a
 * plain `http` server has a bounded number of routes. Hot path for such servers; the answers are
 * kept in a bounded map.
 */

/** Segments kept; the rest of a longer path becomes `*`. */
const SEGMENTS_MAX = 6;
/** Different templates before all further ones count under one. */
export const NORMALISED_ROUTES_MAX = 200;
/** Raw paths remembered; the map is emptied when it is full. */
const PATHS_MAX = 2000;
const SEGMENT_LENGTH_MAX = 40;

/** Tried in this order; the first that matches a whole segment replaces it. */
const PLACEHOLDERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  [':int', /^[+-]?\d+(?:\.\d+)?$/],
  [':uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i],
  [':date', /^\d{4}-\d{2}(?:-\d{2})?(?:T[\d:.Z+-]*)?$/],
  [':hex', /^(?:0x)?(?=[0-9a-f]*\d)[0-9a-f]{8,}$/i],
  [':email', /^[^@\s]+@[^@\s]+\.[^@\s]+$/],
  // Mixed letters and digits of some length, or anything very long: a token, not a word.
  [':token', /^(?=.*\d)(?=.*[a-z])[\w.~=+-]{16,}$/i],
];

export interface RouteNormaliser {
  /** The template of a request target; its query is not looked at. */
  normalise(target: string): string;
}

/** `overflow` is what every template past the limit is called. */
export function createRouteNormaliser(overflow: string): RouteNormaliser {
  const templates = new Set<string>();
  const paths = new Map<string, string>();

  return {
    normalise(target) {
      const cut = target.search(/[?#]/);
      const path = cut < 0 ? target : target.slice(0, cut);
      const known = paths.get(path);
      if (known !== undefined) return known;
      let template = templateOf(path);
      if (!templates.has(template)) {
        if (templates.size >= NORMALISED_ROUTES_MAX) template = overflow;
        else templates.add(template);
      }
      if (paths.size >= PATHS_MAX) paths.clear();
      if (path.length <= 512) paths.set(path, template);
      return template;
    },
  };
}

function templateOf(path: string): string {
  // An absolute-form target or `*`: no path of ours.
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
