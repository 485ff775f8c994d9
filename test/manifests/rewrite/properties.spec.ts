import { expect } from 'chai';
import fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../src/api/object.ts';
import { refKey, refOf } from '../../../src/api/ref.ts';
import { rewriteText, type Rewrites } from '../../../src/manifests/rewrite/rewrite.ts';
import { alphaPool, commented, modelOf, routeTo, style } from './arbitraries.ts';
import { rewritesFor } from './rewritesFor.ts';
import { runs } from '../../support/runs.ts';

const places = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 12 });

function values(text: string): unknown[] {
  const documents = parseAllDocuments(text, { version: '1.1', merge: true });
  return [...documents].map((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    return document.toJS() as unknown;
  });
}

// Comments don't fit everywhere (in JSON, say): then the text goes without.
function withComments(text: string, where: readonly number[]): { text: string; comments: string[] } {
  const tried = commented(text, where);
  try {
    expect(values(tried.text)).to.deep.equal(values(text));
    return tried;
  } catch {
    return { text, comments: [] };
  }
}

// What holds for every text, whatever it says.
function expectGoodManners(text: string, rewrites: Rewrites): string {
  const { text: out, findings } = rewriteText('f.yaml', text, rewrites);
  expect(findings.filter(({ id }) => id === 'manifest-not-editable')).to.deep.equal([]);
  const again = rewriteText('f.yaml', out, rewrites);
  expect(again.text).to.equal(out);
  expect(again.changed).to.be.empty;
  const crlf = rewriteText('f.yaml', text.replaceAll('\n', '\r\n'), rewrites).text;
  expect(crlf).to.equal(out.replaceAll('\n', '\r\n'));
  return out;
}

function newLines(before: string, after: string): number {
  const old = new Set(before.split('\n').map((line) => line.trim()));
  return after.split('\n').filter((line) => !old.has(line.trim())).length;
}

// Written with other words than the code under test: from the converted pool, without what was not written.
function expectedPool(alpha: KubeObject, v1: KubeObject): unknown {
  const picker = { ...v1['spec'].endpointPickerRef };
  const written = alpha['spec'].extensionRef;
  if (written.kind === undefined) delete picker.kind;
  if (written.failureMode === undefined) delete picker.failureMode;
  if (written.group === '') picker.group = '';
  return {
    apiVersion: 'inference.networking.k8s.io/v1',
    kind: 'InferencePool',
    metadata: { ...alpha.metadata, name: v1.metadata.name },
    spec: { ...v1['spec'], endpointPickerRef: picker },
  };
}

