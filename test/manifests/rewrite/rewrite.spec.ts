import { expect } from 'chai';
import { refKey, refOf } from '../../../src/api/ref.ts';
import { rewritesOf, rewriteText, type Rewrites } from '../../../src/manifests/rewrite/rewrite.ts';
import { alphaPool, model, object, v1Pool } from '../../support/objects.ts';
import { DESTINATION_RULE, OBJECTIVE } from '../../../src/api/resource.ts';
import { ids } from '../../support/snapshot.ts';
import { objectsIn, rewritesFor } from './rewritesFor.ts';

const bare = { namespace: undefined } as never;
const food = alphaPool('food', {}, bare);
const review = model('review', { targetModels: [{ name: 'x' }] }, bare);
const rewrites = rewritesFor([food, review].map((one) => JSON.parse(JSON.stringify(one))));

function rewrite(text: string, by: Rewrites = rewrites) {
  return rewriteText('f.yaml', text, by);
}

const POOL = `apiVersion: inference.networking.x-k8s.io/v1alpha2
kind: InferencePool
metadata: {name: food}
`;
const SPEC = 'spec: {selector: {app: vllm}, targetPortNumber: 8000, extensionRef: {name: food-epp}}\n';
const V1_SPEC =
  'spec: {selector: {matchLabels: {app: vllm}}, targetPorts: [{number: 8000}], endpointPickerRef: {name: food-ga-epp, port: {number: 9002}}}\n';
const V1 = POOL.replace('x-k8s.io/v1alpha2', 'k8s.io/v1').replace('food}', 'food-ga}');
const rest = '  targetPortNumber: 8000\n  extensionRef: {name: food-epp}\n';
const v1Rest =
  '  targetPorts:\n    - number: 8000\n  endpointPickerRef: {name: food-ga-epp, port: {number: 9002}}\n';

describe('YAML that few people write', () => {
  const selector = (before: string, after: string) =>
    [`${POOL}spec:\n${before}${rest}`, `${V1}spec:\n${after}${v1Rest}`] as const;
  const cases: Record<string, readonly [string, string]> = {
    'blanks before colons': selector(
      '  selector :\n    app : vllm\n',
      '  selector :\n    matchLabels:\n      app : vllm\n',
    ),
    'an anchor on a line of its own': selector(
      '  selector:\n    &x\n    app: vllm\n',
      '  selector:\n    matchLabels:\n      &x\n      app: vllm\n',
    ),
    tags: selector(
      '  selector: !!map # c\n    app: !!str vllm\n',
      '  selector:\n    matchLabels: !!map # c\n      app: !!str vllm\n',
    ),
    'comments further left than what they are in, and lines of blanks': selector(
      '  selector:\n# left\n    app: vllm  \n   \n',
      '  selector:\n    matchLabels:\n  # left\n      app: vllm  \n   \n',
    ),
    'a merge key within what is wrapped': selector(
      '  selector: {<<: {app: vllm}}\n',
      '  selector: {matchLabels: {<<: {app: vllm}}}\n',
    ),
    'a document on the line of its marker': [
      `--- ${flow(POOL + SPEC)}\n--- # next\na: 1\n`,
      `--- ${flow(V1 + V1_SPEC)}\n--- # next\na: 1\n`,
    ],
    'what the server made between empty lines, of which one is left': [
      `${POOL.replace('{name: food}', '\n  name: food\n\n  uid: x\n\n  labels: {a: b}')}${SPEC}`,
      `${V1.replace('{name: food-ga}', '\n  name: food-ga\n\n  labels: {a: b}')}${V1_SPEC}`,
    ],
    'a status at the end, with a comment within, and no line end': [
      `${POOL}${SPEC}status:\n  parent: []\n  # none yet`,
      `${V1}${V1_SPEC}`.trimEnd(),
    ],
    'a status with a comment within and one behind': [
      `${POOL}${SPEC}status:\n  parent: []\n  # none yet\n# the end\n`,
      `${V1}${V1_SPEC}# the end\n`,
    ],
    'a block of text before what is added': [
      `${POOL}spec:\n  extensionRef:\n    name: food-epp\n    kind: |-\n      Service\n    failureMode: FailOpen\n`,
      `${V1}spec:\n  endpointPickerRef:\n    name: food-ga-epp\n    kind: |-\n      Service\n    port:\n      number: 9002\n    failureMode: FailOpen\n`,
    ],
    'a picker that is no Service, which needs no port': [
      `${POOL}spec: {extensionRef: {kind: Picker, name: food-epp}}\n`,
      `${V1}spec: {endpointPickerRef: {kind: Picker, name: food-ga-epp}}\n`,
    ],
    'tags of a directive': [
      `%TAG !k! tag:yaml.org,2002:\n---\n${POOL.replace('food', '!k!str food')}${SPEC}`,
      `%TAG !k! tag:yaml.org,2002:\n---\n${V1.replace('food', '!k!str food')}${V1_SPEC}`,
    ],
    directives: [
      `%YAML 1.1\n# c\n---\n${POOL}${SPEC}---\na: on\n---\n# none\n`,
      `%YAML 1.1\n# c\n---\n${V1}${V1_SPEC}---\na: on\n---\n# none\n`,
    ],
    'braces of a template within quotes': [
      `${POOL.replace('food}', 'food, annotations: {a: "{{ b }}"}}')}${SPEC}`,
      `${V1.replace('food-ga}', 'food-ga, annotations: {a: "{{ b }}"}}')}${V1_SPEC}`,
    ],
    'a comment behind what something is added to': [
      `${POOL}spec:\n  extensionRef:\n    name: food-epp # the picker\n`,
      `${V1}spec:\n  endpointPickerRef:\n    name: food-ga-epp # the picker\n    port:\n      number: 9002\n`,
    ],
    'line ends of two kinds': [
      `${POOL}spec:\r\n  selector:\r\n    app: vllm\n${rest}`,
      `${V1}spec:\r\n  selector:\r\n    matchLabels:\r\n      app: vllm\n${v1Rest}`,
    ],
    'markers within a text': [
      `text: "a\n  --- b\n  inference.networking"\n---\n${POOL}${SPEC}`,
      `text: "a\n  --- b\n  inference.networking"\n---\n${V1}${V1_SPEC}`,
    ],
    'status beside the dash of an item': [
      `kind: List\napiVersion: v1\nitems:\n- status: {}\n${indented(POOL + SPEC)}`,
      `kind: List\napiVersion: v1\nitems:\n- ${indented(V1 + V1_SPEC).trimStart()}`,
    ],
  };
  for (const [name, [before, after]] of Object.entries(cases))
    it(`is rewritten: ${name}`, () => {
      const { text, findings } = rewrite(before);
      expect(findings).to.deep.equal([]);
      expect(text).to.equal(after);
    });
});

