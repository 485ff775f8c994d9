// Who we are to the API server: headers and TLS material for each request.
import { accessSync, constants, readFileSync } from 'node:fs';
import type { Agent } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { UserError } from '../api/errors.ts';
import { runExecPlugin, type ExecCredential } from './exec-plugin.ts';
import { impersonationHeaders } from './impersonation.ts';
import type { ClusterEntry, UserEntry } from './kubeconfig-entries.ts';
import type { Selected } from './kubeconfig.ts';
import { requireKnownProvider } from './usable.ts';

export interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly tls: TlsMaterial;
  /** Where a SOCKS proxy is on the way. */
  readonly socksAgent?: Agent;
}

/** How long credentials that can change (a plugin's, a file's, an OIDC provider's) are used without asking again. */
const FRESH_MS = 60_000;
const EXEC_PROVIDER = 'kubectl-infpool-exec';

interface Told {
  /** Nobody is there; see ExecPlugin. */
  readonly unattended?: AbortSignal;
  /** What a credential plugin says. */
  readonly onSaid?: (text: string) => void;
}

export class CredentialSource {
  private readonly selected: Selected;
  private readonly proxy: string | null;
  private readonly env: Record<string, string | undefined>;
  private readonly changing: boolean;
  private readonly unattended: AbortSignal | undefined;
  private readonly onSaid: (text: string) => void;
  private config: KubeConfig | null = null;
  private current: { credentials: Promise<Credentials>; until: number } | null = null;
  private exec: ExecCredential | null = null;

  constructor(
    selected: Selected,
    proxy: string | null,
    env: Record<string, string | undefined>,
    { unattended, onSaid = () => undefined }: Told = {},
  ) {
    this.unattended = unattended;
    this.onSaid = onSaid;
    this.selected = selected;
    this.proxy = proxy;
    this.env = env;
    const { user } = selected;
    this.changing = Boolean(user.exec ?? user.tokenFile ?? user['auth-provider']);
  }

  /** @throws UserError when a file, plugin or provider doesn't give what it should */
  get(): Promise<Credentials> {
    if (!this.current || this.current.until < Date.now()) {
      const credentials = this.load();
      this.current = { credentials, until: this.changing ? Date.now() + FRESH_MS : Infinity };
    }
    return this.current.credentials;
  }

  /** After a 401 on `refused`: new credentials, or null when there is nowhere to get other ones. */
  async renew(refused: Credentials): Promise<Credentials | null> {
    const { exec, tokenFile } = this.selected.user;
    if (!exec && !tokenFile) return null;
    const held = this.current;
    const value = await held?.credentials;
    // Another request may have renewed them meanwhile.
    if (value === refused && this.current === held) this.exec = this.config = this.current = null;
    return this.get();
  }

  private async load(): Promise<Credentials> {
    const { cluster, user } = this.selected;
    const impersonation = impersonationHeaders(user);
    // As kubectl: without TLS no secret is sent to anyone.
    if (!cluster.server.startsWith('https:')) return { headers: impersonation, tls: {} };
    requireKnownProvider(user);
    const options: RequestOptions = { headers: {} };
    await this.applyAuthentication(options);
    const headers = { ...(options.headers as Record<string, string>) };
    if (headers['Authorization']) headers['Authorization'] = cleanHeader(headers['Authorization']);
    if (options.auth) headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    // Said, because what is not said Node takes from NODE_TLS_REJECT_UNAUTHORIZED.
    const { ca, cert, key, servername, rejectUnauthorized = true } = options;
    if (ca) requireCertificate(ca as string | Buffer);
    return {
      headers: { ...headers, ...impersonation },
      tls: defined({ ca, cert, key, servername, rejectUnauthorized }) as TlsMaterial,
      ...(this.proxy?.startsWith('socks') ? { socksAgent: options.agent as Agent } : {}),
    };
  }

