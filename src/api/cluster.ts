import { UserError } from './errors.ts';
import type { KubeObject } from './object.ts';
import type { GetRead, ListRead, Snapshot, Unread, VersionRead } from './read.ts';
import type { Ref } from './ref.ts';
import type { Resource } from './resource.ts';
import type { JsonPatchOperation } from './plan.ts';

/** What commands ask of a cluster. Reads never throw for what the server answered: the answer is a state. */
export interface ClusterReader {
  /** `https://host:port` of the API server, for messages. */
  readonly server: string;
  /** The current namespace of the context (or `-n`). */
  readonly namespace: string;
  /**
   * Reads the lists, the CRDs' metadata and the server's version in parallel. A namespace confines the namespaced
   * lists; '' means all of them. Throws a UserError only when the server can't be reached at all or the credentials are
   * refused (401) for every request.
   */
  snapshot(wanted: {
    resources: readonly Resource[];
    crds: readonly string[];
    namespace: string;
    labelSelector?: string;
  }): Promise<Snapshot>;
  /**
   * May this user do it? By SelfSubjectAccessReview. With a name: on that object alone.
   */
  allowed(
    verb: string,
    resource: Pick<Resource, 'group' | 'plural'>,
    namespace: string,
    name?: string,
  ): Promise<boolean | Unread>;
  /** A pod's /metrics through the API server; null when it can't be had, which is the usual case for endpoint pickers. */
  podMetrics(namespace: string, pod: string, port: number): Promise<string | null>;
  list(resource: Resource, namespace: string): Promise<ListRead>;
  get(ref: Ref): Promise<GetRead>;
  version(): Promise<VersionRead>;
}

export type DryRun = 'none' | 'server';

/** The API server's refusal of a write. `conflict` is 409, `invalid` 422 or 400, `absent` 404. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
  readonly status: number;
  readonly reason: 'conflict' | 'exists' | 'forbidden' | 'invalid' | 'absent' | 'failed';

  constructor(status: number, reason: WriteRefused['reason'], message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/**
 * It is not known whether the write took place: its answer was lost, or is none of an API server's. Who writes looks first,
 * and then does it again.
 */
export class WriteUnknown extends UserError {}

/** Every write there is. Each throws {@link WriteRefused} when the server refuses, {@link WriteUnknown} in doubt. */
export interface ClusterWriter {
  /** Server-side apply without force: a field that another manager holds with another value is a conflict. */
  apply(manifest: KubeObject, options: { dryRun: DryRun; force?: boolean }): Promise<KubeObject>;
  create(manifest: KubeObject, options: { dryRun: DryRun }): Promise<KubeObject>;
  patch(ref: Ref, patch: readonly JsonPatchOperation[], options: { dryRun: DryRun }): Promise<KubeObject>;
  /** Foreground deletion; `uid` and `resourceVersion` are preconditions. */
  delete(ref: Ref, options: { dryRun: DryRun; uid?: string; resourceVersion?: string }): Promise<void>;
  /**
   * Calls `settled` with the object (null while absent) now and after each change, by a watch, until it returns true.
   * Throws a UserError with exit code 124 after `timeoutMs`, saying what `what` was waited for.
   */
  waitFor(
    ref: Ref,
    settled: (object: KubeObject | null) => boolean,
    options: { timeoutMs: number; what: string },
  ): Promise<KubeObject | null>;
}

export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  /** `deployed`, `failed`, `pending-install`, … */
  readonly status: string;
  /** `inferencepool-v1.0.0` */
  readonly chart: string;
}

/** The helm on PATH, pointed at the same cluster as we are. */
export interface Helm {
  list(namespace: string): Promise<readonly HelmRelease[]>;
  /** Runs helm with our connection flags added; throws a UserError with helm's last words. */
  run(args: readonly string[], options: { onLine?: (line: string) => void }): Promise<string>;
}

export interface Cluster extends ClusterReader, ClusterWriter {
  readonly helm: Helm;
  close(): void;
}
