// One API server behind a gate and proxies, and the two clients that are to reach it the same way.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenIn } from '../control-plane/users.ts';
import type { Lab } from '../lab.ts';
import { certificate, startGate, type Gate } from './gate.ts';
import { startConnectProxy, startSocksProxy, type Proxy } from './proxies.ts';

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Entries {
  cluster?: object;
  user?: object;
  context?: object;
  /** Over the whole file. */
  file?: object;
}

/** Nobody knows this name but the proxies. */
export const HIDDEN = 'https://api.lab.example:6443';
const EXEC = 'client.authentication.k8s.io/v1';

export class Crossroads {
  readonly folder = mkdtempSync(join(tmpdir(), 'infpool-connect-'));
  readonly token: string;
  readonly gate: Gate;
  readonly http: Proxy;
  readonly socks: Proxy;
  readonly server: string;
  private readonly binary: string;
  private readonly path: string;

  private constructor(lab: Lab, binary: string, parts: { gate: Gate; http: Proxy; socks: Proxy }) {
    this.token = tokenIn(lab.dir, 'admin');
    this.server = lab.server;
    this.gate = parts.gate;
    this.http = parts.http;
    this.socks = parts.socks;
    this.binary = binary;
    this.path = lab.env['PATH']!;
    mkdirSync(this.home);
  }

  static async start(lab: Lab, binary: string): Promise<Crossroads> {
    const gate = await startGate(lab);
    const [http, socks] = [await startConnectProxy(gate.port), await startSocksProxy(gate.port)];
    return new Crossroads(lab, binary, { gate, http, socks });
  }

  end(): void {
    for (const part of [this.gate, this.http, this.socks]) part.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get home(): string {
    return join(this.folder, 'home');
  }

  get admin(): { token: string } {
    return { token: this.token };
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): string {
    writeFileSync(this.at(name), text);
    return this.at(name);
  }

  /** The gate's cluster, no user, and what is said otherwise; an entry of undefined is left out. */
  kubeconfig({ cluster, user, context, file }: Entries = {}, name = 'kubeconfig'): string {
    const gate = { server: this.gate.url, 'certificate-authority': certificate('ca.crt') };
    const whole = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'gate', cluster: { ...gate, ...cluster } }],
      users: [{ name: 'me', user: { ...user } }],
      contexts: [{ name: 'here', context: { cluster: 'gate', user: 'me', ...context } }],
      'current-context': 'here',
      ...file,
    };
    return this.write(name, JSON.stringify(whole));
  }

  /** A credential plugin that runs this shell script; `$CREDENTIAL` and `$EXPIRED` are what the admin would get. */
  plugin(script: string, more: object = {}): object {
    const file = this.write('plugin', `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    const credential = (status: object) =>
      JSON.stringify({ apiVersion: EXEC, kind: 'ExecCredential', status });
    const pem = (name: string) => readFileSync(certificate(name), 'utf8');
    const env = {
      CREDENTIAL: credential({ token: this.token }),
      BETA: credential({ token: this.token }).replace(EXEC, `${EXEC}beta1`),
      EXPIRED: credential({ token: this.token, expirationTimestamp: '2020-01-01T00:00:00Z' }),
      CERTIFICATE: credential({
        clientCertificateData: pem('client.crt'),
        clientKeyData: pem('client.key'),
      }),
    };
    const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
    return { exec: { apiVersion: EXEC, command: file, env: variables, interactiveMode: 'Never', ...more } };
  }

  kubectl(args: string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
    return this.run('kubectl', args, env);
  }

  infpool(args: string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
    return this.run(this.binary, args, env);
  }

  /**
   * The same in something like a pod: the service account's folder is where every pod has it.
   * @returns null where this machine allows no namespaces of one's own
   */
  async inPod(program: 'kubectl' | 'infpool', args: string[], account: string): Promise<Outcome | null> {
    const script = [
      'mount -t tmpfs none /run && mkdir -p /run/secrets/kubernetes.io/serviceaccount || exit 99',
      '[ -d /var/run/secrets/kubernetes.io/serviceaccount ] || exit 99',
      'cp "$1"/* /run/secrets/kubernetes.io/serviceaccount/ && shift && exec "$@"',
    ].join('\n');
    const command = program === 'kubectl' ? 'kubectl' : this.binary;
    const pod = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(this.gate.port) };
    const wrapped = ['-rm', 'sh', '-c', script, 'sh', account, command, ...args];
    const outcome = await this.run('unshare', wrapped, pod).catch(() => null);
    return outcome?.code === 99 || /unshare/.test(outcome?.stderr ?? '') ? null : outcome;
  }

  /** In this environment and no other; never a terminal. */
  private run(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
    const child = spawn(program, args, {
      cwd: this.folder,
      env: { PATH: this.path, HOME: this.home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => (outcome[name] += text));
    return new Promise((resolve, reject) =>
      child.on('error', reject).on('close', (code) => resolve({ ...outcome, code })),
    );
  }
}
