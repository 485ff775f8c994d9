import type { KubeObject } from '../kube.ts';

/** A node with room for everything: nothing here is about scheduling. */
export function nodeObject(name: string): KubeObject {
  const resources = { cpu: '1000', memory: '4000Gi', pods: '1000', 'nvidia.com/gpu': '100' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'played by the lab' }],
      addresses: [
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: name },
      ],
    },
  };
}
