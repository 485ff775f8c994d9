// A lab: a real control plane on loopback, for a test or for a person.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grant, type PolicyRule } from './control-plane/access.ts';
import { installCrds, type CrdSet } from './control-plane/crds.ts';
import type { ProcessId } from './control-plane/processes.ts';
import { ask, type KeeperMessage, type KeeperOptions, type Script } from './control-plane/protocol.ts';
import { createLabDir, endLab, labDir, readState, sweep } from './control-plane/state.ts';
import { certFile, kubeconfigFile, tokenIn, writeKubeconfig } from './control-plane/users.ts';
import { Kube } from './kube.ts';
import { ensureParts } from './parts/parts.ts';
import { LabError } from './parts/go.ts';
import { goModules } from './parts/versions.ts';

export type { CrdSet } from './control-plane/crds.ts';
export type { PolicyRule } from './control-plane/access.ts';
export type { Script } from './control-plane/protocol.ts';
export { LabError } from './parts/go.ts';

/** What the lab's API server really is. */
export const realGitVersion = goModules.kubernetes.version;

export interface LabOptions {
  /** a-z, 0-9, '-'; default: a new one */
  name?: string;
  /** what GET /version says; default: the truth */
  gitVersion?: string;
  /** installed in this order; default: none */
  crds?: CrdSet[];
  /** default true */
  controllerManager?: boolean;
  /** no word about what goes well; builds that take minutes still tell */
  quiet?: boolean;
  /** started once the CRDs are there, in this order */
  extra?: Script[];
}

export class Lab {
  readonly name: string;
  /** everything of this lab is in there: kubeconfigs, data, and `<process>.log` of each process */
  readonly dir: string;
  /** URL of the API server */
  readonly server: string;
  readonly gitVersion: string;
  readonly admin: Kube;
  /** To be laid over the environment of a program that works with the lab. */
  readonly env: Record<string, string>;

