/** A private, writable copy of a fixture tree, so that a test can make its counters move. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));

export interface FixtureTree {
  readonly root: string;
  write(path: string, text: string): void;
  remove(path: string): void;
}

/** `name` is a folder of test/fixtures, such as `cgroup/v2-docker`; removed when the test ends. */
export function copyFixture(name: string): FixtureTree {
  const root = mkdtempSync(join(tmpdir(), 'tacho-fixture-'));
  cpSync(join(FIXTURES, name), root, { recursive: true });
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return {
    root,
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    remove: (path) => rmSync(join(root, path), { recursive: true, force: true }),
  };
}
