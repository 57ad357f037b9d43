import { describe, expect, it } from 'vitest';
import { maskedUrl } from '../../src/shared/masked-url.js';
import { parseDestinations } from '../../src/transport/destination.js';

function one(entry: string) {
  const { destinations, problems } = parseDestinations([entry]);
  expect(problems).toEqual([]);
  return destinations[0]!;
}

function problem(...entries: string[]): string {
  const { problems } = parseDestinations(entries);
  expect(problems.map(({ code }) => code)).toEqual(['TACHO_DESTINATION_INVALID']);
  return problems[0]!.message;
}

describe('a destination', () => {
  it.each([
    ['http://127.0.0.1:4600', 'http://127.0.0.1:4600/v1/batches'],
    ['http://127.0.0.1:4600/', 'http://127.0.0.1:4600/v1/batches'],
    ['https://tacho.example/base', 'https://tacho.example/base/v1/batches'],
    ['https://tacho.example/base/v1/batches', 'https://tacho.example/base/v1/batches'],
    ['http://[::1]:4600', 'http://[::1]:4600/v1/batches'],
  ])('%s posts native batches to %s', (entry, href) => {
    const destination = one(entry);
    expect(destination).toMatchObject({ kind: 'native', authorization: '', label: href });
    expect(destination.kind === 'native' && destination.url.href).toBe(href);
  });

  it('with msgpack+http keeps its path and query', () => {
    const destination = one('msgpack+http://127.0.0.1:9880/tacho.points?time=1');
    expect(destination).toMatchObject({ kind: 'msgpack' });
    expect(destination.kind === 'msgpack' && destination.url.href).toBe(
      'http://127.0.0.1:9880/tacho.points?time=1',
    );
  });

  it('that is a file has a path and a size', () => {
    expect(one('file:///var/log/points%20a.ndjson?max=1MiB')).toMatchObject({
      kind: 'file',
      path: '/var/log/points a.ndjson',
      bytesMax: 1024 * 1024,
    });
    expect(one('file:///var/log/points.ndjson')).toMatchObject({ bytesMax: 64 * 1024 * 1024 });
  });

  it('that is stdout needs nothing more', () => {
    expect(one('stdout:')).toMatchObject({ kind: 'stdout', key: 'stdout' });
  });

  it('keeps its spool folder when the credentials change, and not when the place does', () => {
    const key = (entry: string) => one(entry).key;
    expect(key('http://a:b@host:1')).toBe(key('http://c:d@host:1'));
    expect(key('http://host:1')).not.toBe(key('http://host:2'));
    expect(key('http://host:1')).not.toBe(key('msgpack+http://host:1/v1/batches'));
    expect(key('http://host:1')).toMatch(/^[a-z0-9-]+$/);
  });

  it('turns user and password into a header and shows neither', () => {
    const destination = one('https://user:p%40ss@tacho.example');
    expect(destination).toMatchObject({
      authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    });
    expect(destination.label).not.toMatch(/user|p@ss|p%40ss/);
  });
});

describe('a destination that cannot be used', () => {
  it.each([
    ['', 'expected http(s)://'],
    ['collector:4600', 'got the scheme "collector:"'],
    ['ftp://host/x', 'got the scheme "ftp:"'],
    ['not a url', 'expected http(s)://'],
    ['msgpack+http://', 'expected http(s)://'],
    ['http://host:4600/?a=b', 'expected no query'],
    ['file://host/path', 'expected three slashes'],
    ['file:///folder/', 'got a folder'],
    ['file:///x.ndjson?max=lots', 'expected max to be a size'],
    ['file:///x.ndjson?max=1KiB', 'at least 64KiB'],
    ['file:///a%2Fb', 'expected the path of a file'],
  ])('"%s" says what was expected', (entry, expected) => {
    expect(problem(entry)).toContain(expected);
  });

  it('does not keep the others from being used', () => {
    const { destinations, problems } = parseDestinations(['nonsense', 'http://host:1']);
    expect(destinations).toHaveLength(1);
    expect(problems).toHaveLength(1);
  });

  it('never shows credentials, however broken the entry is', () => {
    for (const entry of [
      'ftp://bob:hunter2@host/x?token=hunter2',
      'http://bob:hunter2@ho st/',
      'http://bob:hunter2@host:99999/?k=hunter2&m=hunter2',
      'http://bob:hunter2/hunter2@host:1',
      'http://bob:hunter2#hunter2@host:1',
      'http://bob:hunter2?x=hunter2@host:1',
    ]) {
      expect(problem(entry)).not.toContain('hunter2');
      expect(maskedUrl(entry)).toContain('//***@');
    }
    expect(problem('bob:hunter2@host:99999')).not.toContain('hunter2');
  });

  it('is one that was named before, or the ninth', () => {
    expect(problem('http://host:1', 'http://x:y@host:1/')).toContain('got it twice');
    const many = Array.from({ length: 9 }, (_, i) => `http://host:${i + 1}`);
    expect(problem(...many)).toContain('at most 8 destinations');
    expect(parseDestinations(many).destinations).toHaveLength(8);
  });
});