describe('names that flow style would take apart', () => {
  it('are quoted', () => {
    const targets = { targetModels: [{ name: 'a,b' }, { name: '{c}' }] };
    const odd = JSON.parse(JSON.stringify(model('odd', targets, bare)));
    const text = `{apiVersion: v1, kind: List, items: [{apiVersion: ${odd.apiVersion}, kind: InferenceModel, metadata: {name: odd}, spec: ${JSON.stringify(odd.spec)}}]}\n`;
    const [, made] = objectsIn(rewrite(text, rewritesFor([food, odd])).text);
    expect(made!['spec'].rules[0].targets).to.deep.equal([{ modelRewrite: 'a,b' }, { modelRewrite: '{c}' }]);
  });
});

describe('what can not be rewritten', () => {
  const cases: Record<string, readonly [string, string]> = {
    'an explicit key': [`${POOL}spec:\n  ? selector\n  : app: vllm\n${rest}`, 'has no colon'],
    'a name in a block of text': [
      `${POOL.replace('{name: food}', '\n  name: |-\n    food')}${SPEC}`,
      'block of text',
    ],
    'a comment before a value': [
      `${POOL}spec:\n  selector: {app: vllm}\n${rest.replace(': 8000', ': # c\n    8000')}`,
      'a comment stands before the value',
    ],
    'a comment between a status and the key that would take its place': [
      `kind: List\napiVersion: v1\nitems:\n- status: {}\n  # c\n${indented(POOL + SPEC)}`,
      'beside the dash',
    ],
    'a spec that is none': [`${POOL}spec: nope\n`, 'not a mapping'],
    'a spec of nothing': [`${POOL}spec:\n`, 'its spec is not a mapping'],
    'a port in a block of text': [
      `${POOL}spec:\n  selector: {app: vllm}\n${rest.replace(': 8000', ': |-\n    8000')}`,
      'a value of another form was expected',
    ],
    'fields of both versions': [`${POOL}${SPEC.replace('}}', '}, targetPorts: []}')}`, 'mixes fields'],
    'a spec that something else shares': [
      `x: &spec ${SPEC.slice(6)}${POOL}spec: *spec\n`,
      'an anchor that others use',
    ],
  };
  for (const [name, [text, why]] of Object.entries(cases))
    it(`stays as it is, and is told with what to do: ${name}`, () => {
      const { text: out, findings, changed } = rewrite(text);
      expect(out).to.equal(text);
      expect(changed).to.be.empty;
      expect(ids(findings)).to.deep.equal(['manifest-not-editable']);
      expect(findings[0]).to.include({ severity: 'error' });
      expect(findings[0]!.message).to.contain(why).and.to.contain('f.yaml');
      expect(findings[0]!.ref).to.include({ kind: 'InferencePool', name: 'food' });
      expect(findings[0]!.hint).to.contain('f.yaml by hand');
    });

  it('does not keep its neighbours in a List from being rewritten', () => {
    const items = [`${POOL}spec: nope\n`, POOL + SPEC].map((item) => `- ${indented(item).trimStart()}`);
    const { text, findings, changed } = rewrite(`kind: List\napiVersion: v1\nitems:\n${items.join('')}`);
    expect(ids(findings)).to.deep.equal(['manifest-not-editable']);
    expect(changed).to.have.length(1);
    expect(objectsIn(text).map(({ metadata }) => metadata.name)).to.deep.equal(['food', 'food-ga']);
  });

  for (const [name, text] of Object.entries({
    'parse errors': `${POOL}spec: {\n`,
    'keys that come twice': `${POOL}${SPEC}kind: InferencePool\n`,
    'a template': `${POOL}spec:\n  selector: {{ .Values.selector }}\n`,
    'aliases without an end': `a: &a [inference.networking]\n${[...'bcdefgh']
      .map((one, index) => `${one}: &${one} [${Array(20).fill(`*${'abcdefgh'[index]}`).join(', ')}]\n`)
      .join('')}`,
    'ten thousand levels': `inference.networking: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`,
    'objects of no shape':
      'kind: InferencePool\napiVersion: inference.networking.x-k8s.io/v1alpha2\nmetadata: 7\n',
  }))
    it(`passes through without a word where there are ${name}`, () => {
      expect(rewrite(text)).to.deep.equal({ text, changed: [], findings: [] });
    });
});

