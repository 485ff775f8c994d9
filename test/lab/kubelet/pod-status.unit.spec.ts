import { expect } from 'chai';
import type { KubeObject } from '../kube.ts';
import { Addresses, loopbackOf, reportedAddress } from './addresses.ts';
import { podStatus } from './pod-status.ts';
import { parseFault } from './runtime.ts';

const pod = (status?: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'epp-0', namespace: 'default' },
  spec: {
    containers: [{ name: 'epp', image: 'epp:v0.3.0' }],
    initContainers: [{ name: 'init', image: 'i' }],
  },
  ...(status ? { status } : {}),
});
const facts = { podIP: '10.1.2.100', ready: true, now: '2026-01-01T00:00:00Z' };
const conditionOf = (status: KubeObject[string], type: string) =>
  status.conditions.find((condition: { type: string }) => condition.type === type);

describe('the status of a pod', () => {
  it('says Running and Ready, for every container', () => {
    const status = podStatus(pod(), facts) as KubeObject[string];
    expect(status).to.include({ phase: 'Running', podIP: '10.1.2.100' });
    expect(conditionOf(status, 'Ready').status).to.equal('True');
    expect(status.containerStatuses[0]).to.include({ name: 'epp', ready: true });
    expect(status.initContainerStatuses[0].state.terminated.exitCode).to.equal(0);
  });

  it('is not written again when it already says so', () => {
    expect(podStatus(pod(podStatus(pod(), facts)), { ...facts, now: '2026-01-02T00:00:00Z' })).to.equal(
      undefined,
    );
  });

  it('says why a container does not run, and how often it was restarted', () => {
    const crashed = { ...facts, ready: false, restarts: 2, waiting: 'CrashLoopBackOff' };
    const status = podStatus(pod(podStatus(pod(), facts)), crashed) as KubeObject[string];
    expect(status.containerStatuses[0]).to.deep.include({
      restartCount: 2,
      ready: false,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
    });
    expect(podStatus(pod(status), crashed)).to.equal(undefined);
  });

  it('moves only the transition times of what changed', () => {
    const before = pod(podStatus(pod(), facts));
    const status = podStatus(before, {
      ...facts,
      ready: false,
      now: '2026-01-02T00:00:00Z',
    }) as KubeObject[string];
    expect(conditionOf(status, 'Ready')).to.include({
      status: 'False',
      lastTransitionTime: '2026-01-02T00:00:00Z',
    });
    expect(conditionOf(status, 'Initialized').lastTransitionTime).to.equal('2026-01-01T00:00:00Z');
  });
});

describe("a lab's addresses", () => {
  it("come from the API server's port and are never handed out twice", () => {
    const addresses = new Addresses('https://127.0.0.1:34567', [100, 101]);
    expect(addresses.take()).to.equal('127.135.7.100');
    expect(addresses.reserve('127.135.7.101')).to.equal(true);
    expect(() => addresses.take()).to.throw('no address left');
    addresses.release('127.135.7.100');
    expect(addresses.take()).to.equal('127.135.7.100');
    expect(addresses.reserve('127.1.1.100')).to.equal(false);
  });

  it('are reported outside loopback for pods that a Service may select', () => {
    const reported = reportedAddress(pod(), '127.135.7.100');
    expect(reported).to.equal('10.135.7.100');
    expect(loopbackOf(reported)).to.equal('127.135.7.100');
  });
});

describe('the fault annotation', () => {
  it('is read in its forms', () => {
    expect(parseFault('status=503')).to.deep.equal({ status: 503 });
    expect(parseFault('status=500*0.2')).to.deep.equal({ status: 500, share: 0.2 });
    expect(parseFault('hang')).to.deep.equal({ hang: true });
    expect(parseFault('slow=20')).to.deep.equal({ slowMs: 20 });
    expect(parseFault('none')).to.equal(undefined);
  });
});
