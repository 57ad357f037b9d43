/** A page of a browser that says what went wrong in it. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts, and what the browser refused or complained of. */
  readonly troubles: string[];
}

export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    // A view that is not there answers 404, and who has not signed in gets 401; browsers say so.
    const isAnswer = /status of 40[134]/.test(message.text());
    if (message.type() !== 'error' || isAnswer) return;
    troubles.push(`${message.text()} ${message.location().url}`);
  });
  return { page, troubles };
}