  /**
   * By client-node: files and inline data, tokens, basic auth, OIDC and the old cloud providers.
   *
   * `dist/config.js` rather than the index: the index loads the whole generated client. config.js still imports
   * `gen/index.js` and undici, and middleware.js `gen/rxjsStub.js`, for API clients that we never make: the bundle
   * replaces the three by empty modules (starting the bundle took 35 ms over bare Node with that, 85 ms
   * without). Imported late, because commands on files and `--help` need none of it.
   */
  private async applyAuthentication(options: RequestOptions): Promise<void> {
    try {
      this.config ??= await this.loadConfig();
      await this.config.applyToHTTPSOptions(options);
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(`Cannot load the credentials: ${(error as Error).message}`, {
        hint: 'See the user and the cluster in `kubectl config view --minify`.',
        cause: error,
      });
    }
  }

  private async loadConfig(): Promise<KubeConfig> {
    const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
    const { cluster, user } = this.selected;
    const config = new KubeConfig();
    config.addAuthenticator({
      isAuthProvider: (candidate) => candidate.authProvider?.name === EXEC_PROVIDER,
      applyAuthentication: (_user, target) => this.applyExec(target as RequestOptions),
    });
    // One cluster and one user: an entry that is not used may be as broken as it likes.
    const entries = {
      clusters: [{ name: 'it', cluster: { ...cluster, 'proxy-url': this.proxy ?? undefined } }],
      users: [{ name: 'it', user: forClientNode(user) }],
      contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
      'current-context': 'it',
    };
    config.loadFromString(JSON.stringify(entries));
    return config;
  }

  private async applyExec(options: RequestOptions): Promise<void> {
    if (!this.exec || expired(this.exec)) {
      const cluster = inlineAuthority(this.selected.cluster);
      this.exec = await runExecPlugin({
        exec: this.selected.user.exec!,
        cluster,
        env: this.env,
        unattended: this.unattended,
        onSaid: this.onSaid,
      });
    }
    const { token, clientCertificateData, clientKeyData } = this.exec;
    if (token)
      options.headers = { ...options.headers, Authorization: `Bearer ${token}` } as Record<string, string>;
    if (clientCertificateData && clientKeyData) {
      options.cert = clientCertificateData;
      options.key = clientKeyData;
    }
  }
}

/**
 * The user as client-node reads it: `tokenFile` is known to it as an auth provider only; an exec plugin goes by another
 * name, so that ours is asked and not its own; impersonation is ours. As under kubectl a token in a file goes before the
 * one beside it, and a plugin is asked only where there is nothing else.
 */
function forClientNode(user: UserEntry): Record<string, unknown> {
  const { exec, tokenFile, as: _as, ...rest } = user;
  if (tokenFile && (!user.token || isReadable(tokenFile)))
    return { ...rest, token: undefined, 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
  const isEnough =
    user.token ??
    user.username ??
    user.password ??
    user['client-certificate'] ??
    user['client-certificate-data'];
  if (exec && !isEnough) return { ...rest, 'auth-provider': { name: EXEC_PROVIDER } };
  return rest;
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Node passes over what is no certificate, and then trusts nobody. */
function requireCertificate(ca: string | Buffer): void {
  if (ca.includes('-----BEGIN CERTIFICATE-----') || ca.includes('-----BEGIN TRUSTED CERTIFICATE-----'))
    return;
  throw new UserError('The certificate authority holds no certificate in PEM form', {
    hint: 'Look at certificate-authority or certificate-authority-data of the kubeconfig, or at --certificate-authority.',
  });
}

/** A token file usually ends in a newline, which a header must not. */
function cleanHeader(text: string): string {
  const trimmed = text.trim();
  if (/^[\t\x20-\x7e]*$/.test(trimmed)) return trimmed;
  throw new UserError('The token holds a line break or other characters that no token has', {
    hint: 'Look at the token, tokenFile or credential plugin of the kubeconfig, or at --token.',
  });
}

function inlineAuthority(cluster: ClusterEntry): ClusterEntry {
  const file = cluster['certificate-authority'];
  return file ? { ...cluster, 'certificate-authority-data': readFileSync(file).toString('base64') } : cluster;
}

function expired(credential: ExecCredential): boolean {
  return (
    credential.expirationTimestamp !== undefined && Date.parse(credential.expirationTimestamp) <= Date.now()
  );
}

function defined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}
