import { expect } from 'chai';
import { rewriteText } from '../../../src/manifests/rewrite/rewrite.ts';
import { alphaPool, model } from '../../support/objects.ts';
import { ids } from '../../support/snapshot.ts';
import { objectsIn, rewritesFor } from './rewritesFor.ts';

const bare = { namespace: undefined } as never;
const food = alphaPool('food', {}, bare);
const review = model('review', { targetModels: [{ name: 'x' }] }, bare);
const rewrites = rewritesFor([food, review].map((one) => JSON.parse(JSON.stringify(one))));

function rewrite(text: string, by = rewrites) {
  return rewriteText('f.yaml', text, by);
}

describe('namesakes', () => {
  const pools = rewritesFor([food].map((one) => JSON.parse(JSON.stringify(one))));
  const alpha = '{group: inference.networking.x-k8s.io, kind: InferencePool, name: food, weight: 2}';
  const v1 = '{group: inference.networking.k8s.io, kind: InferencePool, name: food-ga, weight: 2}';

  it('of another kind in a grant take nothing from the pool', () => {
    const grant = (...to: string[]) =>
      `apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: a}\nspec:\n  to:\n${to.map((one) => `  - ${one.replace(', weight: 2', '')}\n`).join('')}`;
    const service = '{group: "", kind: Service, name: food-ga}';
    expect(rewrite(grant(service, alpha), pools).text).to.equal(grant(service, v1));
    expect(rewrite(grant(v1, alpha), pools).text).to.equal(grant(v1));
  });

  it('of another kind in a route take no share of the pool, nor does the v1 pool of another namespace', () => {
    const route = (...refs: string[]) =>
      `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\nspec:\n  rules:\n  - backendRefs:\n${refs.map((one) => `    - ${one}\n`).join('')}`;
    const service = '{kind: Service, name: food-ga, port: 80, weight: 3}';
    const elsewhere = v1.replace('food-ga', 'food-ga, namespace: web');
    expect(rewrite(route(service, elsewhere, alpha), pools).text).to.equal(route(service, elsewhere, v1));
    expect(rewrite(route(v1, alpha), pools).text).to.equal(route(v1.replace('weight: 2', 'weight: 4')));
  });

  it('of the endpoint picker in no namespace are meant by a DestinationRule that names none', () => {
    const rule = (host: string) =>
      `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec:\n  host: ${host}\n`;
    expect(rewrite(rule('food-epp'), pools).text).to.equal(rule('food-ga-epp'));
    for (const host of ['food-epp.example.com', 'food'])
      expect(rewrite(rule(host), pools).text).to.equal(rule(host));
  });
});

describe('models', () => {
  const MODEL =
    'apiVersion: inference.networking.x-k8s.io/v1alpha2\nkind: InferenceModel\nmetadata: {name: review}\n';

  it('that name no pool are patches, and are told of', () => {
    const text = `${MODEL}spec: {modelName: review, criticality: Critical}\n`;
    const { text: out, findings } = rewrite(text);
    expect(out).to.equal(text);
    expect(ids(findings)).to.deep.equal(['kustomize-patch-on-alpha']);
    expect(findings[0]!.hint).to.contain('kind: InferenceObjective');
  });

  it('whose pool has an empty group get one', () => {
    const { text } = rewrite(`${MODEL}spec:\n  modelName: review\n  poolRef:\n    group:\n    name: food\n`);
    expect(text).to.contain('  poolRef:\n    group: inference.networking.k8s.io\n    name: food-ga\n');
  });

  it('in JSON between other documents become documents, not a List', () => {
    const json = JSON.stringify({
      apiVersion: 'inference.networking.x-k8s.io/v1alpha2',
      kind: 'InferenceModel',
      metadata: { name: 'review' },
      spec: { modelName: 'review', poolRef: { name: 'food' }, targetModels: [{ name: 'x' }] },
    });
    const kinds = (text: string) => objectsIn(rewrite(text).text).map(({ kind }) => kind);
    const both = ['InferenceObjective', 'InferenceModelRewrite'];
    expect(kinds(json)).to.deep.equal(both);
    expect(rewrite(json).text).to.contain('"kind":"List"');
    const [first, second] = [`${json}\n---\na: 1\n`, `a: 1\n---\n${json}\n`];
    for (const text of [first, second]) {
      expect(kinds(text)).to.deep.equal(both);
      expect(rewrite(text).text).not.to.contain('List');
      expect(rewrite(text).text.split('\n'), 'one line each').to.have.length(text.split('\n').length + 2);
    }
  });

  const SPEC = 'spec: {modelName: review, poolRef: {name: food}, targetModels: [{name: x}]}';

  it('at the end of a file without a last line end go on behind one', () => {
    const text = `${MODEL}${SPEC}`;
    const { text: out } = rewrite(text);
    expect(objectsIn(out).map(({ kind }) => kind)).to.deep.equal([
      'InferenceObjective',
      'InferenceModelRewrite',
    ]);
    expect(out).to.match(/\}\n---\napiVersion: .*[^\n]$/s);
  });

  it('in a List whose items begin below their dashes are followed by items as they are written as a rule', () => {
    const item = `${MODEL}${SPEC}\n`.replace(/^(?=.)/gm, '    ');
    const { text: out } = rewrite(`apiVersion: v1\nkind: List\nitems:\n-\n${item}`);
    expect(out).to.match(/\n- apiVersion: \S+\n {2}kind: InferenceModelRewrite\n/);
  });
});
