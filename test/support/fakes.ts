// A cluster and a helm in memory, for the order of writes and for conflicts; what a real API server does is tested on one.
import {
  WriteRefused,
  type ClusterReader,
  type ClusterWriter,
  type DryRun,
  type Helm,
  type HelmRelease,
} from '../../src/api/cluster.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { JsonPatchOperation } from '../../src/api/plan.ts';
import type { GetRead, ListRead, Snapshot, VersionRead } from '../../src/api/read.ts';
import { refKey, refOf, type Ref } from '../../src/api/ref.ts';
import type { Resource } from '../../src/api/resource.ts';
import { applyJsonPatch } from './jsonPatch.ts';

export class FakeCluster implements ClusterReader, ClusterWriter {
  readonly server = 'https://fake';
  readonly namespace = 'llm';
  /** Every call that could write, as `verb kind name`, with `(dry)` where it was a dry run. */
  readonly calls: string[] = [];
  readonly objects = new Map<string, KubeObject>();
  /** Called before each write: for someone else's change, or to refuse. */
  before: (verb: string, ref: Ref) => void = () => undefined;
  /** Answers instead of reading. */
  reads: (ref: Ref) => GetRead | undefined = () => undefined;
  lists: (resource: Resource) => ListRead | undefined = () => undefined;
  #version = 100;

  constructor(objects: readonly KubeObject[] = []) {
    for (const object of objects) this.put(object);
  }

  put(object: KubeObject): KubeObject {
    const uid = object.metadata.uid ?? `uid-${object.metadata.name}`;
    const stored = {
      ...object,
      metadata: { ...object.metadata, uid, resourceVersion: String(this.#version++) },
    };
    this.objects.set(refKey(refOf(object)), stored);
    return stored;
  }

  live(object: KubeObject): KubeObject | undefined {
    return this.objects.get(refKey(refOf(object)));
  }

  async get(ref: Ref): Promise<GetRead> {
    const object = this.objects.get(refKey(ref));
    return this.reads(ref) ?? (object ? { state: 'ok', object } : { state: 'absent' });
  }

  async list(resource: Resource): Promise<ListRead> {
    const items = [...this.objects.values()].filter(
      (object) => object.kind === resource.kind && refOf(object).group === resource.group,
    );
    return this.lists(resource) ?? { state: 'ok', items };
  }

  async apply(
    manifest: KubeObject,
    { dryRun, force }: { dryRun: DryRun; force?: boolean },
  ): Promise<KubeObject> {
    this.#call(force ? 'force' : 'apply', refOf(manifest), dryRun);
    const live = this.live(manifest);
    const same =
      live && JSON.stringify({ ...live, metadata: 0 }) === JSON.stringify({ ...manifest, metadata: 0 });
    return same || dryRun === 'server' ? (live ?? manifest) : this.put({ ...live, ...manifest });
  }

  async create(manifest: KubeObject, { dryRun }: { dryRun: DryRun }): Promise<KubeObject> {
    this.#call('create', refOf(manifest), dryRun);
    if (this.live(manifest)) throw new WriteRefused(409, 'exists', 'already exists');
    return dryRun === 'server' ? manifest : this.put(manifest);
  }

  async patch(
    ref: Ref,
    patch: readonly JsonPatchOperation[],
    { dryRun }: { dryRun: DryRun },
  ): Promise<KubeObject> {
    this.#call('patch', ref, dryRun);
    const live = this.objects.get(refKey(ref));
    if (!live) throw new WriteRefused(404, 'absent', 'not found');
    const patched = applyJsonPatch(live, patch);
    if (patched.metadata.resourceVersion !== live.metadata.resourceVersion)
      throw new WriteRefused(409, 'conflict', 'the object has been modified');
    return dryRun === 'server' ? patched : this.put(patched);
  }

  async delete(ref: Ref, options: { dryRun: DryRun; uid?: string; resourceVersion?: string }): Promise<void> {
    this.#call('delete', ref, options.dryRun);
    const live = this.objects.get(refKey(ref));
    if (!live) throw new WriteRefused(404, 'absent', 'not found');
    if (options.uid !== live.metadata.uid || options.resourceVersion !== live.metadata.resourceVersion)
      throw new WriteRefused(409, 'conflict', 'the precondition failed');
    if (options.dryRun === 'none') this.objects.delete(refKey(ref));
  }

  async waitFor(
    ref: Ref,
    settled: (object: KubeObject | null) => boolean,
    { what }: { timeoutMs: number; what: string },
  ): Promise<KubeObject | null> {
    const object = this.objects.get(refKey(ref)) ?? null;
    this.calls.push(`wait for ${what}`);
    if (!settled(object)) throw new Error(`not settled: ${what}`);
    return object;
  }

  async podMetrics(): Promise<null> {
    return null;
  }

  async allowed(): Promise<boolean> {
    return true;
  }

  snapshot(_wanted: Parameters<ClusterReader['snapshot']>[0]): Promise<Snapshot> {
    throw new Error('not part of this fake');
  }

  version(): Promise<VersionRead> {
    throw new Error('not part of this fake');
  }

  #call(verb: string, ref: Ref, dryRun: DryRun): void {
    this.before(verb, ref);
    this.calls.push(`${verb} ${ref.kind} ${ref.name}${dryRun === 'server' ? ' (dry)' : ''}`);
  }
}

export class FakeHelm implements Helm {
  readonly calls: string[] = [];
  readonly releases: HelmRelease[];

  constructor(...releases: Partial<HelmRelease>[]) {
    const usual = { name: 'food-ga', namespace: 'llm', status: 'deployed', chart: 'inferencepool-v1.0.0' };
    this.releases = releases.map((release) => ({ ...usual, ...release }));
  }

  async list(namespace: string): Promise<readonly HelmRelease[]> {
    return this.releases.filter((release) => release.namespace === namespace);
  }

  async run(args: readonly string[]): Promise<string> {
    this.calls.push(args.join(' '));
    return '';
  }
}
