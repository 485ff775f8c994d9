// Every object of a cluster, for comparing two of them, or one with itself a moment later.
import type { Json, Kube, KubeObject } from '../lab/kube.ts';
import { PORT_ANNOTATION } from '../lab/gateway/planes.ts';
import { wanted, type Wanted } from './support.ts';

const discovery = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };

/** Kinds that controllers fill by themselves, with names or contents of their own making. */
const VOLATILE = new Set([
  ...['Event', 'Lease', 'Pod', 'Node', 'APIService'],
  ...['EndpointSlice', 'Endpoints', 'IPAddress'],
]);

/** Every kind that can be listed, in the first version that has it: a group's preferred one has not all of its kinds. */
async function listable(kube: Kube): Promise<{ apiVersion: string; plural: string; kind: string }[]> {
  const answers = await Promise.all(
    ['/api', '/apis'].map((path) => kube.request('GET', path, undefined, discovery)),
  );
  return answers
    .flatMap(({ items }) => items as Json[])
    .flatMap(({ metadata, versions }) => {
      const group = (metadata as Json).name as string | undefined;
      const all = (versions as Json[]).flatMap(({ version, resources }) =>
        ((resources ?? []) as Json[])
          .filter(({ verbs }) => (verbs as string[]).includes('list'))
          .map(({ resource, responseKind }) => ({
            apiVersion: group ? `${group}/${version}` : String(version),
            plural: resource as string,
            kind: (responseKind as Json).kind as string,
          })),
      );
      return all.filter(({ plural }, index) => all.findIndex((other) => other.plural === plural) === index);
    })
    .filter(({ kind }) => !VOLATILE.has(kind));
}

export async function everything(kube: Kube): Promise<KubeObject[]> {
  const kinds = await listable(kube);
  const lists = await Promise.all(kinds.map(({ apiVersion, plural }) => kube.list(apiVersion, plural)));
  return lists.flat();
}

/** By `kind namespace/name`, what is wanted of each; without what no two clusters have in common. */
export function comparable(objects: KubeObject[]): Record<string, Wanted> {
  const entries = objects
    .filter(({ kind, metadata: { name } }) => !(kind === 'ConfigMap' && name === 'kube-root-ca.crt'))
    .filter(({ kind, metadata: { name } }) => !(kind === 'Service' && name === 'kubernetes'))
    .map((object): [string, Wanted] => {
      const { namespace = '', name } = object.metadata;
      return [`${object.apiVersion} ${object.kind} ${namespace}/${name}`, cleaned(object)];
    });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function cleaned(object: KubeObject): Wanted {
  const { labels, annotations, rest } = wanted(object);
  const { [PORT_ANNOTATION]: _, ...kept } = annotations;
  if (object.kind === 'Service') {
    const { clusterIP: __, clusterIPs: ___, ...spec } = rest.spec as Json;
    return { labels, annotations: kept, rest: { ...rest, spec } };
  }
  // Helm keeps each release packed, with the time of its installation.
  if (object.kind === 'Secret' && rest.type === 'helm.sh/release.v1')
    return {
      labels: { ...labels, modifiedAt: '' },
      annotations: kept,
      rest: { type: rest.type } as unknown as Json,
    };
  return { labels, annotations: kept, rest };
}

/** Each difference in a line of its own: `key: path: ours, theirs`. */
export function differences(ours: unknown, theirs: unknown, path = ''): string[] {
  if (isObject(ours) && isObject(theirs)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    const join = path === '' ? '' : path.includes(': ') ? `${path}.` : `${path}: `;
    return keys.flatMap((key) => differences(ours[key], theirs[key], `${join}${key}`));
  }
  const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)];
  return a === b ? [] : [`${path}: ${a?.slice(0, 300)}, theirs ${b?.slice(0, 300)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}
