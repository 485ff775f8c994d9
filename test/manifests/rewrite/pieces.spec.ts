import { expect } from 'chai';
import { parseDocument } from 'yaml';
import { NotEditable } from '../../../src/manifests/rewrite/edits.ts';
import { partsOf } from '../../../src/manifests/rewrite/documents.ts';
import { kustomizationFindings, isKustomization } from '../../../src/manifests/rewrite/kustomization.ts';
import { lineEnd, nextLine } from '../../../src/manifests/rewrite/places.ts';
import { spliced } from '../../../src/manifests/rewrite/splices.ts';
import { dashIn, flowText, padOf, styleOf } from '../../../src/manifests/rewrite/style.ts';

const style = (text: string, dash?: number) => styleOf(parseDocument(text), text, dash);

describe('the parts of a file', () => {
  it('begin at each marker, at the very start and at the very end, too', () => {
    expect(partsOf('\n---\na: 1\n')).to.deep.equal(['\n', '---\na: 1\n']);
    expect(partsOf('a: 1\n---')).to.deep.equal(['a: 1\n', '---']);
    expect(partsOf('a: 1\n--- b\n---c\n---\td\n---\r\ne')).to.deep.equal([
      'a: 1\n',
      '--- b\n---c\n',
      '---\td\n',
      '---\r\ne',
    ]);
  });

  it('are one where there are directives', () => {
    for (const text of ['%YAML 1.1\n---\na: 1\n---\nb: 1\n', 'a: 1\n...\n%YAML 1.1\n---\nb: 1\n'])
      expect(partsOf(text)).to.deep.equal([text]);
  });
});

describe('the lines of a text', () => {
  it('end before their line end, of either kind, or with the text', () => {
    expect(lineEnd('ab\ncd', 0)).to.equal(2);
    expect(lineEnd('ab\r\ncd', 0)).to.equal(2);
    expect(lineEnd('ab\r\ncd', 3)).to.equal(3);
    expect(lineEnd('ab\ncd', 4)).to.equal(5);
    expect(nextLine('\nab', 0)).to.equal(1);
    expect(nextLine('ab\ncd', 1)).to.equal(3);
    expect(nextLine('ab', 1)).to.equal(2);
  });
});

describe('splices', () => {
  it('are made where they are said to be, one that comes twice once', () => {
    const one = { start: 1, end: 2, text: 'X' };
    expect(spliced('abc', [one, { ...one }, { start: 1, end: 1, text: '+' }])).to.equal('a+Xc');
  });

  it('that get in each other’s way are refused', () => {
    const both = [
      { start: 0, end: 2, text: 'X' },
      { start: 1, end: 3, text: 'Y' },
    ];
    expect(() => spliced('abc', both)).to.throw(NotEditable, 'in the same place');
  });
});

describe('the style of a document', () => {
  it('is told by its first mapping and its first sequence', () => {
    expect(style('a:\n    b: 1\n    c:\n      - 1\nd:\n  e: 1\n')).to.include({ step: '    ', dash: 2 });
    expect(style('a:\n- 1\nb:\n   c:\n     - 2\n')).to.include({ step: '   ', dash: 0 });
    expect(style('a:\n  b: 1\n', 0)).to.include({ step: '  ', dash: 0 });
    expect(style('a:\n   b: 1\n')).to.include({ dash: 3 });
    expect(style('a: 1\n')).to.include({ step: '  ', dash: 2, eol: '\n', json: false });
  });

  it('is told by its first line end, and by the first braces on one line', () => {
    expect(style('a: 1\r\nb: 2\n')).to.include({ eol: '\r\n' });
    expect(style('a: 1\nb: 2\r\n')).to.include({ eol: '\n' });
    expect(style('a: 1')).to.include({ eol: '\n' });
    expect(padOf('{a: b}\n{ c: d }')).to.equal('');
    expect(padOf('{ a: b }\n{c: d}')).to.equal(' ');
    expect(padOf('{}\n{ a: b }')).to.equal(' ');
    expect(padOf('{ a: b }{c: d}', 8)).to.equal('');
  });

  it('of JSON is tight where its colons are', () => {
    expect(style('{"a":1,"b": 2}')).to.include({ json: true, colon: ':', comma: ',' });
    expect(style('{"a": 1,"b":2}')).to.include({ json: true, colon: ': ', comma: ', ' });
    expect(style('{"a" : 1}')).to.include({ colon: ': ' });
    expect(style('{"a:": 1, "b :":2}')).to.include({ colon: ': ' });
    expect(style('{"a":"b : c"}')).to.include({ colon: ':' });
    expect(style('{\n\t"a": 1\n}')).to.include({ step: '\t' });
  });

  it('of dashes is that of the first sequence below a key', () => {
    expect(dashIn('# - a\nb:\n    - c\nd:\n- e\n')).to.equal(4);
    expect(dashIn('b: # why\n- c\n')).to.equal(0);
    expect(dashIn('b: c\n')).to.equal(undefined);
  });
});

