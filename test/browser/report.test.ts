import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { useAzurite } from '../lib/store/support/azurite.ts';
import { noBrowser, startBrowser } from './support/chromium.ts';
import { CONTRASTS } from './support/contrast.ts';
import { HOSTILE_NAMES, IMAGES, PROJECTS, type UnpackedExport, unpackedExport } from './support/unpacked-export.ts';

const azurite = useAzurite();
let exported: UnpackedExport;
let browser: Browser | undefined;
beforeAll(async () => {
  if (noBrowser !== undefined) return;
  exported = await unpackedExport(azurite.storage);
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await exported?.[Symbol.asyncDispose]();
});
beforeEach((context) => context.skip(noBrowser !== undefined, noBrowser));

const OVERVIEW = 'report.html';
const PROJECT_PAGE = 'vision/cv-projects/report-0001.html';
const IMAGE_PAGE = 'vision/cv-images/report-0001.html';
const urlOf = (path: string): string => pathToFileURL(join(exported.folder, path)).href;

/** A page with what it asked for and complained of. */
async function open(path: string, options: BrowserContextOptions = {}) {
  if (!browser) throw new Error('No browser runs.');
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(urlOf(path));
  return { page, requests, complaints, [Symbol.asyncDispose]: () => context.close() };
}

const texts = z.array(z.string());
const numbers = z.array(z.number());
/** Runs in the page, as text: these tests have no types of the DOM. */
const onAll = (page: Page, selector: string, read: string): Promise<unknown> =>
  page.evaluate(`(${read})([...document.querySelectorAll(${JSON.stringify(selector)})])`);
const linksOn = async (page: Page): Promise<string[]> =>
  texts.parse(await onAll(page, 'a', 'all => all.map(({ href }) => href)'));
/** Waits for images, also for those that nobody has scrolled to yet. */
const WIDTHS = `all => Promise.all(all.map(async (image) => {
  image.loading = 'eager';
  await image.decode();
  return image.naturalWidth;
}))`;

describe("the report in a person's browser", () => {
  test('leads from its first page to every item, and every link leads to a file of the package', async () => {
    await using opened = await open(OVERVIEW);
    const { page, complaints } = opened;
    const keys: string[] = [];
    const pages = new Set([urlOf(OVERVIEW)]);
    for (const url of pages) {
      await page.goto(url);
      keys.push(...(await page.locator('article > p.soft:last-child bdi').allTextContents()));
      for (const link of await linksOn(page)) {
        expect(existsSync(fileURLToPath(link)), link).toBe(true);
        if (link.endsWith('.html')) pages.add(link);
      }
    }
    expect(pages.size).toBe(5);
    expect(keys).toHaveLength(PROJECTS + IMAGES + 1);
    expect(new Set(keys).size).toBe(keys.length);
    expect(complaints).toEqual([]);
  });

  test('shows the images of the package and asks for nothing else', async () => {
    await using opened = await open(IMAGE_PAGE);
    const { page, requests, complaints } = opened;
    const widths = numbers.parse(await onAll(page, 'img', WIDTHS));
    expect(widths.length).toBeGreaterThan(2);
    expect(new Set(widths)).toEqual(new Set([320]));
    for (const image of await page.locator('img').all()) {
      expect(await image.getAttribute('alt')).toMatch(/^Image: image-\d$/);
    }
    const root = pathToFileURL(exported.folder).href;
    expect(requests.filter((url) => !url.startsWith(root))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('may load nothing from a network, even if markup that asks for it were in it', async () => {
    await using opened = await open(IMAGE_PAGE);
    const { page, complaints } = opened;
    await page.evaluate(`for (const tag of ['img', 'script', 'iframe']) {
      const element = document.createElement(tag);
      element.setAttribute('src', 'http://127.0.0.1:9/x');
      document.body.append(element);
    }`);
    await expect.poll(() => complaints.filter((text) => text.includes('Content Security Policy')).length).toBe(3);
  });

  test('shows hostile names as text', async () => {
    await using opened = await open(PROJECT_PAGE);
    const { page, complaints } = opened;
    const shown = await page.locator('article h3').allTextContents();
    expect(shown.slice(0, HOSTILE_NAMES.length)).toEqual(HOSTILE_NAMES.map(([, text]) => text));
    expect(await page.title()).toBe('Projects and their details in vision, page 1');
    expect(await page.locator('script, article img, iframe, object').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('says what is missing and why', async () => {
    await using opened = await open(OVERVIEW);
    const { page } = opened;
    const notes = (await page.locator('.note').allTextContents()).join('\n');
    expect(notes).toContain('1 part of the service could not be read');
    expect(notes).toContain('1 item could not be read whole');
    const cells = await page.locator('tbody tr').nth(1).locator('th, td').allTextContents();
    expect(cells.slice(1, 4)).toEqual(['8', '7', '1']);
    const reasons: string[] = [];
    for (const link of (await linksOn(page)).filter((url) => url.includes('/cv-images/'))) {
      await page.goto(link);
      reasons.push(...(await page.locator('.note').allTextContents()));
    }
    expect(new Set(reasons)).toEqual(new Set(['Not all of it could be read. <b>no</b>']));
  });

  test.each([OVERVIEW, PROJECT_PAGE, IMAGE_PAGE])('fits a telephone without scrolling sideways: %s', async (path) => {
    await using opened = await open(path, { viewport: { width: 360, height: 740 }, isMobile: true });
    const widths = await opened.page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]');
    const [content = 0, screen = 0] = numbers.parse(widths);
    expect(content).toBeLessThanOrEqual(screen);
    expect(screen).toBe(360);
  });

  test.each(['light', 'dark'] as const)('is readable where the system is %s', async (colorScheme) => {
    await using opened = await open(IMAGE_PAGE, { colorScheme });
    const selector = 'h1, h3, dt, dd, a, figcaption, summary, .note strong, .soft';
    const ratios = numbers.parse(await onAll(opened.page, selector, CONTRASTS));
    expect(ratios.length).toBeGreaterThan(20);
    // WCAG 2.2, 1.4.3.
    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(4.5);
  });

  test.each([OVERVIEW, PROJECT_PAGE, IMAGE_PAGE])('has a structure that screen readers can tell: %s', async (path) => {
    await using opened = await open(path);
    const { page } = opened;
    const tags = texts.parse(await onAll(page, 'h1, h2, h3, h4', 'all => all.map(({ tagName }) => tagName)'));
    const levels = tags.map((tag) => Number(tag.slice(1)));
    expect(levels[0]).toBe(1);
    for (const [index, level] of levels.slice(1).entries()) expect(level - (levels[index] ?? 0)).toBeLessThanOrEqual(1);
    const untold = 'table:not(:has(caption)), img:not([alt]), th:not([scope]), nav:not([aria-label])';
    expect(await page.locator(untold).count()).toBe(0);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });
});
