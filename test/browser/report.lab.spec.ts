// The report and the pictures in a real browser: in light and dark, on paper, on a narrow screen.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Browser, Page } from 'puppeteer-core';
import { rendered } from '../../src/commands/reportRendered.ts';
import { nodeTexts } from '../../src/picture/picture.ts';
import { toMermaid } from '../../src/picture/mermaid.ts';
import { toSvg } from '../../src/picture/svg.ts';
import { plain } from '../../src/picture/words.ts';
import { hostilePictures } from '../picture/hostile.ts';
import { BROKEN, draw, fifty, ONE, REFERENCES } from '../picture/scenes.ts';
import { empty, everything, ofFifty } from '../reportPage/data.ts';
import { noBrowser, startBrowser } from './chromium.ts';
import { drawMermaid, loadMermaid } from './mermaid.ts';
import { openPage, violations, type Look } from './page.ts';

const LOOKS: Record<string, Look> = {
  light: { width: 1280, scheme: 'light', media: 'screen' },
  dark: { width: 1280, scheme: 'dark', media: 'screen' },
  narrow: { width: 400, scheme: 'light', media: 'screen' },
  paper: { width: 794, scheme: 'dark', media: 'print' },
};
const PAGES = { everything: everything(), fifty: ofFifty(), empty: empty() };
const SCENES = { one: ONE, references: REFERENCES, broken: BROKEN, fifty: fifty() };

