import type { Check } from '../api/verification.ts';
import { shellWord } from '../api/shellWord.ts';
import { inNamespace, kubectl } from '../api/kubectl.ts';
import type { KubeObject } from '../api/object.ts';
import type { Snapshot } from '../api/read.ts';
import { qualifiedRef, ref, refOf, type Ref } from '../api/ref.ts';
import { DEPLOYMENT, ENDPOINT_SLICE, POD, SERVICE, V1_GROUP } from '../api/resource.ts';
import { containersOf, eppArguments, isExpanded } from './eppArguments.ts';
import { Checklist, matchesLabels, mayList, objectsIn } from './evidence.ts';

const GROUP = 'Endpoint picker';

interface EppRef {
  readonly service: string;
  readonly port: number;
}

/** The Service and port that a pool of either group names as its endpoint picker. */
export function eppRefOf(pool: KubeObject): EppRef {
  if (refOf(pool).group === V1_GROUP) {
    const picker = pool['spec']?.endpointPickerRef;
    return { service: String(picker?.name ?? ''), port: Number(picker?.port?.number ?? 0) };
  }
  const extension = pool['spec']?.extensionRef;
  return { service: String(extension?.name ?? ''), port: Number(extension?.portNumber ?? 9002) };
}

/** The endpoint picker's Service, its Deployment and arguments, and its endpoints: does it serve this pool, of this group? */
export function eppChecks(pool: KubeObject, snapshot: Snapshot): Check[] {
  const self = refOf(pool);
  const epp = eppRefOf(pool);
  const subject = ref(SERVICE, self.namespace, epp.service);
  const list = new Checklist(GROUP, subject);
  const services = objectsIn(snapshot, SERVICE, self.namespace);
  if ('unread' in services) {
    list.add('epp-service-found', 'unknown', services.unread, mayList(SERVICE));
    return list.checks;
  }
  const service = services.objects.find((candidate) => candidate.metadata.name === epp.service);
  list.add(
    'epp-service-found',
    service !== undefined,
    service ? 'The Service is there' : `There is no Service ${self.namespace}/${epp.service}`,
    `${qualifiedRef(self)} names it as its endpoint picker, and without it no endpoint is picked. Install one, or correct spec.${self.group === V1_GROUP ? 'endpointPickerRef' : 'extensionRef'}: ${kubectl('edit', self)}`,
  );
  if (!service) return list.checks;

  const deployment = deploymentChecks(list, pool, service, snapshot);
  portCheck(list, epp, service, deployment);
  endpointCheck(list, service, snapshot);
  return list.checks;
}

function deploymentChecks(
  list: Checklist,
  pool: KubeObject,
  service: KubeObject,
  snapshot: Snapshot,
): KubeObject | null {
  const self = refOf(pool);
  const deployments = objectsIn(snapshot, DEPLOYMENT, self.namespace);
  if ('unread' in deployments) {
    list.add('epp-deployment-found', 'unknown', deployments.unread, mayList(DEPLOYMENT));
    return null;
  }
  const deployment = deploymentBehind(service, deployments.objects);
  if (!deployment) {
    list.add(
      'epp-deployment-found',
      'unknown',
      'No Deployment has the pods that the Service selects',
      `If the endpoint picker runs as something else, check by hand that it serves this pool: kubectl get pods${inNamespace(self.namespace)} -o wide --show-labels`,
    );
    return null;
  }
  const name = qualifiedRef(refOf(deployment));
  const ready = Number(deployment['status']?.readyReplicas ?? 0);
  const wanted = Number(deployment['spec']?.replicas ?? 1);
  const current =
    Number(deployment['status']?.observedGeneration ?? 0) >= Number(deployment.metadata.generation ?? 0);
  list.add(
    'epp-deployment-ready',
    ready > 0 && current,
    `${name}: ${ready} of ${wanted} ready${current ? '' : ' (of an older spec)'}`,
    `Without a ready replica of the present spec no endpoint is picked. See why: ${kubectl('describe', refOf(deployment))}`,
  );
  argumentChecks(list, self, deployment);
  return deployment;
}

/** The pods behind the Service that a pool names as its endpoint picker; none where they can't be seen. */
export function eppPods(pool: KubeObject, snapshot: Snapshot): readonly KubeObject[] {
  const namespace = refOf(pool).namespace;
  const services = objectsIn(snapshot, SERVICE, namespace);
  const pods = objectsIn(snapshot, POD, namespace);
  if ('unread' in services || 'unread' in pods) return [];
  const service = services.objects.find((candidate) => candidate.metadata.name === eppRefOf(pool).service);
  const selector = (service?.['spec']?.selector ?? {}) as Record<string, string>;
  if (Object.keys(selector).length === 0) return [];
  return pods.objects.filter((pod) => matchesLabels(selector, pod.metadata.labels));
}

