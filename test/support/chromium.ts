/**
 * Chromium for tests: the one that TACHOGRAPH_TEST_CHROMIUM names, or the system's, or Debian's, installed
 * where that is allowed. Without one a test fails: what browsers do cannot be told without.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

/**
 * A browser that nobody drives, on one page: pages are not prepared in advance under a debugger.
 * @returns what ends it, and resolves when its folder is gone
 */
export function spawnChromium(url: string): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tachograph-test-'));
  const flags = ['--headless=new', '--no-sandbox', '--no-first-run', `--user-data-dir=${folder}`];
  const child = spawn(chromiumPath(), [...flags, url], { stdio: 'ignore', detached: true });
  const ended = once(child, 'exit');
  return async () => {
    // Its processes are a group of their own, which writes to the folder until all are gone.
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
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