describe('rewriting any manifest', () => {
  it('makes of an alpha pool the v1 pool of the conversion, and keeps every comment', () => {
    fc.assert(
      fc.property(
        alphaPool,
        style,
        places,
        fc.constantFrom<'chart' | 'none'>('chart', 'none'),
        (alpha, write, where, epp) => {
          const rewrites = rewritesFor([alpha], { epp });
          const { text, comments } = withComments(write(alpha), where);
          const out = expectGoodManners(text, rewrites);
          const v1 = rewrites.pools.get(refKey(refOf(alpha)))!;
          expect(values(out)).to.deep.equal([expectedPool(alpha, v1)]);
          for (const comment of comments) expect(out).to.contain(comment);
          // apiVersion, name, matchLabels, targetPorts, endpointPickerRef, its name, port, two numbers; brackets in flow style.
          expect(newLines(text, out)).to.be.at.most(text.includes('{\n') ? 24 : 11);
        },
      ),
      runs(100),
    );
  });

  it('makes of an InferenceModel all that it becomes; its metadata and its poolRef keep their comments', () => {
    const both = alphaPool.chain((pool) => modelOf(pool.metadata.name).map((model) => ({ pool, model })));
    fc.assert(
      fc.property(both, style, places, ({ pool, model }, write, where) => {
        const rewrites = rewritesFor([pool, model]);
        const [objective, ...others] = rewrites.models.get(refKey(refOf(model)))!;
        const { text } = withComments(write(model), where);
        const out = expectGoodManners(text, rewrites);
        const { creationTimestamp: _, ...metadata } = model.metadata;
        const { kind: _kind, ...poolRef } = objective!['spec'].poolRef;
        const wanted = { ...objective, metadata, spec: { priority: objective!['spec'].priority, poolRef } };
        const got = values(out);
        const list = got.length === 1 ? (got[0] as { items?: unknown[] }).items : undefined;
        expect(list ?? got).to.deep.equal([wanted, ...others]);
        for (const line of text.split('\n')) {
          const comment =
            /^\s*-?\s*(?:name|group|poolRef|labels|kind|apiVersion|spec|metadata)\b[^{]*(# c\d+ )/.exec(
              line,
            )?.[1];
          const removed = /^\s*-? ?["']?name.*(adapter|x|7)/.test(line);
          if (comment && !removed) expect(out).to.contain(comment);
        }
      }),
      runs(100),
    );
  });

  it('changes references of a route and nothing else; what goes to each backend stays the same', () => {
    fc.assert(
      fc.property(routeTo(['food', 'drinks']), style, places, (route, write, where) => {
        const pools = ['food', 'drinks'].map((name) => pool(name));
        const { text } = withComments(write(route), where);
        const out = expectGoodManners(text, rewritesFor(pools));
        const after = values(out)[0] as KubeObject;
        expect({ ...after, spec: null }).to.deep.equal({ ...route, spec: null });
        const total = (rule: { backendRefs: { name: string; weight?: number }[] }) => {
          const sums: Record<string, number> = {};
          for (const { name, weight } of rule.backendRefs) {
            const v1 = name === 'food' || name === 'drinks' ? `${name}-ga` : name;
            sums[v1] = (sums[v1] ?? 0) + (weight ?? 1);
          }
          // Two that wrote no weight stay without: as the only share or next to others it is the user's to judge.
          return sums;
        };
        for (const [index, rule] of after['spec'].rules.entries()) {
          const before = route['spec'].rules[index];
          const merged = before.backendRefs.length !== rule.backendRefs.length;
          const unwritten = before.backendRefs
            .filter(({ name }: { name: string }) => name.startsWith('food'))
            .every(({ weight }: { weight?: number }) => weight === undefined);
          if (!(merged && unwritten)) expect(total(rule)).to.deep.equal(total(before));
          for (const { group } of rule.backendRefs)
            expect(group).not.to.equal('inference.networking.x-k8s.io');
        }
      }),
      runs(60),
    );
  });

  it('passes the other documents of a stream through, byte for byte', () => {
    const other = fc.constantFrom(
      '# x\nkind: A  \n',
      'a: [1,\n  2]\n...\n',
      '{{ .Values.x }}: {{\n',
      'text: |\n  inference.networking.x-k8s.io/v1alpha2\n\n\n',
      '\n\n',
    );
    fc.assert(
      fc.property(alphaPool, style, other, other, (alpha, write, before, after) => {
        const text = `${before}---\n${write(alpha)}---\n${after}`;
        const { text: out, changed } = rewriteText('f', text, rewritesFor([alpha]));
        expect(changed).to.have.length(1);
        expect(out.startsWith(`${before}---\n`)).to.equal(true);
        expect(out.endsWith(`---\n${after}`)).to.equal(true);
      }),
      runs(40),
    );
  });

  it('never throws, and leaves alone what is no manifest', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), alphaPool, (noise, alpha) => {
        const text = `${noise}\ninference.networking.x-k8s.io\n${noise}`;
        expect(rewriteText('f', text, rewritesFor([alpha])).text).to.equal(text);
      }),
      runs(80),
    );
  });

  it('survives a manifest that is cut off anywhere', () => {
    fc.assert(
      fc.property(alphaPool, style, fc.nat(), (alpha, write, at) => {
        const whole = write(alpha);
        const text = whole.slice(0, at % whole.length);
        const { text: out, changed } = rewriteText('f', text, rewritesFor([alpha]));
        if (changed.length === 0) expect(out).to.equal(text);
        else expect(parse(out)).to.have.property('apiVersion', 'inference.networking.k8s.io/v1');
      }),
      runs(80),
    );
  });
});

function pool(name: string): KubeObject {
  return {
    apiVersion: 'inference.networking.x-k8s.io/v1alpha2',
    kind: 'InferencePool',
    metadata: { name },
    spec: { selector: { app: 'x' }, targetPortNumber: 8000, extensionRef: { name: `${name}-epp` } },
  };
}
