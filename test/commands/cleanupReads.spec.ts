import { expect } from 'chai';
import type { Cluster } from '../../src/api/cluster.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { toJson } from '../../src/api/json.ts';
import { planCleanup } from '../../src/cleanup/plan.ts';
import { cleanupTarget } from '../../src/commands/cleanupReads.ts';
import { FakeCluster } from '../support/fakes.ts';
import { deployment, service } from '../support/healthy.ts';
import {
  alphaPool,
  byHelm,
  model,
  object,
  policy,
  route,
  toAlpha,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import * as r from '../../src/api/resource.ts';
import { ids, snapshot } from '../support/snapshot.ts';
import { buildInventory } from '../../src/inventory/build.ts';

const EPP = 'food-epp';
const mine = byHelm('rel');
const pool = alphaPool('food', {}, mine);
const account = object(r.SERVICE_ACCOUNT, EPP, {}, mine);
const health = policy(r.HEALTH_CHECK_POLICY, toAlpha(), {}, { ...mine, name: 'food' });
const picker = [service({}, EPP), deployment([], {}, {}, EPP)].map((one): KubeObject => ({
  ...one,
  metadata: { ...one.metadata, ...mine },
}));
const release = [account, pool, health, ...picker];
const world = [...release, v1Pool(), model('a'), route([[toV1()]])];

/** @param left what is there of the release when it is looked at */
async function planned(left: readonly KubeObject[]) {
  const read = snapshot(world);
  const manifest = release.map((one) => toJson(one, 0)).join('\n---\n');
  const cluster = Object.assign(new FakeCluster(left), {
    helm: { list: async () => [], run: async () => manifest },
    close: () => undefined,
  }) satisfies Cluster;
  const inventory = buildInventory(read);
  const [entry] = inventory.pools.filter(({ ref }) => ref.group === r.ALPHA_GROUP);
  const options = { owners: 'helm-uninstall', crds: false, crdObjects: [] } as const;
  const target = await cleanupTarget(entry!, { snapshot: read, inventory }, cluster, options.owners);
  return planCleanup([target], inventory, options);
}

describe('what a release holds', () => {
  const names = (objects: readonly KubeObject[]) => objects.map(({ kind }) => kind).sort();

  it('is all of it while nothing happens to it', async () => {
    const { backup, interlocks } = await planned(release);
    expect(ids(interlocks.map(({ finding }) => finding))).to.be.empty;
    expect(names(backup)).to.deep.equal(names([...release, model('a')]));
  });

  // Each is gone a moment after the world was read; the ServiceAccount was not read with it.
  for (let gone = 1; gone <= release.length; gone++)
    it(`is still the release's after another helm has taken away ${gone} of its ${release.length} objects`, async () => {
      const whole = await planned(release);
      const { steps, backup, interlocks } = await planned(release.slice(0, -gone));
      expect(ids(interlocks.map(({ finding }) => finding))).to.be.empty;
      expect(steps).to.deep.equal(whole.steps);
      const all = gone === release.length;
      const wanted = names(whole.backup).filter((kind) => !all || kind !== account.kind);
      expect(names(backup)).to.deep.equal(wanted);
    });
});
