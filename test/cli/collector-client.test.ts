import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CollectorError, createCollectorClient } from '../../src/cli/collector-client.js';
import { UsageError } from '../../src/cli/exit-codes.js';

let server: Server;
let url = '';
let answer: (response: ServerResponse) => void = (response) => void response.end('{}');
beforeEach(async () => {
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const ask = (timeoutMs?: number): Promise<unknown> =>
  createCollectorClient(url, undefined, timeoutMs)('/v1/queries');
const failure = async (timeoutMs?: number): Promise<Error> =>
  ask(timeoutMs).then(
    () => new Error('answered'),
    (error: Error) => error,
  );

it('a collector that is busy is not said to be absent', async () => {
  answer = () => {};
  const error = await failure(100);
  expect(error).toBeInstanceOf(CollectorError);
  expect(error.message).toBe(
    `the collector at ${url} takes too long to answer. Try again, or ask for less`,
  );
});

it('another program is said to be none', async () => {
  answer = (response) => void response.end('<!doctype html>');
  const error = await failure();
  expect(error).toBeInstanceOf(CollectorError);
  expect(error.message).toBe(`expected a collector at ${url}, got an answer of another program`);
});

it('what was asked wrongly is a mistake of the command line', async () => {
  answer = (response) => {
    response.statusCode = 400;
    response.end('{"error":{"message":"from: expected a time, got something else."}}');
  };
  const error = await failure();
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toContain('from: expected a time');
});

it('a collector that was held up and takes the question for late is asked again, once', async () => {
  const statuses = [408, 200];
  answer = (response) => {
    response.statusCode = statuses.shift() ?? 408;
    response.end('{"queries":[]}');
  };
  expect(await ask()).toEqual({ queries: [] });
  expect((await failure()).message).toContain('408');
});
