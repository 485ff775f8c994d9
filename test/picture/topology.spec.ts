import { expect } from 'chai';
import fc from 'fast-check';
import * as r from '../../src/api/resource.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { livePicture } from '../../src/commands/picture.ts';
import { layout } from '../../src/picture/layout.ts';
import { toDot } from '../../src/picture/dot.ts';
import { toMermaid } from '../../src/picture/mermaid.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { toSvg } from '../../src/picture/svg.ts';
import { expectGolden } from '../support/golden.ts';
import { alphaPool, gateway, model, route, toAlpha, toV1 } from '../support/objects.ts';
import { snapshot } from '../support/snapshot.ts';
import { worlds } from '../world/generate.ts';
import { BROKEN, draw, fifty, ONE, REFERENCES } from './scenes.ts';
import { runs } from '../support/runs.ts';

const node = ({ nodes }: Picture, title: string) =>
  nodes.find((one) => one.title === title) ?? expect.fail(`no node ${title}`);
const broken = ({ nodes }: Picture) =>
  nodes.filter(({ trouble }) => trouble.length > 0).map(({ title }) => title);

describe('the picture', () => {
  for (const [name, objects] of Object.entries({
    one: ONE,
    references: REFERENCES,
    broken: BROKEN,
    fifty: fifty(),
  })) {
    it(`of ${name} is as it was looked at`, () => {
      const picture = draw(objects);
      expectGolden(`picture/${name}.mmd`, toMermaid(picture));
      expectGolden(`picture/${name}.dot`, toDot(picture));
      expectGolden(`picture/${name}.svg`, toSvg(picture));
    });
  }

  it('of a healthy pair marks nothing', () => {
    expect(broken(draw(ONE))).to.deep.equal([]);
  });

  it('tells alpha and v1 apart by kind and caption, and has the shares on the arrows', () => {
    const picture = draw(ONE);
    expect(node(picture, 'food')).to.include({ kind: 'alphaPool', caption: 'InferencePool v1alpha2' });
    expect(node(picture, 'food-ga')).to.include({ kind: 'v1Pool', caption: 'InferencePool v1' });
    const shares = picture.edges.filter(({ kind }) => kind === 'traffic').map(({ label }) => label);
    expect(shares).to.deep.equal(['50%', '50%']);
  });

  it('says weights that are no percents as they are written', () => {
    const objects = [alphaPool(), route([[toAlpha('food', { weight: 2 }), toV1('other', { weight: 1 })]])];
    const labels = draw(objects)
      .edges.filter(({ kind }) => kind === 'traffic')
      .map(({ label }) => label);
    expect(labels).to.deep.equal(['66.7% (weight 2)', '33.3% (weight 1)']);
  });

  it('marks each broken object, with the id of its check', () => {
    const picture = draw(BROKEN);
    const wrong = (title: string) => node(picture, title).trouble.map(({ id }) => id);
    expect(wrong('gw')).to.deep.equal(['gateway-programmed', 'gateway-address']);
    expect(wrong('llm-route')).to.deep.equal(['route-refs-resolved']);
    expect(wrong('food-ga-epp')).to.deep.equal(['epp-endpoints']);
    expect(wrong('app=vllm')).to.deep.equal(['pods-ready']);
    expect(wrong('gone')).to.deep.equal(['not-found']);
  });

  it('does not claim that a pool is missing where pools could not be read', () => {
    const objects = [alphaPool(), route([[toAlpha(), toV1()]]), gateway()];
    const missing = (picture: Picture) => node(picture, 'food-ga').trouble.map(({ id }) => id);
    expect(missing(draw(objects))).to.deep.equal(['not-found']);
    const unread = draw(objects, { forbidden: [r.V1_POOL] });
    expect(missing(unread)).to.deep.equal([]);
    expect(node(unread, 'food-ga').lines).to.deep.include({ text: 'not in what was read' });
    expect(unread.notes.join()).to.include('Could not check inferencepools.inference.networking.k8s.io');
  });

  it('of one namespace does not claim that a pool of another one is missing', () => {
    const objects = [alphaPool(), route([[toAlpha(), toV1('food-ga', { namespace: 'web' })]])];
    expect(broken(draw(objects, { namespace: 'llm' }))).not.to.include('food-ga');
    expect(broken(draw(objects))).to.include('food-ga');
  });

  it('of manifests checks nothing', () => {
    const objects = [alphaPool(), route([[toAlpha(), toV1()]])];
    const inventory = buildInventory(snapshot(objects));
    const picture = livePicture({ title: 't', inventory, pools: inventory.pools, snapshot: null });
    expect(broken(picture)).to.deep.equal([]);
    expect(node(picture, 'gw').lines).to.deep.equal([{ text: 'not in what was read' }]);
  });

  it('without a pool says what was looked at', () => {
    expect(draw([]).notes).to.include('inferencepools.inference.networking.x-k8s.io: none in all namespaces');
    expect(draw([], { forbidden: [r.ALPHA_POOL] }).notes.join()).to.include('could not check');
    expect(toSvg(draw([]))).to.include('none in all namespaces');
  });

  it('draws rules with the same backends once', () => {
    const picture = draw(REFERENCES);
    expect(node(picture, 'rules 0–1').caption).to.equal('2 rules with the same backends');
    expect(node(picture, 'rule 2').lines).to.deep.equal([{ text: '/cache*', own: true }]);
  });
});

