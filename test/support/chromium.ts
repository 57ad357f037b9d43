/** A real browser for tests: Debian's Chromium, driven by playwright-core. Closed by whoever opened it. */
import { type Browser, chromium } from 'playwright-core';

const EXECUTABLE = process.env.TACHOGRAPH_TEST_CHROMIUM ?? '/usr/bin/chromium';

export async function openChromium(): Promise<Browser> {
  return await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
}
