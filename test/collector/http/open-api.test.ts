/** The description of the API is of the API that there is. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi } from '../../../src/collector/http/open-api.js';
import { projectFiles, textOf } from '../../project/source-files.js';
import { traceIdOf } from '../../support/shop/events.js';
import { type OpenShop, openShop } from '../../support/shop/open-shop.js';

type Operation = {
  readonly parameters?: readonly { readonly name: string; readonly required?: boolean }[];
  readonly responses: {
    readonly '200': { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  };
};
const { paths } = openApi() as { paths: Readonly<Record<string, Record<string, Operation>>> };

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop({ forMs: 120_000 });
});
afterAll(() => shop.close());

/** As the collector's source registers them; pages and assets of the dashboard are not the API. */
function registered(): string[] {
  const sources = projectFiles().filter((path) => path.startsWith('src/collector/'));
  const calls = sources.flatMap((path) => [
    ...textOf(path).matchAll(/\bapp\.(get|post|delete|put|patch)\('(\/[^']+)'/g),
  ]);
  return calls
    .map(([, method, path = '']) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    .filter((route) => !route.includes('/assets/'));
}

it('names every route of the collector, and no other', () => {
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual(registered().sort());
});

const VALUES: Readonly<Record<string, string>> = { metric: 'http.server.request.duration' };
const readable = Object.entries(paths)
  .filter(([path, methods]) => methods.get !== undefined && path !== '/v1/live')
  .map(([path]) => path);

it.each(readable)('says of %s what it answers', async (path) => {
  const operation = paths[path]!.get!;
  const required = (operation.parameters ?? []).filter((one) => one.required && VALUES[one.name]);
  const query = new URLSearchParams(
    required.map(({ name }): [string, string] => [name, VALUES[name]!]),
  );
  const id = traceIdOf('boot-web-1', 5);
  const response = await fetch(`${shop.url}${path.replace('{id}', id)}?${query}`);
  // A part that this collector was not started with, or has nothing to say yet.
  if (response.status === 404) {
    expect(await response.json()).toMatchObject({ error: { code: expect.any(String) } });
    return;
  }
  expect(response.status).toBe(200);
  const [type] = Object.keys(operation.responses['200'].content);
  expect(response.headers.get('content-type')).toContain(type);
  if (type !== 'application/json') return;
  const { schema } = operation.responses['200'].content['application/json']!;
  const check = new Ajv2020({ strict: false }).compile(schema);
  check(await response.json());
  expect(check.errors ?? []).toEqual([]);
});

it('is served as it is', async () => {
  const response = await fetch(`${shop.url}/v1/openapi.json`);
  expect(await response.json()).toEqual(openApi());
});
