import { expect } from 'chai';
import type { KubeObject } from '../kube.ts';
import { containerPort, eppContainer, eppPart, expand, translatePaths, withPorts } from './epp-command.ts';

describe("an endpoint picker's command", () => {
  const alpha = ['-poolName', 'p', '-grpcPort', '9002', '-grpcHealthPort', '9003', '-metricsPort', '9090'];
  const ports = { grpc: 1, health: 2, metrics: 3 };

  it('is of the build that its image tag names, or of none', () => {
    const image = (tag: string) => eppPart(`registry.example/gie/epp:${tag}`);
    expect(image('v0.3.0')).to.equal('epp-v0.3.0');
    expect(image('v1.0.0')).to.equal('epp-v1.0.1');
    expect(image('v1.3.0@sha256:abc')).to.equal('epp-v1.3.1');
    for (const tag of ['main', 'v1.2.1', 'v10.0.0']) expect(image(tag), tag).to.equal(undefined);
  });

  it('is found by the image, not by the container’s name', () => {
    const pod = (image: string) =>
      ({
        spec: {
          containers: [
            { name: 'a', image: 'envoy:v1' },
            { name: 'b', image },
          ],
        },
      }) as unknown as KubeObject;
    expect(eppContainer(pod('hub/epp:v1.0.0'))?.name).to.equal('b');
    expect(eppContainer(pod('hub/epp-proxy:v1.0.0'))).to.equal(undefined);
  });

  it('keeps its arguments and gets ports of its own, which count because they come last', () => {
    expect(withPorts('epp-v0.3.0', alpha, ports)).to.deep.equal([
      ...alpha,
      '-grpcPort=1',
      '-grpcHealthPort=2',
      '-metricsPort=3',
    ]);
    expect(withPorts('epp-v1.0.1', ['--v', '1'], ports).slice(-3)).to.deep.equal([
      '--grpc-port=1',
      '--grpc-health-port=2',
      '--metrics-port=3',
    ]);
  });

  it('asks for ports, by default or in any spelling, the last one counting', () => {
    expect(containerPort('epp-v0.3.0', alpha, 'health')).to.equal(9003);
    expect(containerPort('epp-v1.0.1', [], 'grpc')).to.equal(9002);
    expect(containerPort('epp-v1.0.1', ['--grpc-port=9005', '-grpc-port', '9006'], 'grpc')).to.equal(9006);
    expect(containerPort('epp-v1.0.1', ['-grpcPort', '9005'], 'grpc')).to.equal(9002);
  });

  it('has its variables put in, and unknown ones left', () => {
    expect(expand('a=$(A),b=$(B),$$(A)', { A: '1' })).to.equal('a=1,b=$(B),$(A)');
  });

  it('finds its files where the lab has put them', () => {
    const mounts = new Map([['/config', '/lab/volumes/c']]);
    expect(translatePaths('/config/plugins.yaml', mounts)).to.equal('/lab/volumes/c/plugins.yaml');
    expect(translatePaths('--config-file=/config/p.yaml', mounts)).to.equal(
      '--config-file=/lab/volumes/c/p.yaml',
    );
    for (const other of ['/configuration/x', 'my/config/x'])
      expect(translatePaths(other, mounts)).to.equal(other);
  });
});
