/**
 * Chromium for tests: the one that TACHOGRAPH_TEST_CHROMIUM names, or the system's, or Debian's, installed
 * where that is allowed. Without one a test fails: what browsers do cannot be told without.
 */
import { join } from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import {
  canInstall,
  folderOfProgram,
  installDebianPackage,
} from '../../scripts/services/machine.js';

const PROGRAM = 'chromium';

export function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    ...options,
    args: ['--no-sandbox', ...(options.args ?? [])],
  });
}

function chromiumPath(): string {
  const named = process.env.TACHOGRAPH_TEST_CHROMIUM;
  if (named) return named;
  if (folderOfProgram(PROGRAM) === undefined && canInstall()) installDebianPackage(PROGRAM);
  const folder = folderOfProgram(PROGRAM);
  if (folder !== undefined) return join(folder, PROGRAM);
  throw new Error(
    'expected chromium in PATH, found none: apt-get install chromium, or set TACHOGRAPH_TEST_CHROMIUM.',
  );
}