  /** Use startLab or attachLab. @throws LabError when no such lab is up */
  constructor(name: string) {
    const state = readState(name);
    if (state?.phase !== 'up') throw new LabError(`No lab named '${name}' is up.`);
    this.name = name;
    this.dir = labDir(name);
    this.server = state.server;
    this.gitVersion = state.gitVersion;
    this.admin = this.kube('admin');
    const home = join(this.dir, 'home');
    this.env = {
      PATH: [join(this.dir, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
      KUBECONFIG: this.kubeconfig(),
      HOME: home,
      HELM_CACHE_HOME: join(home, 'helm-cache'),
      HELM_CONFIG_HOME: join(home, 'helm-config'),
      HELM_DATA_HOME: join(home, 'helm-data'),
    };
  }

  /** Path of a kubeconfig for `admin` (the default), a user of addUser, or `expired`, whom nobody knows. */
  kubeconfig(user = 'admin'): string {
    tokenIn(this.dir, user); // throws when there is none
    return kubeconfigFile(this.dir, user);
  }

  kube(user: string): Kube {
    const ca = readFileSync(certFile(this.dir), 'utf8');
    return new Kube({ server: this.server, token: tokenIn(this.dir, user), ca });
  }

  /**
   * A user who may do just this (with no rules: log in and discover). The server calls them `user-N`.
   * @param namespaces where the rules hold; default: everywhere
   * @returns path of their kubeconfig
   */
  async addUser(name: string, rules: PolicyRule[], namespaces?: string[]): Promise<string> {
    if (!/^[\w.-]+$/.test(name)) throw new Error(`'${name}' can't be part of a file name`);
    const login = await grant(this.admin, name, rules, namespaces);
    return writeKubeconfig(this, name, login);
  }

  installCrds(sets: CrdSet[]): Promise<void> {
    return installCrds(this.admin, sets);
  }

  /** Runs a Node script as a part of the lab: it ends with it. See Script. */
  async run(script: Script): Promise<{ value: unknown; stop: () => Promise<void> }> {
    const { process: id, value } = await ask(this.dir, { run: script });
    return { value, stop: () => this.stop(id!) };
  }

  /** The log of one of the lab's processes so far. */
  log(name: string): string {
    return readFileSync(join(this.dir, `${name}.log`), 'utf8');
  }

  /** From now on the lab outlives this process: until `npm run lab -- down`. */
  async stay(): Promise<void> {
    await ask(this.dir, { stay: true });
  }

  /** Ends the lab and removes its folder. */
  async down(): Promise<void> {
    const state = readState(this.name);
    expectedToEnd.add(this.name);
    if (state) await endLab(state);
  }

  private async stop(id: ProcessId): Promise<void> {
    await ask(this.dir, { stop: id });
  }
}

/** Labs of this process whose end is no surprise. */
const expectedToEnd = new Set<string>();

/** A lab that runs already, such as one of `npm run lab -- up`. */
export function attachLab(name = 'default'): Lab {
  return new Lab(name);
}

/**
 * Starts a lab, which ends when this process does, whatever ends it. Missing parts are built first.
 * @throws LabError for what can be put right: Go missing, a name that is taken
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const name = options.name ?? `t-${process.pid}-${randomBytes(3).toString('hex')}`;
  const gitVersion = options.gitVersion ?? realGitVersion;
  const start = Date.now();
  const [{ kubectl, helm, ...programs }] = await Promise.all([parts(options), sweep()]);

  const dir = createLabDir(name);
  for (const folder of ['home', 'bin']) mkdirSync(join(dir, folder));
  symlinkSync(kubectl, join(dir, 'bin', 'kubectl'));
  symlinkSync(helm, join(dir, 'bin', 'helm'));
  await startKeeper({ name, gitVersion, proxy: gitVersion !== realGitVersion, programs }, dir);

  const lab = new Lab(name);
  try {
    await lab.installCrds(options.crds ?? []);
    for (const script of options.extra ?? []) await lab.run(script);
  } catch (error) {
    await lab.down();
    throw error;
  }
  if (!options.quiet) {
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    console.error(`lab: ${name} up in ${seconds} s, ${gitVersion}, ${lab.server}`);
  }
  return lab;
}

async function parts({ controllerManager = true }: LabOptions) {
  const found = await ensureParts(['etcd', 'kube-apiserver', 'kubectl', 'helm']);
  return controllerManager ? { ...found, ...(await ensureParts(['kube-controller-manager'])) } : found;
}

async function startKeeper(options: KeeperOptions, dir: string): Promise<void> {
  const script = fileURLToPath(new URL('control-plane/keeper.ts', import.meta.url));
  const log = openSync(join(dir, 'keeper.log'), 'a');
  const args = ['--disable-warning=ExperimentalWarning', script, JSON.stringify(options)];
  // In a session of its own: Ctrl-C is for the runner, and the keeper sees the runner's end.
  const keeper = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const ended = once(keeper, 'exit');
  const message = await Promise.race([firstMessage(keeper), ended]);
  if (Array.isArray(message)) throw new Error(`the lab's keeper ended at once (${message.join(' ')})`);
  if (message.type !== 'up') {
    await ended;
    throw new Error(message.message);
  }
  watchOver(keeper, options.name);
  keeper.unref();
  keeper.channel?.unref();
}

async function firstMessage(keeper: ChildProcess): Promise<KeeperMessage> {
  const [message] = (await once(keeper, 'message')) as [KeeperMessage];
  return message;
}

function watchOver(keeper: ChildProcess, name: string): void {
  keeper.on('message', (message: KeeperMessage) => {
    if (message.type === 'died') console.error(`lab ${name}: ${message.message}`);
  });
  keeper.on('exit', (code, signal) => {
    if (expectedToEnd.has(name)) return;
    console.error(`lab ${name}: its keeper ended (${signal ?? code}); clearing up`);
    void sweep();
  });
}
