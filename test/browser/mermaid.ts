// What real Mermaid makes of a text: parsed and drawn in the browser, with the settings that GitHub has.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';

const script = fileURLToPath(new URL('../../node_modules/mermaid/dist/mermaid.min.js', import.meta.url));

interface Mermaid {
  initialize(settings: Record<string, unknown>): void;
  render(id: string, text: string): Promise<{ svg: string }>;
}

/** What is used of the DOM's elements; its types are not those of Node. */
interface Shown {
  readonly id: string;
  readonly innerText: string;
  readonly outerHTML: string;
  innerHTML: string;
  querySelector(selector: string): Shown;
  querySelectorAll(selector: string): Iterable<Shown>;
}

export async function loadMermaid(page: Page): Promise<void> {
  await page.setContent('<!doctype html><title>mermaid</title><div id="place"></div>');
  await page.addScriptTag({ content: readFileSync(script, 'utf8') });
  await page.evaluate(() => {
    const { mermaid } = globalThis as unknown as { mermaid: Mermaid };
    mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
  });
}

/** The lines of each node by its id, and of the labels on the edges, in the order in which they are written. */
export interface Drawn {
  readonly nodes: Record<string, string[]>;
  readonly labels: string[];
  /** Elements that no label of ours may bring in. */
  readonly foreign: string[];
}

/** @throws what Mermaid says of a text that it can't parse */
export async function drawMermaid(page: Page, text: string): Promise<Drawn> {
  return page.evaluate(async (source) => {
    const { mermaid, document } = globalThis as unknown as { mermaid: Mermaid; document: Shown };
    const { svg } = await mermaid.render('drawn', source);
    const place = document.querySelector('#place');
    place.innerHTML = svg;
    const lines = (element: Shown): string[] => String(element.innerText).split('\n');
    const nodes: Record<string, string[]> = {};
    for (const element of place.querySelectorAll('g.node')) {
      const id = /(?:^|-)flowchart-([A-Za-z0-9]+)-\d+$/.exec(element.id)?.[1] ?? element.id;
      nodes[id] = lines(element.querySelector('foreignObject > *'));
    }
    const labels = [...place.querySelectorAll('g.edgeLabel foreignObject > *')].map((one: Shown) =>
      String(one.innerText),
    );
    const foreign = [
      ...place.querySelectorAll('script, img, a, iframe, b, i, em, strong, ul, ol, li, [onerror], [onclick]'),
    ].map((one: Shown) => one.outerHTML);
    return { nodes, labels, foreign };
  }, text);
}
