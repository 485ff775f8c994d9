// What a kubelet would say of a running pod. Pure: the clock is handed in.
import type { KubeObject } from '../kube.ts';

interface Condition {
  type: string;
  status: string;
  lastTransitionTime?: string;
  [key: string]: unknown;
}

interface ContainerStatus {
  restartCount?: number;
  state?: { waiting?: { reason?: string } };
}

export interface PodFacts {
  podIP: string;
  ready: boolean;
  restarts?: number;
  /** why its containers don't run */
  waiting?: string;
  /** RFC 3339 */
  now: string;
}

/** The status to write; undefined when the pod's own already says it. */
export function podStatus(
  pod: KubeObject,
  { podIP, ready, restarts = 0, waiting, now }: PodFacts,
): object | undefined {
  const before = (pod['status'] ?? {}) as KubeObject[string];
  const conditions = before['conditions'] as Condition[] | undefined;
  const isReady = conditions?.find((condition) => condition.type === 'Ready')?.status === 'True';
  const [container] = (before['containerStatuses'] ?? []) as ContainerStatus[];
  const same = container?.restartCount === restarts && container.state?.waiting?.reason === waiting;
  if (before['phase'] === 'Running' && before['podIP'] === podIP && isReady === ready && same)
    return undefined;

  const condition = (type: string, holds: boolean, reason?: string): Condition => {
    const status = holds ? 'True' : 'False';
    const old = conditions?.find((candidate) => candidate.type === type);
    const since = old?.status === status ? (old.lastTransitionTime ?? now) : now;
    return { type, status, lastTransitionTime: since, ...(holds || !reason ? {} : { reason }) };
  };
  const startedAt = (before['startTime'] as string | undefined) ?? now;
  return {
    phase: 'Running',
    hostIP: '127.0.0.1',
    hostIPs: [{ ip: '127.0.0.1' }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: startedAt,
    conditions: [
      condition('PodReadyToStartContainers', true),
      condition('Initialized', true),
      condition('Ready', ready, 'ContainersNotReady'),
      condition('ContainersReady', ready, 'ContainersNotReady'),
      condition('PodScheduled', true),
    ],
    containerStatuses: containers(pod, 'containers').map((container) => ({
      ...container,
      restartCount: restarts,
      ready,
      started: waiting === undefined,
      state: waiting === undefined ? { running: { startedAt } } : { waiting: { reason: waiting } },
    })),
    ...initStatuses(pod, startedAt),
  };
}

function containers(pod: KubeObject, field: 'containers' | 'initContainers'): object[] {
  const list = (pod['spec'][field] ?? []) as { name: string; image: string }[];
  return list.map(({ name, image }) => ({
    name,
    image,
    imageID: image,
    containerID: `lab://${name}`,
    restartCount: 0,
  }));
}

function initStatuses(pod: KubeObject, at: string): object {
  const list = containers(pod, 'initContainers');
  if (list.length === 0) return {};
  const terminated = { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at };
  return { initContainerStatuses: list.map((init) => ({ ...init, ready: true, state: { terminated } })) };
}
