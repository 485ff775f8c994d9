import { UserError } from '../api/errors.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Selected } from './kubeconfig.ts';

export interface HelmConnection {
  readonly args: readonly string[];
  readonly env: Record<string, string | undefined>;
}

/**
 * Our connection in helm's flags and environment. The context is always named and HELM_KUBE… variables are dropped, so
 * that helm can't end up at another cluster than we did. The token goes by the environment: arguments are for all to
 * see in the process list.
 * @throws UserError for what helm has no flag for
 */
export function helmConnection(
  flags: ConnectionFlags,
  selected: Pick<Selected, 'context'>,
  env: Record<string, string | undefined>,
): HelmConnection {
  refuseUntranslatable(flags);
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith('HELM_KUBE') && name !== 'HELM_NAMESPACE',
  );
  const pairs: [string, string | undefined][] = [
    ['--kubeconfig', flags.kubeconfig],
    ['--kube-context', selected.context],
    ['--kube-apiserver', flags.server],
    ['--kube-as-user', flags.as],
    ...(flags.asGroup ?? []).map((group): [string, string] => ['--kube-as-group', group]),
    ['--kube-ca-file', flags.certificateAuthority],
    ['--kube-tls-server-name', flags.tlsServerName],
  ];
  const args = pairs.flatMap(([flag, value]) => (value ? [flag, value] : []));
  if (flags.insecureSkipTlsVerify) args.push('--kube-insecure-skip-tls-verify');
  return {
    args,
    env: { ...Object.fromEntries(kept), ...(flags.token ? { HELM_KUBETOKEN: flags.token } : {}) },
  };
}

function refuseUntranslatable(flags: ConnectionFlags): void {
  const given = [
    ['--cluster', flags.cluster],
    ['--user', flags.user],
    ['--as-uid', flags.asUid],
    ['--client-certificate', flags.clientCertificate],
    ['--client-key', flags.clientKey],
  ].filter(([, value]) => value);
  if (given.length === 0) return;
  throw new UserError(`helm has no counterpart of ${given.map(([flag]) => flag).join(', ')}`, {
    hint: 'Put it into a context of the kubeconfig (`kubectl config set-context`) and name that with --context.',
  });
}