describe('what a rewrite goes by', () => {
  const host = 'host: food-epp.llm.svc\n';
  const rule = `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a, namespace: llm}\nspec:\n  ${host}`;

  it("is the names of the alpha endpoint pickers' Services, which no v1 object has", () => {
    const unit = { alpha: alphaPool(), pool: v1Pool(), others: [] };
    const { text } = rewrite(rule, rewritesOf([unit], []));
    expect(text).to.equal(rule.replace(host, 'host: food-ga-epp.llm.svc\n'));
    const elsewhere = { ...unit, alpha: alphaPool('food', {}, { namespace: 'web' }) };
    expect(rewrite(rule, rewritesOf([elsewhere], [])).text).to.equal(rule);
    const { kind, name } = refOf(object(DESTINATION_RULE, 'a'));
    expect(rewrite(rule, rewritesOf([unit], [])).changed[0]).to.include({ kind, name });
  });

  it('is the objects of a model by its name and namespace', () => {
    const objective = object(OBJECTIVE, 'review');
    const { models } = rewritesOf(
      [{ alpha: alphaPool(), pool: v1Pool(), others: [objective] }],
      [model('review'), model('review', {}, { namespace: 'web' }), model('other')],
    );
    expect([...models]).to.deep.equal([[refKey(refOf(model('review'))), [objective]]]);
  });

  it('is nothing for a pool that could not be converted', () => {
    const nothing = rewritesOf([{ alpha: food, pool: null, others: [] }], [review]);
    const text = POOL + SPEC;
    expect(rewrite(text, nothing)).to.deep.equal({ text, changed: [], findings: [] });
  });

  it('is what other files hold already: an alpha document goes rather than have its v1 object twice', () => {
    const present = new Set([refKey(refOf(v1Pool('food-ga', {}, bare)))]);
    const { text, changed, findings } = rewrite(`a: 1\n---\n${POOL}${SPEC}---\nb: 1\n`, {
      ...rewrites,
      present,
    });
    expect(text).to.equal('a: 1\n---\nb: 1\n');
    expect(changed).to.have.length(1);
    expect(ids(findings)).to.deep.equal(['already-in-git']);
  });

  it('can not be taken out of a file that is read in one piece', () => {
    const present = new Set([refKey(refOf(v1Pool('food-ga', {}, bare)))]);
    const text = `%YAML 1.1\n---\n${POOL}${SPEC}---\nb: 1\n`;
    const { text: out, findings } = rewrite(text, { ...rewrites, present });
    expect(out).to.equal(text);
    expect(ids(findings)).to.include('manifest-not-editable');
    expect(findings.at(-1)!.message).to.contain('taken out of this file alone');
  });

  it("is the manifest's own selector and port where another manifest has the same name", () => {
    const { text, findings } = rewrite(POOL + SPEC.replace('vllm', 'staging'));
    expect(objectsIn(text)[0]!['spec'].selector.matchLabels).to.deep.equal({ app: 'staging' });
    expect(ids(findings)).to.deep.equal(['v1-pool-differs-from-manifest']);
  });

  it('is the fields that a patch has, and no more', () => {
    const { text } = rewrite(
      `${POOL}spec: {targetPortNumber: 9000, extensionRef: {failureMode: FailOpen}}\n`,
    );
    expect(text).to.equal(
      `${V1}spec: {targetPorts: [{number: 9000}], endpointPickerRef: {failureMode: FailOpen}}\n`,
    );
    expect(rewrite(POOL).text).to.equal(V1);
  });
});

function flow(text: string): string {
  return `{${text.trimEnd().split('\n').join(', ')}}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
