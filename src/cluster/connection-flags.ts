// The connection flags over a kubeconfig's cluster and user, as client-go's `ConfigOverrides` (client_config.go).
import { UserError } from '../api/errors.ts';
import type { ClusterEntry, UserEntry } from './kubeconfig-entries.ts';

export interface ConnectionFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly server?: string;
  readonly token?: string;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly asUid?: string;
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  /** `0` (never), `30s`, `1m30s`, or whole seconds. */
  readonly requestTimeout?: string;
  readonly namespace?: string;
}

export function withClusterFlags(entry: ClusterEntry, flags: ConnectionFlags): ClusterEntry {
  const cluster = { ...entry };
  if (flags.server) cluster.server = flags.server;
  // Either flag replaces all that the kubeconfig says about trust.
  if (flags.insecureSkipTlsVerify || flags.certificateAuthority) {
    delete cluster['certificate-authority'];
    delete cluster['certificate-authority-data'];
    cluster['insecure-skip-tls-verify'] = flags.insecureSkipTlsVerify ?? false;
    if (flags.certificateAuthority) cluster['certificate-authority'] = flags.certificateAuthority;
  }
  if (
    cluster['insecure-skip-tls-verify'] &&
    (cluster['certificate-authority'] ?? cluster['certificate-authority-data'])
  ) {
    throw new UserError('A certificate authority and insecure-skip-tls-verify exclude each other', {
      hint: 'Drop one of the two, in the flags or in the kubeconfig.',
    });
  }
  // The name belongs to the server that it was written for.
  if (flags.server) delete cluster['tls-server-name'];
  if (flags.tlsServerName) cluster['tls-server-name'] = flags.tlsServerName;
  return cluster;
}

export function withUserFlags(entry: UserEntry, flags: ConnectionFlags): UserEntry {
  const user = { ...entry };
  if (flags.token) {
    user.token = flags.token;
    for (const other of ['tokenFile', 'exec', 'auth-provider', 'username', 'password'] as const)
      delete user[other];
  }
  if (flags.clientCertificate) {
    user['client-certificate'] = flags.clientCertificate;
    delete user['client-certificate-data'];
  }
  if (flags.clientKey) {
    user['client-key'] = flags.clientKey;
    delete user['client-key-data'];
  }
  if (flags.as) user.as = flags.as;
  if (flags.asGroup && flags.asGroup.length > 0) user['as-groups'] = [...flags.asGroup];
  if (flags.asUid) user['as-uid'] = flags.asUid;
  if (!user.as && (user['as-groups'] ?? user['as-uid'] ?? user['as-user-extra'])) {
    throw new UserError(
      '--as-group and --as-uid need --as: a group or uid is impersonated along with a user',
      {
        hint: 'Add --as USER.',
      },
    );
  }
  return user;
}
