// References to alpha pools: the group and the name of each, nothing else.
import type { Finding } from '../../api/finding.ts';
import type { KubeObject } from '../../api/object.ts';
import { describeRef, ref, refOf } from '../../api/ref.ts';
import { ALPHA_GROUP, ALPHA_POOL, V1_GROUP } from '../../api/resource.ts';
import type { Change } from './change.ts';
import { applied, type Edit, type Path } from './edits.ts';
import type { Targets } from './targets.ts';

/** What a reference says; any of it may be missing or nonsense in a file. */
export interface Target {
  readonly group?: unknown;
  readonly kind?: unknown;
  readonly name?: unknown;
  readonly namespace?: unknown;
  readonly weight?: unknown;
  readonly filters?: unknown;
}

/** True for references to pools of v1alpha2. */
export function isAlpha(target: Target | null | undefined): boolean {
  return target?.group === ALPHA_GROUP && target.kind === ALPHA_POOL.kind;
}

export function isV1(target: Target | null | undefined): boolean {
  return target?.group === V1_GROUP && target.kind === ALPHA_POOL.kind;
}

/** A value from a file as a list; what is none is an empty one. */
export function listAt(value: unknown): readonly (Target & Record<string, unknown>)[] {
  return Array.isArray(value) ? (value as (Target & Record<string, unknown>)[]) : [];
}

/** The edits of references in one object, as they are found. */
export class References {
  readonly edits: Edit[] = [];
  readonly findings: Finding[] = [];
  readonly #object: KubeObject;
  readonly #targets: Targets;

  constructor(object: KubeObject, targets: Targets) {
    this.#object = object;
    this.#targets = targets;
  }

  /** The name of the v1 pool for what an alpha reference names; undefined, and said, where it is none that is converted. */
  nameFor(target: Target, path: Path): string | undefined {
    const namespace = target.namespace ?? this.#object.metadata.namespace ?? '';
    const pool = this.#targets.pool(String(namespace), String(target.name));
    if (!pool) this.left(String(namespace), String(target.name), path);
    return pool?.metadata.name;
  }

  /** Points an alpha reference at its v1 pool. */
  point(target: Target | null | undefined, path: Path): void {
    if (!target || !isAlpha(target)) return;
    const name = this.nameFor(target, path);
    if (name !== undefined) this.set(target, path, name);
  }

  set(target: Target, path: Path, name: string): void {
    this.edits.push({ op: 'set', path: [...path, 'group'], value: V1_GROUP });
    if (name !== target.name) this.edits.push({ op: 'set', path: [...path, 'name'], value: name });
  }

  left(namespace: string, name: string, path: Path): void {
    this.findings.push({
      id: 'alpha-reference-left',
      severity: 'info',
      ref: refOf(this.#object),
      field: pathText(path),
      message:
        name === ''
          ? 'It still allows references to alpha pools of its namespace, none of which is among those that were converted.'
          : `It still points at ${describeRef(ref(ALPHA_POOL, namespace, name))}, which is not among the pools that were converted.`,
      hint: 'Convert that pool as well, or take the reference out.',
    });
  }

  change(): Change {
    return {
      edits: this.edits,
      intended: applied(this.#object, this.edits) as KubeObject,
      added: [],
      findings: this.findings,
    };
  }
}

/** `spec.rules[0].backendRefs[1]` */
export function pathText(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index ? `.${key}` : key)).join('');
}
