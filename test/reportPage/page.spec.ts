import { createHash } from 'node:crypto';
import { expect } from 'chai';
import * as r from '../../src/api/resource.ts';
import { rendered } from '../../src/commands/reportRendered.ts';
import { expectGolden } from '../support/golden.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { snapshot } from '../support/snapshot.ts';
import { HOSTILE } from '../report/world.ts';
import { empty, everything, reportOf } from './data.ts';
import { elementsOf, parseXml } from '../picture/xmlGrammar.ts';

const VOID = /<(meta|br)\b([^>]*)>/g;

/** The page as a tree: it is written so that but for void elements it is XML. */
function treeOf(html: string) {
  return parseXml(
    html
      .replace(/^<!doctype html>\n/, '')
      .replace(/<style>[^<]*<\/style>/, '')
      .replace(VOID, '<$1$2/>')
      .trim(),
  );
}

const textOf = (html: string) =>
  elementsOf(treeOf(html))
    .map(({ text }) => text)
    .join('\n');

describe('the report as a page', () => {
  it('is well-formed, with one of each id, and every link and label leads to one', () => {
    for (const data of [everything(), empty()]) {
      const all = elementsOf(treeOf(rendered(data, 'html')));
      const ids = all.flatMap(({ attributes }) => attributes.get('id') ?? []);
      expect(new Set(ids).size, ids.join(' ')).to.equal(ids.length);
      for (const { attributes } of all) {
        const href = attributes.get('href');
        if (href !== undefined) expect(ids).to.include(href.replace(/^#/, ''));
        for (const label of attributes.get('aria-labelledby')?.split(' ') ?? [])
          expect(ids).to.include(label);
      }
    }
  });

  it('says, with all there can be and with nothing, just what it says', () => {
    const plain = (html: string) =>
      html.replace(/<style>[^<]*<\/style>/, '<style></style>').replace(/'sha256-[^']*'/, "'sha256-…'");
    expectGolden('report/page.html', plain(rendered(everything(), 'html')));
    expectGolden('report/page-empty.html', plain(rendered(empty(), 'html')));
  });

  it('asks for nothing from anywhere and runs nothing: no script, no handler, no address, no style beside the hashed one', () => {
    const html = rendered(everything(), 'html');
    const all = elementsOf(treeOf(html));
    for (const { name, attributes } of all) {
      expect(name).not.to.match(/^(script|link|img|iframe|object|embed|form|input|base|style)$/);
      for (const attribute of attributes.keys())
        expect(attribute).not.to.match(/^(on|src|style|srcset|data$|action)/);
    }
    const [, css = ''] = /<style>([^<]*)<\/style>/.exec(html)!;
    const hash = createHash('sha256').update(css).digest('base64');
    expect(html).to.include(`style-src 'sha256-${hash}'`).and.include("default-src 'none'");
    expect(css).not.to.match(/url\(|@import/);
  });

  it('has each part, in order, with headings that skip no level', () => {
    const all = elementsOf(treeOf(rendered(everything(), 'html')));
    const headings = all.filter(({ name }) => /^h\d$/.test(name));
    expect(headings.filter(({ name }) => name === 'h1')).to.have.length(1);
    expect(headings.filter(({ name }) => name === 'h2').map(({ text }) => text)).to.deep.equal([
      'Verdict',
      'What is there now',
      'What it will be',
      'Findings',
      'The plan',
      'Checks',
      'How the migration went',
      'CRDs and versions',
    ]);
    const levels = headings.map(({ name }) => Number(name[1]));
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).to.be.at.most(1);
  });

  it('says every finding, failed check, step and gate of the run', () => {
    const data = everything();
    const text = textOf(rendered(data, 'html'));
    for (const { id } of data.findings) expect(text).to.include(id);
    for (const { id, evidence, verdict } of data.verification!.checks)
      if (verdict === 'fail') expect(text).to.include(id).and.include(evidence);
    expect(text)
      .to.include('2 of 12 requests failed')
      .and.include('rolled back')
      .and.include('helm is not on PATH');
  });

  it('takes what could not be read for what it is', () => {
    const inventory = buildInventory(snapshot([], { forbidden: [r.ALPHA_POOL, r.MODEL] }));
    const data = { ...empty(), inventory };
    for (const format of ['html', 'markdown'] as const) {
      const text = rendered(data, format);
      expect(text, format)
        .to.include('Unknown')
        .and.match(/could not/i)
        .and.include('inferencepools.inference.networking.x-k8s.io');
      expect(text, format).not.to.include('No migration needed');
    }
  });

  it('can not be broken by what a cluster holds', () => {
    const base = everything();
    const nasty = `${HOSTILE}</script></style></svg>--><img src=x onerror=alert(1)>]]>&lt;`;
    const hostile = JSON.parse(
      JSON.stringify(
        { ...base, inventory: { ...base.inventory, objects: undefined } },
        (key, value: unknown) => {
          const free = [
            'name',
            'namespace',
            'message',
            'hint',
            'evidence',
            'reason',
            'because',
            'modelName',
            'controller',
            'server',
            'scope',
            'gitVersion',
            'path',
            'field',
            'what',
            'missing',
            'next',
          ];
          return typeof value === 'string' && free.includes(key) ? nasty : value;
        },
      ),
    ) as typeof base;
    const html = rendered(hostile, 'html');
    for (const { name, attributes } of elementsOf(treeOf(html))) {
      expect(name).not.to.match(/^(script|img|b)$/);
      for (const attribute of attributes.keys()) expect(attribute).not.to.match(/^on/);
    }
    expect(html).not.to.match(/[\u001b\u202e]/);
    const markdown = rendered(hostile, 'markdown');
    expect(markdown).not.to.match(/[\u001b\u202e]/);
    const outside = markdown
      .replace(/^(`{3,})[^]*?^\1$/gm, '')
      .replace(/`[^`\n]*`/g, '')
      .replace(/\\[\\|`<>*_[\]]/g, '');
    expect(outside.replace(/<\/?details>|<\/?summary>|<!-- kubectl infpool report -->/g, '')).not.to.match(
      /<\w|<\//,
    );
  });

  it('shows neither schemas of CRDs nor what is deleted, but that they come and go', () => {
    const html = rendered(everything(), 'html');
    expect(textOf(html))
      .to.include('delete inferencemodels')
      .and.include('install customresourcedefinitions');
    const diffs = elementsOf(treeOf(html)).filter(({ attributes }) => attributes.get('class') === 'diff');
    expect(diffs.length).to.be.above(2);
    for (const { children, text } of diffs)
      expect([text, ...children.map((one) => one.text)].join('')).not.to.match(
        /CustomResourceDefinition|kind: InferenceModel\b/,
      );
  });
});

describe('the report as Markdown', () => {
  it('is as it was looked at', () => {
    expectGolden('report/report.md', rendered(everything(), 'markdown'));
  });

  it('without a pool says what was looked at', () => {
    expect(rendered(empty(), 'markdown')).to.include('none in all namespaces');
  });

  it('has a picture that a fence can hold', () => {
    const text = rendered(reportOf([]), 'markdown');
    expect(text.match(/^```mermaid$/gm)).to.have.length(2);
  });
});
