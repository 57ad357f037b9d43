/** The tokens of `tachograph collector` and `top`, as they are read before anything is opened. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/exit-codes.js';
import { readToken } from '../../src/cli/read-token.js';
import { createAccess } from '../../src/collector/http/token-access.js';
import { openTokenBook } from '../../src/collector/tokens/token-book.js';
import { digestOf } from '../../src/collector/tokens/token-file.js';

const NAME = 'TACHOGRAPH_COLLECTOR_TOKEN';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-token-'));
  path = join(folder, 'token');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('expected it to be refused');
}

describe('a token of the command line', () => {
  it('comes from the file of the option, then from NAME_FILE, then from NAME', () => {
    writeFileSync(path, 'of-the-file\n');
    const env = { [NAME]: 'own' };
    expect(readToken(path, NAME, env)).toBe('of-the-file');
    expect(readToken(undefined, NAME, { ...env, [`${NAME}_FILE`]: path })).toBe('of-the-file');
    expect(readToken(undefined, NAME, env)).toBe('own');
    expect(readToken(undefined, NAME, {})).toBeUndefined();
    expect(readToken(undefined, NAME, { [NAME]: '' })).toBeUndefined();
  });

  it('is the first line of its file, as for the agent, without what stands round it', () => {
    writeFileSync(path, '\ufeff hunter2 \r\nmade on Monday\n');
    expect(readToken(path, NAME, {})).toBe('hunter2');
    expect(readToken(undefined, NAME, { [NAME]: 'hunter2\n' })).toBe('hunter2');
  });

  it.each([
    ['a space inside', 'hunter 2', '8 characters with a space at position 7'],
    ['a control character', 'hunter\x002', '8 characters with a control character at position 7'],
    ['a character beyond ASCII', 'hünter2', 'a character beyond ASCII at position 2'],
    ['nothing but white space', '  \nhunter2', 'nothing'],
  ])('with %s is refused with a sentence that does not show it', (_what, token, came) => {
    writeFileSync(path, token);
    const messages = [
      refusal(() => readToken(path, NAME, {})),
      ...(token.includes('\n')
        ? []
        : [refusal(() => readToken(undefined, NAME, { [NAME]: token }))]),
    ];
    for (const message of messages) {
      expect(message).toContain(
        'expected a token of ASCII letters, digits and marks without spaces',
      );
      expect(message).toContain(came);
      expect(message).toMatch(/^(TACHOGRAPH_COLLECTOR_TOKEN|the token file .*): /);
      expect(message).not.toMatch(/h.nter/);
    }
  });

  it('whose file cannot be read is refused with the reason', () => {
    expect(refusal(() => readToken(path, NAME, {}))).toContain('ENOENT');
  });

  it('that is accepted is one that the collector recognises', () => {
    const token = readToken(undefined, NAME, { [NAME]: 'aZ09-._~+/==' })!;
    const grants = [{ role: 'write', digest: digestOf(token) } as const];
    const book = openTokenBook('/nowhere', grants, () => expect.unreachable());
    const check = createAccess({ host: '127.0.0.1', book, isSet: { write: true, read: false } });
    expect(() => check('write', `Bearer ${token}`)).not.toThrow();
    expect(() => check('write', `Bearer ${token}x`)).toThrow('got another');
  });
});
