/** A page of a browser that says what went wrong in it. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { troubleWith } from './api-contract.js';

export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts, what the browser complained of, and questions that the API does not know or refused. */
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
  page.on('request', (request) => {
    const trouble = troubleWith(request.method(), request.url());
    if (trouble !== undefined) troubles.push(trouble);
  });
  return { page, troubles };
}

/** Goes to a page and waits for all its answers; none of them may have failed. */
export async function settle(page: Page, href: string): Promise<void> {
  await page.goto(href);
  await page.locator('main section, main .empty').first().waitFor();
  await expect.poll(() => page.locator('.loading').count(), { timeout: 20_000 }).toBe(0);
  expect(await page.locator('.failure').allTextContents()).toEqual([]);
}