describe('folding', () => {
  it('leaves three alike as they are, and draws four as one', () => {
    const lane = (name: string) => [
      alphaPool(name, { selector: { app: name } }),
      model(`${name}-m`, { poolRef: { name } }),
      route([[toAlpha(name)]], { name: `${name}-route` }),
    ];
    const pools = (count: number) =>
      draw([gateway(), ...['a', 'b', 'c', 'd'].slice(0, count).flatMap(lane)]).nodes.filter(
        ({ kind }) => kind === 'alphaPool',
      );
    expect(pools(3).map(({ title }) => title)).to.deep.equal(['a', 'b', 'c']);
    expect(pools(4).map(({ title, names }) => [title, names])).to.deep.equal([
      ['4 × InferencePool', ['a', 'b', 'c', 'd']],
    ]);
  });

  it('never hides one that is broken among those that are not', () => {
    const picture = draw(fifty());
    expect(broken(picture)).to.deep.equal(['missing']);
    expect(picture.nodes.length).to.be.below(20);
    expect(picture.groups.map(({ title }) => title)).to.deep.equal([
      'namespace infra',
      '8 namespaces: team-00, team-01, team-02 and 5 more',
      'namespace team-06',
      'namespace team-07',
    ]);
  });

  it('keeps every name', () => {
    const names = draw(fifty())
      .nodes.filter(({ kind }) => kind === 'alphaPool')
      .flatMap((one) => one.names);
    expect(names).to.have.length(50);
  });
});

describe('the picture of any cluster', function () {
  this.timeout(60_000);

  it('has each pool, in it nothing points at nothing, and all formats can be made of it', () => {
    fc.assert(
      fc.property(worlds, ({ objects }) => {
        const read = snapshot(objects);
        const { pools } = buildInventory(read);
        const picture = draw(objects);
        const keys = new Set(picture.nodes.map(({ key }) => key));
        expect(keys.size).to.equal(picture.nodes.length);
        for (const { from, to } of picture.edges) expect(keys.has(from) && keys.has(to)).to.equal(true);
        const drawn = picture.nodes
          .filter(({ kind }) => kind === 'alphaPool' || kind === 'v1Pool')
          .flatMap(({ names }) => names);
        for (const { ref } of pools) expect(drawn).to.include(ref.name);
        const { nodes, width, height } = layout(picture);
        for (const one of nodes) {
          expect(one.x - one.width / 2).to.be.at.least(0);
          expect(one.x + one.width / 2).to.be.at.most(width);
          expect(one.y + one.height / 2).to.be.at.most(height);
        }
        expect(toSvg(picture)).to.equal(toSvg(draw(objects)));
      }),
      runs(8),
    );
  });

  it('does not depend on the order in which objects were read', () => {
    const titles = (picture: Picture) => picture.nodes.map(({ title }) => title).sort();
    expect(titles(draw([...REFERENCES].reverse()))).to.deep.equal(titles(draw(REFERENCES)));
  });
});
