// What the specs of the built binary share: a lab with its players, the binary, and a way to compare clusters.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startLab, type Lab, type LabOptions } from '../lab/lab.ts';
import type { Json, KubeObject, KubeRef } from '../lab/kube.ts';
import { chartDir, crdFiles } from '../lab/parts/modules.ts';
import { startPlayers, type PlayerOptions, type Players } from '../lab/scenarios/players.ts';
import { preview, type Preview, type PreviewOptions } from '../lab/scenarios/preview.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** INFPOOL_BINARY: another one than the build's, such as the one that krew installed. */
export const binary =
  process.env['INFPOOL_BINARY'] ??
  join(root, 'dist', process.platform === 'win32' ? 'kubectl-infpool.exe' : 'kubectl-infpool');

export const ALPHA = 'inference.networking.x-k8s.io/v1alpha2';
export const V1 = 'inference.networking.k8s.io/v1';
export const GATEWAY_API = 'gateway.networking.k8s.io/v1';
export const CRDS = 'apiextensions.k8s.io/v1';
export const ALPHA_POOLS = 'inferencepools.inference.networking.x-k8s.io';
export const V1_POOLS = 'inferencepools.inference.networking.k8s.io';
export const MODELS = 'inferencemodels.inference.networking.x-k8s.io';
export const OBJECTIVES = 'inferenceobjectives.inference.networking.x-k8s.io';

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** one of lab.addUser; default: admin */
  user?: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
  cwd?: string;
}

/** A lab, its players, and the binary pointed at it. `end` it in `after`. */
export class Bench {
  readonly lab: Lab;
  readonly players: Players;
  /** The binary's working directory, where backups go. */
  readonly cwd = mkdtempSync(join(tmpdir(), 'infpool-e2e-'));

  private constructor(lab: Lab, players: Players) {
    this.lab = lab;
    this.players = players;
  }

  static async start(options: LabOptions = {}, players: PlayerOptions = {}): Promise<Bench> {
    const lab = await startLab({ quiet: true, ...options });
    try {
      return new Bench(lab, await startPlayers(lab.admin, players));
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  async end(): Promise<void> {
    rmSync(this.cwd, { recursive: true, force: true });
    await this.players.stop();
    await this.lab.down();
  }

  infpool(args: string[], { user = 'admin', env, input = '', cwd }: RunOptions = {}): Promise<Outcome> {
    return infpool(args, {
      cwd: cwd ?? this.cwd,
      input,
      env: { ...process.env, ...this.lab.env, KUBECONFIG: this.lab.kubeconfig(user), ...env },
    });
  }

  /** The same, for what must succeed. */
  async done(args: string[], options?: RunOptions): Promise<Outcome> {
    const outcome = await this.infpool(args, options);
    if (outcome.code !== 0)
      expect.fail(`infpool ${args.join(' ')}: exit ${outcome.code}\n${outcome.stderr}${outcome.stdout}`);
    return outcome;
  }

  /** A preview stack in a namespace of its own, with names that meet no other's. */
  preview(namespace: string, options: PreviewOptions = {}): Promise<Preview> {
    const names = { release: `${namespace}-preview`, app: `${namespace}-vllm` };
    return preview(this.lab, { namespace, ...names, replicas: 1, models: ['base-model'], ...options });
  }

  /** Phase 1 by the binary. */
  async side(namespace: string, ...more: string[]): Promise<void> {
    await this.done(['convert', '--apply', '--yes', '-n', namespace, ...(await offline()), ...more]);
  }

  /** @throws when it is not there */
  async get(ref: KubeRef): Promise<KubeObject> {
    const object = await this.lab.admin.get(ref);
    return object ?? expect.fail(`there is no ${ref.kind} ${ref.namespace ?? ''}/${ref.name}`);
  }

  route(namespace: string, name = 'llm-route'): Promise<KubeObject> {
    return this.get({ apiVersion: GATEWAY_API, kind: 'HTTPRoute', namespace, name });
  }

  crd(name: string): Promise<KubeObject | undefined> {
    return this.lab.admin.get({ apiVersion: CRDS, kind: 'CustomResourceDefinition', name });
  }
}

/** Runs the binary in just this environment. It never hangs for want of input: there is no terminal. */
export function infpool(
  args: string[],
  { env, input = '', cwd }: { env: NodeJS.ProcessEnv; input?: string; cwd: string },
): Promise<Outcome> {
  return run(binary, args, { env, input, cwd });
}

export function run(
  program: string,
  args: string[],
  { env, input = '', cwd }: { env: NodeJS.ProcessEnv; input?: string; cwd: string },
): Promise<Outcome> {
  const child = spawn(program, args, { cwd, env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stdin.end(input);
  return new Promise((resolve, reject) =>
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr })),
  );
}

/** Upstream's CRDs and chart of v1.0.0 from the disk, as flags for `convert --apply`. */
export async function offline(): Promise<string[]> {
  return ['--chart', await chartDir('v1.0.0'), '--crds-from', await crdFolder('v1.0.0')];
}

/** The folder with a release's CRDs. */
export async function crdFolder(version: 'v0.3.0' | 'v1.0.0' | 'v1.0.1'): Promise<string> {
  return dirname((await crdFiles('gie', version))[0]!);
}

/** What somebody wants of an object: neither status nor what the server keeps. */
export interface Wanted {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  rest: Json;
}

export function wanted({ metadata, status: _, ...rest }: KubeObject): Wanted {
  return { labels: metadata['labels'] ?? {}, annotations: metadata['annotations'] ?? {}, rest };
}

/** By `kind namespace/name`: what is wanted of each object. */
export function snapshotOf(objects: KubeObject[]): Record<string, Wanted> {
  const entries = objects.map((object): [string, Wanted] => {
    const { namespace = '', name } = object.metadata;
    return [`${object.apiVersion} ${object.kind} ${namespace}/${name}`, wanted(object)];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What `objects` are and in which version: equal as long as nobody writes any of them. */
export function versionsOf(objects: KubeObject[]): Record<string, string> {
  return Object.fromEntries(
    objects.map(({ kind, metadata }) => [
      `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
      metadata['resourceVersion'] as string,
    ]),
  );
}

/** Exit code and one clear line, then at most a hint: no stack, nothing on stdout. */
export function expectOneLine({ code, stdout, stderr }: Outcome, pattern: RegExp, exit = 1): void {
  expect(stderr).to.match(pattern);
  expect(stderr).not.to.match(/^\s+at /m);
  expect(stderr.trimEnd().split('\n').length, stderr).to.be.at.most(2);
  expect(stderr.split('\n')[0]).to.match(/^error: /);
  expect({ code, stdout }).to.deep.equal({ code: exit, stdout: '' });
}
