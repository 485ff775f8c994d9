// A page of ours in the browser, opened as a file: what it says on the console, what it asks for, what axe finds.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';

export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
  readonly media: 'screen' | 'print';
}

export interface Opened {
  readonly page: Page;
  /** Console messages, errors, refusals of the content security policy. */
  readonly said: string[];
  /** Every request but the one for the page. */
  readonly asked: string[];
}

export async function openPage(
  browser: Browser,
  path: string,
  { width, scheme, media }: Look,
): Promise<Opened> {
  const page = await browser.newPage();
  const said: string[] = [];
  const asked: string[] = [];
  const url = pathToFileURL(path).href;
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('request', (request) => {
    if (request.url() !== url) asked.push(request.url());
  });
  await page.setViewport({ width, height: 1000 });
  const session = await page.createCDPSession();
  await session.send('Emulation.setEmulatedMedia', {
    media,
    features: [{ name: 'prefers-color-scheme', value: scheme }],
  });
  await page.goto(url);
  return { page, said, asked };
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds on it, worst first, as `impact id: element`. */
export async function violations(page: Page): Promise<string[]> {
  // The page forbids scripts; this one is ours, and comes past its policy by the debugger.
  await page.evaluate(axe);
  const found = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)',
  )) as Violation[];
  return found.flatMap(({ id, impact, nodes }) =>
    nodes.map(
      ({ html, failureSummary }) => `${impact} ${id}: ${html.slice(0, 200)}: ${failureSummary.slice(0, 200)}`,
    ),
  );
}
