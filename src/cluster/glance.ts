// A quick look for shell completion: it asks nothing, says nothing, and is over when the signal says so.
import type { KubeObject } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { CredentialSource } from './credentials.ts';
import { loadKubeconfig, type Kubeconfig } from './kubeconfig-files.ts';
import { select, selectUsable } from './kubeconfig.ts';
import { collectionPath } from './paths.ts';
import { proxyFor } from './proxy.ts';
import { Transport } from './transport.ts';

export interface GlanceOptions {
  readonly env: Record<string, string | undefined>;
  readonly flags: ConnectionFlags;
  readonly userAgent: string;
  readonly home: string;
}

export interface Glance {
  /** The merged kubeconfig, for the names in it. */
  readonly kubeconfig: Kubeconfig;
  /** The namespace that the flags and the context say. */
  readonly namespace: string;
  /**
   * The first page of a list; '' for all namespaces. With `namesOnly`, metadata alone. Nothing where the kind is not
   * installed or may not be listed.
   * @throws RequestFailure, UserError
   */
  list(resource: Resource, namespace: string, namesOnly: boolean): Promise<readonly KubeObject[]>;
}

/** As many as anyone picks from. */
const MOST = 500;
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/**
 * Reads the kubeconfig; connects when the first list is asked for. After the signal nothing of it is left: no request,
 * no credential plugin.
 * @throws UserError for a kubeconfig that can't be used
 */
export function glance({ env, flags, userAgent, home }: GlanceOptions, signal: AbortSignal): Glance {
  const kubeconfig = loadKubeconfig(env, flags.kubeconfig, home);
  let transport: Transport | null = null;
  const connected = () => (transport ??= open(kubeconfig, { env, flags, userAgent, home }, signal));
  return {
    kubeconfig,
    get namespace() {
      return select(kubeconfig, flags, env).namespace;
    },
    async list(resource, namespace, namesOnly) {
      const path = `${collectionPath(resource, namespace)}?limit=${MOST}`;
      const call = { method: 'GET', path, signal } as const;
      const { body } = await connected().call(namesOnly ? { ...call, accept: METADATA_ONLY } : call);
      const { items } = (body ?? {}) as { items?: KubeObject[] | null };
      return (items ?? []).filter((item) => typeof item?.metadata?.name === 'string');
    },
  };
}

function open(kubeconfig: Kubeconfig, options: GlanceOptions, signal: AbortSignal): Transport {
  const { env, flags, userAgent } = options;
  const selected = selectUsable(kubeconfig, flags, env);
  const { server } = selected.cluster;
  const proxy = proxyFor(server, selected.cluster['proxy-url'], env);
  const transport = new Transport({
    server,
    credentials: new CredentialSource(selected, proxy, env, { unattended: signal }),
    proxy,
    userAgent,
    requestTimeoutMs: 0,
    onWarning: () => undefined,
  });
  signal.addEventListener('abort', () => transport.close(), { once: true });
  return transport;
}
