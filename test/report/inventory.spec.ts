import { expect } from 'chai';
import * as r from '../../src/api/resource.ts';
import {
  inventoryMarkdown,
  inventoryNames,
  inventoryReport,
  inventoryTable,
  verdictText,
} from '../../src/report/inventory.ts';
import { expectGolden } from '../support/golden.ts';
import { alphaPool, model, v1Pool } from '../support/objects.ts';
import { inventory } from '../support/snapshot.ts';
import { HOSTILE, world } from './world.ts';

describe('an inventory', () => {
  it('is a table of pools, Gateways and CRDs', () => {
    expectGolden('report/inventory-table.txt', inventoryTable(world(), false));
  });

  it('is, wide, also one of models, owners and evidence', () => {
    expectGolden('report/inventory-wide.txt', inventoryTable(world(), true));
  });

  it('is Markdown that no name can break', () => {
    expectGolden('report/inventory.md', inventoryMarkdown(world('', [r.GATEWAY])));
    const text = inventoryMarkdown(inventory([alphaPool(HOSTILE)]));
    const row = text.split('\n').find((line) => line.includes('touch'))!;
    expect(row.match(/(?<!\\)\|/g), 'cells').to.have.length(8);
    expect(row).not.to.match(/(?<!\\)[<`*_[]/);
  });

  it('is a list of full names, those of v1alpha2 only', () => {
    expect(inventoryNames(world())).to.equal(
      [
        'inferencepool.inference.networking.x-k8s.io/chat-preview',
        'inferencepool.inference.networking.x-k8s.io/search',
        'inferencemodel.inference.networking.x-k8s.io/base',
        'inferencemodel.inference.networking.x-k8s.io/food-review',
        'inferencemodel.inference.networking.x-k8s.io/stray',
        '',
      ].join('\n'),
    );
  });

  it('is empty of tables that have no rows', () => {
    const nothing = inventory([]);
    expect(inventoryTable({ ...nothing, crds: [] }, true)).to.equal('');
    expect(inventoryNames(nothing)).to.equal('');
  });

  it('is a report without the objects that were read', () => {
    const report = inventoryReport(world());
    expect(report).to.include({ apiVersion: 'kubectl-infpool/v1', kind: 'Inventory' });
    expect(report).not.to.have.property('objects');
    expect(JSON.parse(JSON.stringify(report)), 'as JSON').to.deep.equal(report);
  });
});

describe('the verdict in words', () => {
  const done = v1Pool('food-ga', {}, { annotations: { 'kubectl-infpool/migrated-from': 'food' } });
  for (const [name, subject] of [
    ['needed', inventory([alphaPool(), model(), model('b')])],
    ['in-progress', inventory([alphaPool(), v1Pool()])],
    ['done', inventory([done])],
    ['not-needed', inventory([], { notInstalled: [r.MODEL], gitVersion: 'v1.35.0-gke.1' })],
    ['unknown', inventory([], { forbidden: [r.ALPHA_POOL, r.HTTP_ROUTE], gitVersion: 'v1.33.0-gke.1' })],
    ['uncounted', inventory([alphaPool()], { forbidden: [r.MODEL], gitVersion: '' })],
  ] as const)
    it(`says what was found and what was looked at: ${name}`, () =>
      expectGolden(`report/verdict-${name}.txt`, verdictText(subject)));
});
