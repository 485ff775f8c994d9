import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import { ALPHA_GROUP, POD, V1_GROUP } from '../../src/api/resource.ts';
import { deploymentBehind, eppChecks, eppPods, eppRefOf, restartsOf } from '../../src/verify/epp.ts';
import { eppArguments, isExpanded } from '../../src/verify/eppArguments.ts';
import { deployment, EPP, healthyPool, pod, service } from '../support/healthy.ts';
import { alphaPool, v1Pool } from '../support/objects.ts';
import { snapshot } from '../support/snapshot.ts';

describe("an endpoint picker's arguments", () => {
  const alpha = { poolName: 'p', poolNamespace: 'ns', poolGroup: ALPHA_GROUP, grpcPort: 9002 };
  const v1 = { ...alpha, poolGroup: V1_GROUP };
  const cases: [words: string, expected: object | null][] = [
    ['-poolName p -poolNamespace ns', alpha],
    ['--poolName p --poolNamespace ns', alpha],
    ['-poolName=p -poolNamespace=ns -grpcPort=9102', { ...alpha, grpcPort: 9102 }],
    ['-poolName p -poolNamespace ns -v 4 -grpcPort 9102 -grpcHealthPort 9103', { ...alpha, grpcPort: 9102 }],
    ['--pool-name p --pool-namespace ns', v1],
    ['--pool-name=p --pool-namespace=ns --grpc-port=9102', { ...v1, grpcPort: 9102 }],
    ['-pool-name p -pool-namespace ns', v1],
    [`--pool-name p --pool-namespace ns --pool-group ${ALPHA_GROUP}`, alpha],
    [`--pool-name p --pool-namespace ns --pool-group=${V1_GROUP}`, v1],
    ['--tracing=false --pool-name p --secure-serving --pool-namespace ns', v1],
    // The picker's own default; not the namespace that the Deployment happens to be in.
    ['--pool-name p', { ...v1, poolNamespace: 'default' }],
    ['-poolName p', { ...alpha, poolNamespace: 'default' }],
    ['--pool-namespace ns', { ...v1, poolName: null }],
    ['-poolNamespace ns', { ...v1, poolName: null }],
    ['--pool-name p --pool-namespace', { ...v1, poolNamespace: 'true' }],
    ['--pool-namespace --pool-name p', { ...v1, poolNamespace: 'true' }],
    ['--pool-name p- --pool-namespace ns', { ...v1, poolName: 'p-' }],
    ['--pool-name p x--pool-group=other --pool-namespace ns', v1],
    ['--pool-name=p=q --pool-namespace ns', { ...v1, poolName: 'p=q' }],
    ['--config-file f', null],
    ['', null],
  ];
  for (const [words, expected] of cases)
    it(`are read from: ${words || 'nothing'}`, () => {
      const args = words === '' ? [] : words.split(' ');
      expect(eppArguments(deployment(args))).to.deep.equal(expected);
      expect(eppArguments(deployment([], {}, { command: ['/epp'], args })), 'after a command').to.deep.equal(
        expected,
      );
      expect(
        eppArguments(deployment([], {}, { command: ['/epp', ...args], args: undefined })),
        'in it',
      ).to.deep.equal(expected);
    });

  it('have the namespace of the environment where a flag is missing and the picker looks there', () => {
    const env = (variable: object) => ({
      env: [
        { name: 'OTHER', value: 'x' },
        { name: 'NAMESPACE', ...variable },
      ],
    });
    const of = (args: string[], variable: object) =>
      eppArguments(deployment(args, {}, env(variable)))!.poolNamespace;
    expect(of(['--pool-name', 'p'], { value: 'prod' })).to.equal('prod');
    expect(
      of(['--pool-name', 'p'], { valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }),
    ).to.equal(null);
    expect(of(['-poolName', 'p'], { value: 'prod' }), 'v0.x does not look').to.equal('default');
  });

  it('are found in the container that has them', () => {
    const two = deployment();
    two['spec'].template.spec.containers.unshift({ name: 'sidecar', args: ['--port', '1'] });
    expect(eppArguments(two)).to.include({ poolName: 'food-ga' });
  });

  it('of which the kubelet fills in a part are not known', () => {
    expect(isExpanded('$(POOL)')).to.be.true;
    expect(isExpanded('a-$(POOL)-b')).to.be.true;
    expect(isExpanded('$POOL')).to.be.false;
    expect(isExpanded(null)).to.be.false;
  });
});

