import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ARMS } from '../../bench/arms.js';
import { measuredNode } from '../../bench/machine/measured-node.js';
import { startArmProcess } from '../../bench/processes/arm-process.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-bench-node-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const silent = () => {};

/** Says another version and is the running Node.js otherwise. */
const other = join(folder, 'other-node');
writeFileSync(
  other,
  `#!/bin/sh\n[ "$1" = --version ] && echo v99.1.2 && exit\nexport BORN_OF=other\nexec ${process.execPath} "$@"\n`,
  { mode: 0o755 },
);

describe('the measured Node.js', () => {
  it('is the running one unless another is asked for', () => {
    expect(measuredNode(undefined, silent)).toEqual({
      binary: process.execPath,
      version: process.versions.node,
      major: Number(process.versions.node.split('.')[0]),
    });
  });

  it('is any binary that says its version', () => {
    expect(measuredNode(other, silent)).toEqual({ binary: other, version: '99.1.2', major: 99 });
  });

  it.each([
    ['/no/such/node', 'ENOENT'],
    ['/bin/false', 'which says'],
  ])('is not %s', (path, reason) => {
    expect(() => measuredNode(path, silent)).toThrow(reason);
  });

  it('runs the processes of an arm', async () => {
    const [off] = ARMS;
    if (off === undefined) throw new Error('expected an arm');
    const child = await startArmProcess({ ...off, binary: other }, 'first-line.js', {});
    expect(await child.nextMessage()).toMatchObject({ isMarked: false });
    await child.finish();
  });
});
