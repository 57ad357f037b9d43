/**
 * Route templates of paths that no framework named, so that a plain `http` server has a bounded number
 * of routes. Hot path for such servers; the answers are kept in a bounded map.
 */
import { pathTemplate } from '../shared/path-template.js';

/** Different templates before all further ones count under one. */
export const NORMALISED_ROUTES_MAX = 200;
/** Raw paths remembered; the map is emptied when it is full. */
const PATHS_MAX = 2000;

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
      let template = pathTemplate(path);
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
