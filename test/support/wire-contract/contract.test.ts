import { readFileSync } from 'node:fs';
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { type Contract, complaintsOfBatch, complaintsOfRequest } from './contract.js';
import { readMsgpack, type Value } from './read-msgpack.js';

const FOLDER = new URL('../../fixtures/wire-v1/', import.meta.url);
const contract = JSON.parse(readFileSync(new URL('contract.json', FOLDER), 'utf8')) as Contract;
const golden = readFileSync(new URL('every-kind.bin', FOLDER));

describe('the judge of a request', () => {
  const batch = readMsgpack(golden) as readonly Value[];
  const headers = { 'content-type': 'application/msgpack', 'tachograph-agent': 'shop-1:4711' };
  const [, boot] = batch[1] as readonly string[];
  const identity = { 'tachograph-boot': boot, 'tachograph-sequence': '3' };
  const request = { method: 'POST', path: '/v1/batches', headers: { ...headers, ...identity } };

  it('has nothing to say of a stored one', () => {
    expect(complaintsOfRequest(contract, { ...request, body: golden })).toEqual([]);
  });

  it.each<[string, readonly Value[]]>([
    ['another version', [2, ...batch.slice(1)]],
    ['a field that is missing', batch.slice(0, 10)],
    ['a field that is another', [...batch.slice(0, 2), 'now', ...batch.slice(3)]],
    ['an index past its table', [...batch.slice(0, 4), [0, 9999], ...batch.slice(5)]],
    ['a point whose series is not there', [...batch.slice(0, 7), [[9999, 1]], ...batch.slice(8)]],
    [
      'a histogram that is none',
      [...batch.slice(0, 6), [[0, 1, 1, 1, 1, new Uint8Array(40)]], ...batch.slice(7)],
    ],
  ])('finds %s', (_name, changed) => {
    expect(complaintsOfBatch(contract, changed)).not.toEqual([]);
  });

  it.each<[string, unknown]>([
    ['a map', { a: 1 }],
    ['nil', null],
    ['a float', 0.5],
    ['a negative number', -1],
    ['an extension type', new Date(0)],
  ])('finds a type that the format does not have: %s', (_name, value) => {
    const body = new Packr({ useRecords: false }).pack([...batch, value]);
    expect(complaintsOfRequest(contract, { ...request, body })).toHaveLength(1);
  });

  it('finds a header that is missing, or says otherwise than the body', () => {
    const body = golden;
    const bare = { ...request, body, headers };
    expect(complaintsOfRequest(contract, bare)).not.toEqual([]);
    const other = { ...request.headers, 'tachograph-sequence': '4' };
    expect(complaintsOfRequest(contract, { ...request, body, headers: other })).toHaveLength(1);
  });
});
