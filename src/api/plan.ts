import type { Finding } from './finding.ts';
import type { KubeObject } from './object.ts';
import type { Ref } from './ref.ts';

/** One operation of RFC 6902. */
export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

interface StepBase {
  readonly ref: Ref;
  /** One line, for a person: why this step. */
  readonly reason: string;
}

/** Server-side apply of `manifest`. `live` is what it was decided on, null when there was none. */
export interface ApplyStep extends StepBase {
  readonly action: 'apply';
  readonly manifest: KubeObject;
  readonly live: KubeObject | null;
  /** Take over fields that another manager holds: only for what an earlier step of the same plan makes with defaults. */
  readonly force?: boolean;
}

/** Install or update a CRD (server-side apply), then wait until it is established. */
export interface CrdStep extends StepBase {
  readonly action: 'crd';
  readonly manifest: KubeObject;
  readonly live: KubeObject | null;
  /** Create it, but keep one that is there. For `restore`. */
  readonly onlyIfAbsent?: boolean;
}

/**
 * JSON patch of an HTTPRoute (`patchRoute`) or of another object that is somebody else's (`patch`: a ReferenceGrant, a policy
 * with several targets) that still has the spec and our annotation of `before`. The resourceVersion that goes with it makes
 * the server refuse (409) if anyone wrote in between; '' where `before` is what an earlier step of the plan makes.
 */
export interface PatchStep extends StepBase {
  readonly action: 'patchRoute' | 'patch';
  readonly resourceVersion: string;
  readonly patch: readonly JsonPatchOperation[];
  readonly before: KubeObject;
  readonly after: KubeObject;
}

export interface HelmStep extends StepBase {
  readonly action: 'helm';
  readonly verb: 'install' | 'uninstall';
  readonly release: string;
  readonly namespace: string;
  /** The arguments after `helm`, without connection flags. */
  readonly args: readonly string[];
}

export type WaitCondition = 'poolReady' | 'eppReady' | 'routeAccepted' | 'gone';

export interface WaitStep extends StepBase {
  readonly action: 'wait';
  readonly condition: WaitCondition;
}

/**
 * Deletes the object that `before` describes, with its uid as a precondition. Someone's change after `before` was read
 * (other than to status or to bookkeeping) stops it.
 */
export interface DeleteStep extends StepBase {
  readonly action: 'delete';
  readonly before: KubeObject;
}

/** Create only; an object of that name that is already there is kept and reported. For `restore`. */
export interface CreateStep extends StepBase {
  readonly action: 'create';
  readonly manifest: KubeObject;
}

export type Step = ApplyStep | CrdStep | PatchStep | HelmStep | WaitStep | DeleteStep | CreateStep;

/** What will be done, in order. Dry run, diff and script are ways to show one. */
export interface Plan {
  /** Manifests ready to apply, as `convert` prints them. */
  readonly objects: readonly KubeObject[];
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
}
