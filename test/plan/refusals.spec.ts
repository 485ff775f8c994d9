// What a person reads when the API server will not have a step, and what becomes of the dry run.
import { expect } from 'chai';
import { WriteRefused } from '../../src/api/cluster.ts';
import * as r from '../../src/api/resource.ts';
import { FakeCluster } from '../support/fakes.ts';
import { crd, model, objective } from '../support/objects.ts';
import { apply, create, failure, install, remove, run } from './steps.ts';

function refusing(message: string, status = 403, reason: WriteRefused['reason'] = 'forbidden'): FakeCluster {
  const cluster = new FakeCluster([model('old')]);
  cluster.before = () => {
    throw new WriteRefused(status, reason, message);
  };
  return cluster;
}

describe('a step that the API server refuses', () => {
  it('says what was to be done with it: written or deleted', async () => {
    const writing = await failure(run(refusing('no'), [apply(objective('one'))]));
    expect(writing.message).to.equal(
      'The API server refused to write InferenceObjective one in namespace llm: no',
    );
    const cluster = refusing('no');
    const deleting = await failure(run(cluster, [remove(cluster.live(model('old'))!)]));
    expect(deleting.message).to.equal(
      'The API server refused to delete InferenceModel old in namespace llm: no',
    );
  });

  it('names no namespace where the kind has none', async () => {
    const definition = crd(r.OBJECTIVE);
    const { name } = definition.metadata;
    const error = await failure(run(refusing('no'), [install(definition)]));
    expect(error.message).to.equal(`The API server refused to write CustomResourceDefinition ${name}: no`);
    const conflict = await failure(run(refusing('held', 409, 'conflict'), [install(definition)]));
    expect(conflict.message).to.equal(`CustomResourceDefinition ${name} was not written: held`);
  });

  it('of which somebody else holds a field tells to look at it first', async () => {
    const { hint } = await failure(run(refusing('held', 409, 'conflict'), [apply(objective())]));
    expect(hint).to.match(/^Someone else holds or changed it\. Look at it/);
  });

  const decided: [by: string, message: string, look: RegExp][] = [
    [
      'a webhook',
      'admission webhook "guard.example.com" denied the request',
      /validatingwebhookconfigurations/,
    ],
    ['a webhook that is down', 'failed calling webhook "guard.example.com"', /mutatingwebhookconfigurations/],
    ['a policy', "ValidatingAdmissionPolicy 'p' with binding 'b' denied", /validatingadmissionpolicies/],
  ];
  for (const [by, message, look] of decided)
    it(`decided on by ${by}, says where to look for that`, async () => {
      const { hint } = await failure(run(refusing(message), [apply(objective())]));
      expect(hint).to.match(look).and.to.contain('What was done before this step stays');
      expect(hint!.match(/kubectl get/g)).to.have.length(1);
    });

  it('for any other reason sends nobody to the webhooks', async () => {
    const { hint } = await failure(run(refusing('forbidden'), [apply(objective())]));
    expect(hint).to.match(/^What was done before this step stays/);
  });

  it('as a create is not taken for an object that is kept', async () => {
    for (const steps of [[create(objective())], [install(crd(r.MODEL), { onlyIfAbsent: true })]]) {
      expect((await failure(run(refusing('no'), steps))).message).to.contain('refused to write');
      const broken = refusing('');
      broken.before = () => {
        throw Object.assign(new TypeError('a bug'), { reason: 'exists' });
      };
      const error = await run(broken, steps).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(TypeError);
    }
  });
});