describe('in a browser', function () {
  this.timeout(60_000);
  let browser: Browser;
  let folder: string;
  /** INFPOOL_SCREENSHOTS: a folder for pictures to look at. */
  const shots = process.env['INFPOOL_SCREENSHOTS'];

  before(async function () {
    if (noBrowser() !== undefined) this.skip();
    browser = await startBrowser();
    folder = mkdtempSync(join(tmpdir(), 'infpool-pages-'));
    for (const [name, data] of Object.entries(PAGES))
      writeFileSync(join(folder, `${name}.html`), rendered(data, 'html'));
    if (shots) mkdirSync(shots, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function shoot(page: Page, name: string): Promise<void> {
    if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }

  describe('the report', () => {
    for (const name of Object.keys(PAGES))
      for (const [kind, look] of Object.entries(LOOKS))
        it(`of ${name}, ${kind}: says nothing on the console, asks for nothing, fits, and axe finds nothing`, async () => {
          const { page, said, asked } = await openPage(browser, join(folder, `${name}.html`), look);
          await shoot(page, `${name}-${kind}`);
          expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).to.be.at.most(0);
          expect({ said, asked }).to.deep.equal({ said: [], asked: [] });
          expect(await violations(page)).to.deep.equal([]);
          await page.close();
        });

    it('its style is taken: the policy holds for everything else', async () => {
      const { page, said } = await openPage(browser, join(folder, 'everything.html'), LOOKS['light']!);
      expect(await page.evaluate('getComputedStyle(document.querySelector(".badge")).fontWeight')).to.equal(
        '600',
      );
      await page.evaluate(
        'document.body.insertAdjacentHTML("beforeend", "<p id=probe style=\\"color:red\\">x</p>")',
      );
      expect(await page.evaluate('getComputedStyle(document.querySelector("#probe")).color')).not.to.equal(
        'rgb(255, 0, 0)',
      );
      expect(said.join()).to.match(/Content Security Policy/);
      await page.close();
    });

    it('on paper is light, with every diff open and every picture whole', async () => {
      const { page } = await openPage(browser, join(folder, 'everything.html'), LOOKS['paper']!);
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).to.equal(
        'rgb(255, 255, 255)',
      );
      const heights = (await page.evaluate(
        '[...document.querySelectorAll("details pre")].map((one) => one.getBoundingClientRect().height)',
      )) as number[];
      expect(heights.length).to.be.above(2);
      for (const height of heights) expect(height).to.be.above(30);
      const widths = (await page.evaluate(
        '[...document.querySelectorAll("svg")].map((one) => one.getBoundingClientRect().right)',
      )) as number[];
      for (const right of widths) expect(right).to.be.at.most(794);
      // An id in two halves can't be looked for; a short table, and a heading, stay with what follows.
      const halves =
        '[...document.querySelectorAll(".word")].filter((one) => one.getClientRects().length > 1)';
      expect(await page.evaluate(`${halves}.map((one) => one.textContent)`)).to.deep.equal([]);
      expect(await page.evaluate('document.querySelectorAll(".word").length')).to.be.above(10);
      const kept = (await page.evaluate(
        '[...document.querySelectorAll("table")].map((one) => [one.rows.length <= 8, getComputedStyle(one).breakInside === "avoid"])',
      )) as [short: boolean, whole: boolean][];
      expect(kept.length).to.be.above(5);
      for (const [short, whole] of kept) expect(whole).to.equal(short);
      const pdf = await page.pdf({ format: 'A4' });
      expect(Buffer.from(pdf.slice(0, 5)).toString()).to.equal('%PDF-');
      await page.close();
    });

    it('is gone through by the keyboard: the first Tab is the way past the contents', async () => {
      const { page } = await openPage(browser, join(folder, 'everything.html'), LOOKS['light']!);
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).to.equal('Skip to the report');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('location.hash')).to.equal('#main');
      await page.focus('summary');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.querySelector("summary").parentElement.open')).to.equal(true);
      await page.close();
    });
  });

  describe('the picture', () => {
    for (const [name, objects] of Object.entries(SCENES))
      it(`of ${name}: every text is within its box, and no two boxes overlap`, async () => {
        const path = join(folder, `${name}.svg`);
        writeFileSync(path, toSvg(draw(objects)));
        const { page, said, asked } = await openPage(browser, path, LOOKS['light']!);
        await shoot(page, `picture-${name}`);
        expect({ said, asked }).to.deep.equal({ said: [], asked: [] });
        const nodes =
          (await page.evaluate(`[...document.querySelectorAll('g > title')].map(({ parentNode }) => {
          const { x, y, width, height } = parentNode.querySelector('.ip-node').getBBox();
          const texts = [...parentNode.querySelectorAll('text')].map((text) => text.getBBox());
          return { x, y, width, height, out: texts.filter((text) => text.x < x || text.x + text.width > x + width || text.y < y || text.y + text.height > y + height).length };
        })`)) as { x: number; y: number; width: number; height: number; out: number }[];
        expect(nodes.length).to.be.above(5);
        expect(nodes.filter(({ out }) => out > 0)).to.deep.equal([]);
        for (const [index, a] of nodes.entries())
          for (const b of nodes.slice(index + 1))
            expect(
              a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height,
              JSON.stringify([a, b]),
            ).to.equal(true);
        await page.close();
      });
  });

  describe("Mermaid's own renderer", () => {
    let page: Page;
    before(async () => {
      page = await browser.newPage();
      await page.setViewport({ width: 1600, height: 1000 });
      await loadMermaid(page);
    });
    after(() => page?.close());

    const bare = (texts: readonly string[]) =>
      texts.map((text) => plain(text).replace(/\s/g, '')).filter((text) => text !== '');

    for (const [name, objects] of Object.entries(SCENES))
      it(`draws ${name}: each node says what it has to`, async () => {
        const picture = draw(objects);
        const { nodes, foreign } = await drawMermaid(page, toMermaid(picture));
        await shoot(page, `mermaid-${name}`);
        expect(foreign).to.deep.equal([]);
        for (const [index, node] of picture.nodes.entries())
          expect(bare(nodes[`n${index}`]!)).to.deep.equal(bare(nodeTexts(node)));
      });

    it('takes nothing hostile for its own', async () => {
      await fc.assert(
        fc.asyncProperty(hostilePictures, async (picture) => {
          const { nodes, foreign } = await drawMermaid(page, toMermaid(picture));
          expect(foreign).to.deep.equal([]);
          for (const [index, node] of picture.nodes.entries())
            expect(bare(nodes[`n${index}`]!)).to.deep.equal(bare(nodeTexts(node)));
        }),
        { numRuns: 25 },
      );
    });
  });
});
