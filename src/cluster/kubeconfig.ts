// Which cluster, which user, which namespace: the merged kubeconfig with the connection flags over it, as kubectl's
// `DirectClientConfig` does it (client-go tools/clientcmd/client_config.go).
import { existsSync, readFileSync } from 'node:fs';
import { shellWord } from '../api/shellWord.ts';
import { isIPv6 } from 'node:net';
import { UserError } from '../api/errors.ts';
import { nearest } from '../api/nearest.ts';
import { shownAddress } from './address.ts';
import { withClusterFlags, withUserFlags, type ConnectionFlags } from './connection-flags.ts';
import type { ClusterEntry, UserEntry } from './kubeconfig-entries.ts';
import type { Kubeconfig } from './kubeconfig-files.ts';
import { requireUsableCluster, requireUsableUser } from './usable.ts';

/** What to connect to and as whom. */
export interface Selected {
  /** '' when there is none: flags alone, or in a pod. */
  readonly context: string;
  readonly cluster: ClusterEntry & { server: string };
  readonly user: UserEntry;
  readonly namespace: string;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * @param serviceAccount the folder that a pod finds its credentials in
 * @throws UserError for a context, cluster or user that doesn't exist, and when nothing says where the cluster is
 */
export function select(
  config: Kubeconfig,
  flags: ConnectionFlags,
  env: Record<string, string | undefined>,
  serviceAccount = SERVICE_ACCOUNT,
): Selected {
  const { name, context, clusterName, userName } = named(config, flags);
  const cluster = withClusterFlags(find('cluster', clusterName, config.clusters, config), flags);
  const user = withUserFlags(find('user', userName, config.users, config), flags);
  if (cluster.server) {
    const server = withScheme(cluster.server);
    const namespace = flags.namespace || context.namespace || 'default';
    return { context: name, cluster: { ...cluster, server }, user, namespace };
  }
  const pod = name === '' && clusterName === '' ? inCluster(env, serviceAccount) : null;
  if (!pod) throw nowhere(config, clusterName);
  return { ...pod, user: withUserFlags(pod.user, flags), namespace: flags.namespace || pod.namespace };
}

/**
 * What is to be connected to: as `select`, and refused where kubectl refuses it.
 * @throws UserError as `select`; and for files that are not there, and for a user or a cluster that is half written
 */
export function selectUsable(
  config: Kubeconfig,
  flags: ConnectionFlags,
  env: Record<string, string | undefined>,
): Selected {
  const { clusterName, userName } = named(config, flags);
  const selected = select(config, flags, env);
  requireUsableCluster(clusterName, selected.cluster);
  requireUsableUser(userName, selected.user);
  return selected;
}

function named(config: Kubeconfig, flags: ConnectionFlags) {
  const name = flags.context || config.currentContext;
  const context = find('context', name, config.contexts, config);
  const clusterName = flags.cluster || context.cluster || '';
  const userName = flags.user || context.user || '';
  return { name, context, clusterName, userName };
}

function find<T extends object>(
  kind: string,
  name: string,
  entries: Map<string, T>,
  config: Kubeconfig,
): Partial<T> {
  const found = name === '' ? {} : entries.get(name);
  if (found) return found;
  const names = [...entries.keys()].sort();
  const shown = names.length > 10 ? `${names.slice(0, 10).join(', ')}, …` : names.join(', ');
  const [like] = nearest(name, names, 1);
  throw new UserError(`The kubeconfig has no ${kind} "${name}"`, {
    hint:
      names.length > 0
        ? `${like === undefined ? '' : `Did you mean: --${kind} ${like}? `}It has: ${shown}. See \`kubectl config get-contexts\`.`
        : `It defines no ${kind} at all. Looked in ${config.lookedFor.join(', ')}.`,
  });
}

/** `HOST:PORT` alone is http to kubectl, whatever else is set: it looks at the address before it looks at the rest. */
function withScheme(server: string): string {
  const bare = server.replace(/\/+$/, '');
  if (!URL.canParse(bare.includes('://') ? bare : `http://${bare}`) || /^(?!https?:).*:\/\//.test(bare)) {
    throw new UserError(`The server address ${shownAddress(server)} is not an http(s) URL`, {
      hint: 'Write https://HOST:PORT, in the kubeconfig or as --server.',
    });
  }
  return bare.includes('://') ? bare : `http://${bare}`;
}

/** The connection that every pod has, or null outside of one. */
function inCluster(env: Record<string, string | undefined>, folder: string): Selected | null {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  if (!host || !port || !existsSync(`${folder}/token`)) return null;
  const namespace = existsSync(`${folder}/namespace`)
    ? readFileSync(`${folder}/namespace`, 'utf8').trim()
    : '';
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return {
    context: '',
    cluster: { server, 'certificate-authority': `${folder}/ca.crt` },
    user: { tokenFile: `${folder}/token` },
    namespace: namespace || 'default',
  };
}

function nowhere(config: Kubeconfig, clusterName: string): UserError {
  if (clusterName !== '') {
    return new UserError(`The kubeconfig's cluster "${clusterName}" has no server address`, {
      hint: `Set it: \`kubectl config set-cluster ${shellWord(clusterName)} --server=https://HOST:PORT\`.`,
    });
  }
  if (config.contexts.size > 0) {
    return new UserError('No current context is set, so it is not known which cluster is meant', {
      hint: `Add --context NAME, or run \`kubectl config use-context NAME\`. The kubeconfig has: ${[...config.contexts.keys()].sort().join(', ')}.`,
    });
  }
  return new UserError('No kubeconfig was found, so there is no cluster to talk to', {
    hint: `Looked in ${config.lookedFor.join(', ')}. Set KUBECONFIG or --kubeconfig, or work on files with -f.`,
  });
}
