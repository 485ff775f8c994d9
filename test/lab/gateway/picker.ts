// Whether a pool's endpoint picker (EPP) would work: what Envoy and the EPP would find out by running.
import type { KubeObject } from '../kube.ts';
import { loopbackOf } from '../kubelet/addresses.ts';
import type { Endpoint as Address } from './routing.ts';
import { ALPHA, groupOf, hasLabels, named, V1, type World } from './world.ts';

export interface PickerRef {
  name: string;
  port: number;
  failOpen: boolean;
}

export function pickerRef(pool: KubeObject): PickerRef {
  const ref = groupOf(pool) === ALPHA ? pool['spec'].extensionRef : pool['spec'].endpointPickerRef;
  // An unset port means 9002 in v1alpha2.
  return {
    name: ref.name,
    port: ref.portNumber ?? ref.port?.number ?? 9002,
    failOpen: ref.failureMode === 'FailOpen',
  };
}

/** `version`: the EPP's, from its image tag, as [major, minor]; [0, 0] when the tag doesn't say. */
export type Picker =
  { version: [number, number] } | { status: 500 | 503; problem: string; canFailOpen: boolean };

export function findPicker(world: World, pool: KubeObject): Picker {
  const { name, port } = pickerRef(pool);
  const { namespace } = pool.metadata;
  // Envoy's own answer when ext_proc fails is 500; an EPP that runs but knows no endpoint says 503.
  const unreachable = (problem: string): Picker => ({ status: 500, problem, canFailOpen: true });

  const service = named(world.services, namespace, name);
  if (!service) return unreachable(`Service ${namespace}/${name} not found`);
  const servicePort = portOf(service, port);
  if (!servicePort) return unreachable(`Service ${name} has no port ${port}`);
  const [epp] = readyPods(world, service);
  if (!epp) return unreachable(`Service ${name} has no ready endpoint`);

  const flags = eppFlags(epp);
  if (targetPort(servicePort, epp) !== Number(flags.get('grpc-port') ?? 9002))
    return unreachable(`ext_proc_error: port ${port} of Service ${name} is not the picker's`);
  const wrong = (problem: string): Picker => ({ status: 503, problem, canFailOpen: false });
  const group = flags.get('pool-group') ?? V1;
  if (group !== groupOf(pool)) return wrong(`the picker looks for a pool of ${group}`);
  if (flags.get('pool-name') !== pool.metadata.name)
    return wrong(`the picker looks for pool ${flags.get('pool-name')}`);
  return { version: imageVersion(epp) };
}

/** Where a real picker would be asked: the ready pods behind its Service; none where a reference is wrong. */
export function pickerEndpoints(world: World, pool: KubeObject): Address[] {
  const { name, port } = pickerRef(pool);
  const service = named(world.services, pool.metadata.namespace, name);
  const servicePort = service && portOf(service, port);
  if (!servicePort) return [];
  return readyPods(world, service).map((pod) => ({
    pod: pod.metadata.name,
    address: loopbackOf(pod['status'].podIP as string),
    port: targetPort(servicePort, pod),
  }));
}

const portOf = (service: KubeObject, port: number) =>
  (service['spec'].ports as ServicePort[]).find((candidate) => candidate.port === port);

interface ServicePort {
  port: number;
  name?: string;
  targetPort?: number | string;
}

/** Ready pods behind a Service, by its EndpointSlices. */
export function readyPods(world: World, service: KubeObject): KubeObject[] {
  const { name, namespace } = service.metadata;
  return world.endpointSlices
    .filter((slice) => slice.metadata.namespace === namespace)
    .filter((slice) => hasLabels(slice, { 'kubernetes.io/service-name': name }))
    .flatMap((slice) => (slice['endpoints'] ?? []) as Endpoint[])
    .filter((endpoint) => endpoint.conditions?.ready !== false)
    .flatMap((endpoint) => named(world.pods, namespace, endpoint.targetRef?.name ?? '') ?? []);
}

interface Endpoint {
  conditions?: { ready?: boolean };
  targetRef?: { name: string };
}

export function targetPort({ port, targetPort: target = port }: ServicePort, pod: KubeObject): number {
  if (typeof target === 'number') return target;
  const containers = pod['spec'].containers as { ports?: { name?: string; containerPort: number }[] }[];
  const ports = containers.flatMap((container) => container.ports ?? []);
  return ports.find((candidate) => candidate.name === target)?.containerPort ?? port;
}

/** The EPP's flags by their v1 names. An alpha EPP (`-poolName`) has no group flag: it serves alpha only. */
function eppFlags(epp: KubeObject): Map<string, string> {
  const args = (epp['spec'].containers as { args?: string[] }[]).flatMap((container) => container.args ?? []);
  const flags = new Map<string, string>();
  args.forEach((arg, index) => {
    const flag = /^--?([A-Za-z][A-Za-z-]*)(?:=(.*))?$/.exec(arg);
    if (!flag) return;
    const name = flag[1]!.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    flags.set(name, flag[2] ?? args[index + 1] ?? '');
    if (flag[1] === 'poolName') flags.set('pool-group', ALPHA);
  });
  return flags;
}

function imageVersion(epp: KubeObject): [number, number] {
  const image = (epp['spec'].containers as { image: string }[])[0]?.image ?? '';
  const version = /:v(\d+)\.(\d+)/.exec(image);
  return version ? [Number(version[1]), Number(version[2])] : [0, 0];
}
