/**
 * The routes of the API as an OpenAPI document, from one table: `GET /v1/openapi.json`, and by `npm run docs`
 * docs/reference/openapi.json. A test compares the table with the routes that there are. Pure.
 */
import { API_ROUTES, type ApiRoute, PARAMETERS } from './api-routes.js';

type Json = Readonly<Record<string, unknown>>;

export function openApi(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of API_ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tachograph collector',
      version: 'v1',
      description:
        'What the collector stores, as the dashboard asks for it. Times are Unix milliseconds, durations ' +
        'seconds. docs/reference/api.md explains every answer.',
    },
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'tachograph_session' },
      },
      schemas: { Error: ERROR },
    },
    security: [{ token: [] }, { session: [] }],
  };
}

const ERROR = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: { code: { type: 'string' }, message: { type: 'string' } },
    },
  },
} as const;

function operationOf({ path, summary, query = [], answer, type, isOpen }: ApiRoute): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' },
  }));
  const inQuery = query.map((name) => ({ name, in: 'query', ...PARAMETERS[name] }));
  const content = type ?? 'application/json';
  const schema = answer === undefined ? { type: 'string' } : objectOf(answer);
  return {
    summary,
    ...(isOpen === true ? { security: [] } : {}),
    ...(inPath.length + inQuery.length === 0 ? {} : { parameters: [...inPath, ...inQuery] }),
    responses: {
      '200': { description: summary, content: { [content]: { schema } } },
      default: {
        description: 'Why not',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

const TYPES: Readonly<Record<string, Json>> = {
  list: { type: 'array', items: { type: 'object' } },
  texts: { type: 'array', items: { type: 'string' } },
  numbers: { type: 'array', items: { type: 'number' } },
  number: { type: 'number' },
  'number?': { type: ['number', 'null'] },
  text: { type: 'string' },
  'text?': { type: ['string', 'null'] },
  flag: { type: 'boolean' },
  object: { type: 'object' },
};

/** Fields that are always there, with their kinds. */
function objectOf(answer: NonNullable<ApiRoute['answer']>): Json {
  const properties = Object.fromEntries(
    Object.entries(answer).map(([name, kind]) => [name, TYPES[kind] as Json]),
  );
  return { type: 'object', required: Object.keys(answer), properties };
}