/** How often containers of these pods were restarted. */
export function restartsOf(pods: readonly KubeObject[]): number {
  return pods
    .flatMap((pod) => (pod['status']?.containerStatuses ?? []) as { restartCount?: number }[])
    .reduce((sum, container) => sum + (container.restartCount ?? 0), 0);
}

/** The Deployment whose pods a Service selects. */
export function deploymentBehind(
  service: KubeObject,
  deployments: readonly KubeObject[],
): KubeObject | undefined {
  const selector = (service['spec']?.selector ?? {}) as Record<string, string>;
  if (Object.keys(selector).length === 0) return undefined;
  return deployments.find((candidate) =>
    matchesLabels(selector, candidate['spec']?.template?.metadata?.labels),
  );
}

function argumentChecks(list: Checklist, pool: Ref, deployment: KubeObject): void {
  const args = eppArguments(deployment);
  const edit = kubectl('edit', refOf(deployment));
  if (!args || args.poolName === null) {
    list.add(
      'epp-pool',
      'unknown',
      'No container has a --pool-name flag',
      `Check by hand which pool this endpoint picker serves: ${kubectl('get', refOf(deployment))} -o yaml`,
    );
    return;
  }
  const namespace = args.poolNamespace ?? pool.namespace;
  const right =
    (isExpanded(args.poolName) || args.poolName === pool.name) &&
    (isExpanded(namespace) || namespace === pool.namespace);
  list.add(
    'epp-pool',
    right,
    `Its arguments name the pool ${namespace}/${args.poolName}`,
    `It must be ${pool.namespace}/${pool.name}, or requests go to other model servers: ${edit}`,
  );
  list.add(
    'epp-group',
    isExpanded(args.poolGroup) || args.poolGroup === pool.group,
    `Its arguments mean the group ${args.poolGroup}`,
    `--pool-group must be ${pool.group}, or it finds no endpoints: ${edit}`,
  );
}

// Pointing at another port than the picker's gRPC one makes every request fail with 500 ext_proc_error.
function portCheck(list: Checklist, epp: EppRef, service: KubeObject, deployment: KubeObject | null): void {
  const ports = (service['spec']?.ports ?? []) as { port: number; targetPort?: number | string }[];
  const port = ports.find((candidate) => candidate.port === epp.port);
  const offered = ports.map((candidate) => candidate.port).join(', ');
  const hint = `The pool's port and the Service's must lead to where the picker speaks gRPC (ext_proc), or every request gets 500. Look at the Service: ${kubectl('get', refOf(service))} -o yaml`;
  if (!port) {
    list.add(
      'epp-service-port',
      false,
      `The pool names port ${epp.port}; the Service has ${offered || 'none'}`,
      hint,
    );
    return;
  }
  const target = deployment ? targetOf(port, deployment) : null;
  const grpc = deployment ? eppArguments(deployment)?.grpcPort : undefined;
  const right = target === null || grpc === undefined || target === grpc;
  list.add(
    'epp-service-port',
    right,
    right ? `Port ${epp.port}` : `Port ${epp.port} leads to ${target}; the picker listens on ${grpc}`,
    hint,
  );
}

function targetOf(
  port: { port: number; targetPort?: number | string },
  deployment: KubeObject,
): number | null {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  const named = containersOf(deployment).flatMap((container) => container.ports ?? []);
  return named.find((candidate) => candidate.name === target)?.containerPort ?? null;
}

function endpointCheck(list: Checklist, service: KubeObject, snapshot: Snapshot): void {
  const slices = objectsIn(snapshot, ENDPOINT_SLICE, service.metadata.namespace ?? '');
  if ('unread' in slices) {
    list.add('epp-endpoints', 'unknown', slices.unread, mayList(ENDPOINT_SLICE));
    return;
  }
  const mine = slices.objects.filter(
    (slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name,
  );
  const endpoints = mine.flatMap(
    (slice) => (slice['endpoints'] ?? []) as { conditions?: { ready?: boolean } }[],
  );
  const ready = endpoints.filter((endpoint) => endpoint.conditions?.ready !== false);
  list.add(
    'epp-endpoints',
    ready.length > 0,
    `${ready.length} ready endpoint${ready.length === 1 ? '' : 's'}`,
    `Without a ready endpoint the Gateway reaches no picker: kubectl get endpointslices.discovery.k8s.io${inNamespace(service.metadata.namespace)} -l ${shellWord(`kubernetes.io/service-name=${service.metadata.name}`)}`,
  );
}
