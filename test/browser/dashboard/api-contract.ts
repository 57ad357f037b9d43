/** Whether the dashboard asks what the API has: the table of routes against the requests that a page really makes. */
import { API_ROUTES } from '../../../src/collector/http/api-routes.js';

const ROUTES = API_ROUTES.map((route) => ({
  ...route,
  pattern: new RegExp(`^${route.path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
}));

/** What is wrong with a question; undefined where the API knows it, and for what is no question to the API. */
export function troubleWith(method: string, href: string): string | undefined {
  const { pathname, searchParams } = new URL(href);
  if (!pathname.startsWith('/v1/')) return undefined;
  const route = ROUTES.find(
    (one) => one.method.toUpperCase() === method && one.pattern.test(pathname),
  );
  if (route === undefined) return `${method} ${pathname} is no route of the API`;
  const known: readonly string[] = route.query ?? [];
  const unknown = [...new Set(searchParams.keys())].filter((name) => !known.includes(name));
  if (unknown.length === 0) return undefined;
  return `${method} ${pathname} knows no ${unknown.join(', ')}`;
}
