import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
import { chromium as playwright } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    // In one process it would end with its first page.
    args: chromium.args.filter((argument) => argument !== '--single-process' && argument !== '--no-zygote'),
  });
}

export interface Inspection {
  /** By rule, with the elements that break it. */
  violations: string[][];
  /** By how many pixels the page is wider than its window. */
  overflow: number;
  language: string;
  /** What the page loaded beside itself. */
  loaded: string[];
}

/** Looks at the page as it stands with an accessibility checker and a ruler. */
export async function inspect(page: Page): Promise<Inspection> {
  await page.evaluate(axe.source);
  return page.evaluate<Inspection>(`(async () => ({
    violations: (await axe.run()).violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)]),
    overflow: document.documentElement.scrollWidth - innerWidth,
    language: document.documentElement.lang,
    loaded: performance.getEntriesByType('resource').map(({ name }) => name),
  }))()`);
}
