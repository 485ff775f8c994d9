import type { Cluster } from '../api/cluster.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { allowed } from './allowed.ts';
import { CredentialSource } from './credentials.ts';
import { parseRequestTimeout } from './duration.ts';
import { helmConnection } from './helm-connection.ts';
import { makeHelm } from './helm.ts';
import { loadKubeconfig } from './kubeconfig-files.ts';
import { selectUsable } from './kubeconfig.ts';
import { podMetrics } from './metrics.ts';
import { Discovery } from './paths.ts';
import { proxyFor } from './proxy.ts';
import { Reader } from './read.ts';
import { Transport } from './transport.ts';
import { Writer } from './write.ts';

export type { ConnectionFlags } from './connection-flags.ts';

export interface ConnectOptions {
  readonly env: Record<string, string | undefined>;
  readonly flags: ConnectionFlags;
  /** Who owns the fields that we write. */
  readonly fieldManager: string;
  readonly userAgent: string;
  /** The user's home folder: where `.kube/config` is. */
  readonly home: string;
  /** Called once for each warning that the API server sends. */
  onWarning(text: string): void;
  /** Called with what a credential plugin says on stderr, as it comes. */
  onSaid?(text: string): void;
}

/**
 * Finds the cluster and the credentials, and loads them; speaks to the API server only when asked something.
 * @throws UserError for a kubeconfig that can't be used and for credentials that can't be had
 */
export async function connect(options: ConnectOptions): Promise<Cluster> {
  const { env, flags, fieldManager, userAgent, home } = options;
  const selected = selectUsable(loadKubeconfig(env, flags.kubeconfig, home), flags, env);
  const { server } = selected.cluster;
  const proxy = proxyFor(server, selected.cluster['proxy-url'], env);
  const credentials = new CredentialSource(selected, proxy, env, {
    onSaid: (text) => options.onSaid?.(text),
  });
  const transport = new Transport({
    server,
    credentials,
    proxy,
    userAgent,
    requestTimeoutMs: parseRequestTimeout(flags.requestTimeout || '0'),
    onWarning: (text) => options.onWarning(text),
  });
  await credentials.get();
  const discovery = new Discovery(transport);
  const { namespace } = selected;
  const reader = new Reader(transport, discovery, namespace);
  const writer = new Writer({ transport, discovery, namespace, fieldManager });
  return {
    server: transport.server,
    namespace,
    snapshot: (wanted) => reader.snapshot(wanted),
    podMetrics: (within, pod, port) => podMetrics(transport, within, pod, port),
    allowed: (verb, resource, within, name) => allowed(transport, verb, resource, within, name),
    list: (resource, within) => reader.list(resource, within),
    get: (ref) => reader.get(ref),
    version: () => reader.version(),
    apply: (manifest, how) => writer.apply(manifest, how),
    create: (manifest, how) => writer.create(manifest, how),
    patch: (ref, patch, how) => writer.patch(ref, patch, how),
    delete: (ref, how) => writer.delete(ref, how),
    waitFor: (ref, settled, how) => writer.waitFor(ref, settled, how),
    helm: makeHelm(() => helmConnection(flags, selected, env)),
    close: () => transport.close(),
  };
}