describe('a value in flow style', () => {
  it('is written as its author does, and what is empty stays small', () => {
    const value = { a: [], b: {}, c: [1, { d: 'x, y' }], e: null };
    const own = { ...style('a: {b: c}\n'), pad: ' ' };
    expect(flowText(value, own, null)).to.equal('{ a: [], b: {}, c: [1, { d: "x, y" }], e: null }');
    expect(flowText(value, own, '')).to.equal(
      '{\n  a: [],\n  b: {},\n  c: [\n    1,\n    {\n      d: "x, y"\n    }\n  ],\n  e: null\n}',
    );
    expect(flowText(value, style('{"a":1}'), null)).to.equal('{"a":[],"b":{},"c":[1,{"d":"x, y"}],"e":null}');
  });
});

describe('a kustomization', () => {
  const ALPHA = 'inference.networking.x-k8s.io';
  const said = (fields: Record<string, unknown>) =>
    kustomizationFindings('k.yaml', fields).map(({ field }) => field);

  it('is known by its kind, or without one by the name of its file', () => {
    expect(isKustomization('x.yaml', { kind: 'Kustomization' })).to.equal(true);
    for (const file of ['kustomization.yaml', 'a/kustomization.yml', 'a\\Kustomization'])
      expect(isKustomization(file, { resources: [] }), file).to.equal(true);
    expect(isKustomization('kustomization.yaml', { kind: 'ConfigMap' })).to.equal(false);
    expect(isKustomization('my-kustomization.yaml', {})).to.equal(false);
    for (const value of [null, 'a', ['a']])
      expect(isKustomization('kustomization.yaml', value)).to.equal(false);
  });

  it('speaks of alpha objects wherever it selects them', () => {
    const patch = `apiVersion: ${ALPHA}/v1alpha2\nkind: InferencePool\n`;
    const target = { group: ALPHA, kind: 'InferencePool' };
    expect(
      said({
        patches: [{ target }, { target: { kind: 'InferenceModel' } }, { patch }, { path: 'a.yaml' }],
        patchesJson6902: [
          { target: { group: 'inference.networking.k8s.io', kind: 'InferencePool' } },
          { target },
        ],
        patchesStrategicMerge: [patch, 'kind: InferencePool', `# ${ALPHA}`, 5],
        replacements: [
          { source: { apiVersion: `${ALPHA}/v1alpha2`, kind: 'InferencePool' } },
          { source: { apiVersion: 'inference.networking.k8s.io/v1', kind: 'InferencePool' } },
          { targets: [{ select: { kind: 'Pod' } }, { select: target }] },
          { targets: 'all' },
        ],
        configurations: 'none',
        spec: { patches: [{ target }] },
      }),
    ).to.deep.equal([
      'patches[0]',
      'patches[1]',
      'patches[2]',
      'patchesJson6902[1]',
      'patchesStrategicMerge[0]',
      'replacements[0]',
      'replacements[2]',
      'spec.patches[0]',
    ]);
  });
});
