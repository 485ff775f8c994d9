import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createTwoFilesPatch } from 'diff';
import { rewriteText } from '../../../src/manifests/rewrite/rewrite.ts';
import { findingsText } from '../../../src/report/findings.ts';
import { PLAIN } from '../../../src/report/text.ts';
import { expectGolden } from '../../support/golden.ts';
import { objectsIn, rewritesFor } from './rewritesFor.ts';

const ROOT = join(import.meta.dirname, '..', '..', 'fixtures', 'repo');

const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(yaml|md)$/.test(name))
  .sort()
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));
const objects = files
  .filter(({ name }) => name.endsWith('.yaml'))
  .flatMap(({ name, text }) => (name.endsWith('kustomization.yaml') ? [] : objectsIn(text)));
const rewrites = rewritesFor(objects);
const rewritten = files.map(({ name, text }) => ({ name, was: text, ...rewriteText(name, text, rewrites) }));

describe('rewriting a small repository', () => {
  it('has a diff that shows what had to change, and nothing else', () => {
    const patches = rewritten
      .filter(({ text, was }) => text !== was)
      .map(({ name, text, was }) =>
        createTwoFilesPatch(`a/${name}`, `b/${name}`, was, text)
          .replace(/^=+\n/, '')
          .replace(/\t(\n|$)/g, '$1'),
      );
    expectGolden('rewrite/repository.diff', patches.join(''));
    expectGolden(
      'rewrite/repository.findings.txt',
      findingsText(
        rewritten.flatMap(({ findings }) => findings),
        PLAIN,
      ),
    );
  });

  it('leaves files alone in which nothing has to change', () => {
    const same = rewritten.filter(({ changed }) => changed.length === 0);
    expect(same.map(({ name }) => name)).to.deep.equal([
      'README.md',
      'base/epp.yaml',
      'base/kustomization.yaml',
      'overlays/prod/kustomization.yaml',
    ]);
    for (const { text, was } of same) expect(text).to.equal(was);
  });

  it('leaves nothing of v1alpha2 but what has to stay', () => {
    const left = rewritten
      .filter(({ name }) => !/README|epp|kustomization/.test(name))
      .flatMap(({ text }) => text.split('\n').filter((line) => line.includes('x-k8s.io')));
    expect(new Set(left)).to.deep.equal(new Set(['apiVersion: inference.networking.x-k8s.io/v1alpha2']));
    const kinds = rewritten
      .filter(({ name }) => name === 'base/models.yaml')
      .flatMap(({ text }) => objectsIn(text).map(({ kind }) => kind));
    expect(kinds).to.deep.equal(['InferenceObjective', 'InferenceObjective', 'InferenceModelRewrite']);
  });
});
