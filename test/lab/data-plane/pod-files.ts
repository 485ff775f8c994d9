// What a kubelet puts into a container before it starts: environment, volumes, and a way to the API server.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeError, type Kube, type KubeObject } from '../kube.ts';
import { expand, type Container } from './epp-command.ts';

/** A reason why a container can't be started now, in the kubelet's own word. */
export class NotNow extends Error {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

export async function environmentOf(
  kube: Kube,
  pod: KubeObject,
  container: Container,
): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const { name, value = '', valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) env[name] = field(pod, valueFrom.fieldRef.fieldPath);
    else if (valueFrom?.configMapKeyRef) {
      const { name: map, key, optional = false } = valueFrom.configMapKeyRef;
      const found = (await configMap(kube, pod, map))?.[key];
      if (found === undefined && !optional)
        throw new NotNow('CreateContainerConfigError', `ConfigMap ${map} has no ${key}`);
      if (found !== undefined) env[name] = found;
    } else env[name] = expand(value, env);
  }
  return env;
}

function field(pod: KubeObject, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed) return String(pod.metadata[keyed[1]!]?.[keyed[2]!] ?? '');
  const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], pod);
  return String(value ?? '');
}

interface Volume {
  name: string;
  configMap?: { name: string; optional?: boolean; items?: { key: string; path: string }[] };
}

/** Writes the container's volumes below `dir`. @returns mount path → folder */
export async function writeVolumes(
  kube: Kube,
  pod: KubeObject,
  container: Container,
  dir: string,
): Promise<Map<string, string>> {
  const mounts = new Map<string, string>();
  const volumes = (pod['spec'].volumes ?? []) as Volume[];
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    const folder = join(dir, 'volumes', name);
    mkdirSync(folder, { recursive: true });
    mounts.set(mountPath, folder);
    const source = volumes.find((volume) => volume.name === name)?.configMap;
    if (!source) continue; // an emptyDir, or something a picker has no use for here
    const data = await configMap(kube, pod, source.name);
    if (!data && !source.optional)
      throw new NotNow('ContainerCreating', `ConfigMap ${source.name} not found`);
    const items = source.items ?? Object.keys(data ?? {}).map((key) => ({ key, path: key }));
    for (const { key, path } of items) writeFileSync(join(folder, path), data?.[key] ?? '');
  }
  return mounts;
}

async function configMap(
  kube: Kube,
  pod: KubeObject,
  name: string,
): Promise<Record<string, string> | undefined> {
  const { namespace = 'default' } = pod.metadata;
  const found = await kube.get({ apiVersion: 'v1', kind: 'ConfigMap', name, namespace });
  return found && ((found['data'] ?? {}) as Record<string, string>);
}

const TOKEN_SECONDS = 7 * 24 * 3600;

/**
 * A kubeconfig with a token of the pod's own ServiceAccount, which may do what its RBAC says and nothing else.
 * @returns its path
 */
export async function writeCredentials(kube: Kube, pod: KubeObject, dir: string): Promise<string> {
  const { name, namespace, uid } = pod.metadata;
  const named = pod['spec'].serviceAccountName as string | undefined;
  const account = named ?? 'default';
  // The server binds a token only to a pod that names the account itself.
  const bound = named && { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid: uid as string } };
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: TOKEN_SECONDS, ...bound },
  };
  let token: string;
  try {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
    token = (await kube.request('POST', path, request)).status.token as string;
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    throw new NotNow('ContainerCreating', `no token for ServiceAccount ${account}: ${error.message}`);
  }
  const path = join(dir, 'kubeconfig');
  const cluster = {
    server: kube.options.server,
    'certificate-authority-data': Buffer.from(kube.options.ca).toString('base64'),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster }],
    users: [{ name: account, user: { token } }],
    contexts: [{ name: 'pod', context: { cluster: 'lab', user: account, namespace } }],
    'current-context': 'pod',
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
