import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveOptions } from '../../src/shared/resolve-options.js';
import { resourceAttributes } from '../../src/transport/resource.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Of a script beside a package.json. */
function resourceWith(manifest: object): Record<string, unknown> {
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const facts = {
    ...{ boot: 'b', startedMs: 0, pid: 7, cwd: folder, clusterWorker: undefined },
    script: join(folder, 'server.js'),
  };
  const { options } = resolveOptions({});
  return Object.fromEntries(resourceAttributes(options, facts));
}

describe('the resource of a process', () => {
  it('has the name and version of the package.json beside its script', () => {
    const resource = resourceWith({ name: 'shop', version: '1.2.3' });
    expect(resource).toMatchObject({ 'service.name': 'shop', 'service.version': '1.2.3' });
  });

  it.each([2, null, ['1'], { major: 1 }])(
    'has no version where that is %j, which is no text',
    (version) => {
      const resource = resourceWith({ name: 'shop', version });
      expect(resource).not.toHaveProperty(['service.version']);
      expect(Object.values(resource).every((value) => typeof value === 'string')).toBe(true);
    },
  );
});
