// Walks everything that discovery lists, in every version and namespace, for what points at the alpha group.
import { KubeError, type Json, type Kube, type KubeObject } from '../lab/kube.ts';

const GROUP = 'inference.networking.x-k8s.io';
const discovery = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };

export interface Mention {
  /** `HTTPRoute edge/llm (gateway.networking.k8s.io/v1)` */
  readonly object: string;
  /** `spec.rules.0.backendRefs.0.group`; `apiVersion` where the object itself is of the group */
  readonly path: string;
  readonly text: string;
}

/** Every mention of the alpha group, apart from what must be there after a migration as before. */
export async function pointersToAlpha(kube: Kube): Promise<Mention[]> {
  const objects = await everyVersion(kube);
  return objects
    .filter((object) => !staysWhole(object))
    .flatMap((object) =>
      mentions(object)
        .filter(({ path, text }) => !stays(object, path, text))
        .map(({ path, text }) => ({ object: nameOf(object), path: path.join('.'), text })),
    );
}

const nameOf = ({ apiVersion, kind, metadata }: KubeObject) =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name} (${apiVersion})`;

/** Of every kind that can be listed, in each version that is served. */
async function everyVersion(kube: Kube): Promise<KubeObject[]> {
  const answers = await Promise.all(
    ['/api', '/apis'].map((path) => kube.request('GET', path, undefined, discovery)),
  );
  const kinds = answers
    .flatMap(({ items }) => items as Json[])
    .flatMap(({ metadata, versions }) =>
      (versions as Json[]).flatMap(({ version, resources = [] }) =>
        (resources as Json[])
          .filter(({ verbs }) => (verbs as string[]).includes('list'))
          .map(({ resource }): [string, string] => [
            metadata.name ? `${metadata.name}/${version}` : version,
            resource,
          ]),
      ),
    );
  const lists = await Promise.all(kinds.map(([apiVersion, plural]) => listed(kube, apiVersion, plural)));
  return lists.flat();
}

// A kind may go between discovery and the list.
async function listed(kube: Kube, apiVersion: string, plural: string): Promise<KubeObject[]> {
  try {
    return await kube.list(apiVersion, plural);
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return [];
    throw error;
  }
}

/** What was written about an object instead of in it: it points at nothing. */
const RECORDS =
  /^metadata\.(managedFields|annotations\.(kubectl\.kubernetes\.io\/last-applied-configuration|kubectl-infpool\/))/;

function mentions(object: KubeObject): { path: string[]; text: string }[] {
  const found: { path: string[]; text: string }[] = [];
  const walk = (value: unknown, path: string[]) => {
    if (RECORDS.test(path.join('.'))) return;
    if (path.at(-1)?.includes(GROUP)) found.push({ path, text: String(value) });
    else if (typeof value === 'string') {
      if (value.includes(GROUP)) found.push({ path, text: value });
    } else if (value !== null && typeof value === 'object')
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  walk(object, []);
  return found;
}

/** These kinds are v1's, though their group is the alpha one; and what the API server says of their CRDs. */
const KINDS = new Set(['InferenceObjective', 'InferenceModelRewrite', 'InferencePoolImport']);
const RESOURCES = ['inferenceobjectives', 'inferencemodelrewrites', 'inferencepoolimports'];

function staysWhole({ apiVersion, kind, metadata: { name } }: KubeObject): boolean {
  if (apiVersion.startsWith(`${GROUP}/`)) return KINDS.has(kind);
  if (kind === 'CustomResourceDefinition')
    return RESOURCES.some((resource) => name === `${resource}.${GROUP}`);
  // It is served as long as one of those CRDs is there.
  return kind === 'APIService' || kind === 'Event';
}

function stays(object: KubeObject, path: string[], text: string): boolean {
  const [first, second, third] = path;
  // An exported v1 pool, or its Service.
  if (first === 'metadata' && second === 'annotations' && third === `${GROUP}/export`) return true;
  // The configuration of an endpoint picker, which is no object of the API.
  if (object.kind === 'ConfigMap' && first === 'data')
    return /^kind: EndpointPickerConfig$/m.test(text) && !withoutConfig(text).includes(GROUP);
  if (/Role$/.test(object.kind) && first === 'rules') {
    const { resources = [] } = object['rules'][second!] as { resources?: string[] };
    return resources.every((resource) => RESOURCES.includes(resource.split('/')[0]!));
  }
  return false;
}

const withoutConfig = (text: string) => text.replaceAll(`apiVersion: ${GROUP}/v1alpha1\n`, '');