describe('the endpoint picker of a pool', () => {
  const verdicts = (args: string[], container: object = {}, picker = service()) => {
    const checks = eppChecks(healthyPool(), snapshot([picker, deployment(args, {}, { ...container })]));
    return Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]));
  };

  it('is trusted where the kubelet fills in the names', () => {
    const args = ['--pool-name', '$(POOL)', '--pool-namespace', '$(NS)', '--pool-group=$(GROUP)'];
    expect(verdicts(args)).to.include({ 'epp-pool': 'pass', 'epp-group': 'pass' });
  });

  it('must not look into the namespace "default" for want of a flag', () => {
    expect(verdicts(['--pool-name', 'food-ga'])).to.include({ 'epp-pool': 'fail' });
  });

  it('is found through a named port', () => {
    const named = (targetPort: string) => service({ ports: [{ port: 9002, targetPort }] });
    const args = ['--pool-name', 'food-ga', '--pool-namespace', 'llm', '--grpc-port', '9102'];
    const ports = {
      ports: [
        { name: 'grpc', containerPort: 9102 },
        { name: 'health', containerPort: 9103 },
      ],
    };
    expect(verdicts(args, ports, named('grpc'))).to.include({ 'epp-service-port': 'pass' });
    expect(verdicts(args, ports, named('health'))).to.include({ 'epp-service-port': 'fail' });
    expect(verdicts(args, ports, named('unheard-of')), 'nothing to compare').to.include({
      'epp-service-port': 'pass',
    });
  });

  it('is the Service that the pool of either group names; an unset alpha port is 9002', () => {
    expect(eppRefOf(v1Pool())).to.deep.equal({ service: EPP, port: 9002 });
    expect(eppRefOf(alphaPool())).to.deep.equal({ service: 'food-epp', port: 9002 });
    expect(eppRefOf(alphaPool('a', { extensionRef: { name: 'e' } }))).to.deep.equal({
      service: 'e',
      port: 9002,
    });
    expect(eppRefOf(alphaPool('a', { extensionRef: { name: 'e', portNumber: 1 } }))).to.include({ port: 1 });
  });

  it('was restarted as often as its containers were, all of its pods together', () => {
    const picker = (name: string, counts: number[], labels = { inferencepool: EPP }) => ({
      ...pod(true, labels, name),
      status: { containerStatuses: counts.map((restartCount) => ({ restartCount })) },
    });
    const pods = [picker('a', [1, 2]), picker('b', [4]), picker('c', [8], { inferencepool: 'other' }), pod()];
    expect(restartsOf(eppPods(healthyPool(), snapshot([service(), ...pods])))).to.equal(7);
    expect(restartsOf(eppPods(healthyPool(), snapshot(pods))), 'no Service').to.equal(0);
    expect(restartsOf(eppPods(healthyPool(), snapshot([service({ selector: {} }), ...pods])))).to.equal(0);
    expect(restartsOf(eppPods(healthyPool(), snapshot([service(), ...pods], { forbidden: [POD] })))).to.equal(
      0,
    );
  });

  it('has the Deployment whose pods the Service selects, and none by an empty selector', () => {
    const other = deployment([], {}, {}, 'other');
    expect(refOf(deploymentBehind(service(), [other, deployment()])!).name).to.equal(EPP);
    expect(deploymentBehind(service({ selector: {} }), [other])).to.be.undefined;
    expect(deploymentBehind(service({ selector: undefined }), [other])).to.be.undefined;
    expect(deploymentBehind(service({ selector: { inferencepool: EPP, more: 'x' } }), [deployment()])).to.be
      .undefined;
  });
});
