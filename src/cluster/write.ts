import { WriteRefused, WriteUnknown, type ClusterWriter, type DryRun } from '../api/cluster.ts';
import type { KubeObject } from '../api/object.ts';
import type { JsonPatchOperation } from '../api/plan.ts';
import { describeRef, refOf, type Ref } from '../api/ref.ts';
import { cannotReach, RequestFailure } from './failures.ts';
import { collectionPath, objectPath, query, UnknownKind, type Discovery } from './paths.ts';
import { withoutManagedFields } from './received.ts';
import { explain, reasonOf, type Answer } from './answer.ts';
import type { Call, Transport } from './transport.ts';
import { waitFor } from './wait.ts';

export interface WriterOptions {
  readonly transport: Transport;
  readonly discovery: Discovery;
  /** For a namespaced manifest that names none. */
  readonly namespace: string;
  readonly fieldManager: string;
}

export class Writer implements ClusterWriter {
  private readonly options: WriterOptions;

  constructor(options: WriterOptions) {
    this.options = options;
  }

  async apply(
    manifest: KubeObject,
    { dryRun, force }: { dryRun: DryRun; force?: boolean },
  ): Promise<KubeObject> {
    const path = await this.pathOf(this.refIn(manifest));
    const parameters = { ...this.parameters(dryRun), force: force ? 'true' : undefined };
    const call: Call = {
      method: 'PATCH',
      path: path + query(parameters),
      body: withoutManagedFields(structuredClone(manifest)),
      contentType: 'application/apply-patch+yaml', // JSON is YAML
      repeatable: true,
    };
    return this.written(call, 'apply', this.refIn(manifest));
  }

  async create(manifest: KubeObject, { dryRun }: { dryRun: DryRun }): Promise<KubeObject> {
    const ref = this.refIn(manifest);
    const resource = await this.find(ref);
    const path = collectionPath(resource, ref.namespace) + query(this.parameters(dryRun));
    return this.written({ method: 'POST', path, body: manifest }, 'create', ref);
  }

  async patch(
    ref: Ref,
    patch: readonly JsonPatchOperation[],
    { dryRun }: { dryRun: DryRun },
  ): Promise<KubeObject> {
    const path = (await this.pathOf(ref)) + query(this.parameters(dryRun));
    const call: Call = { method: 'PATCH', path, body: patch, contentType: 'application/json-patch+json' };
    return this.written(call, 'patch', ref);
  }

  async delete(
    ref: Ref,
    { dryRun, uid, resourceVersion }: { dryRun: DryRun; uid?: string; resourceVersion?: string },
  ): Promise<void> {
    const options = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      // Only a Deployment has dependents to wait for. For the rest foreground would wait for a garbage collector that
      // takes its time with kinds it has just learned of.
      propagationPolicy: ref.kind === 'Deployment' ? 'Foreground' : 'Background',
      ...(uid || resourceVersion ? { preconditions: { uid, resourceVersion } } : {}),
      ...(dryRun === 'server' ? { dryRun: ['All'] } : {}),
    };
    const call: Call = { method: 'DELETE', path: await this.pathOf(ref), body: options };
    const { body } = await this.write(call, 'delete', ref);
    // The object with its deletionTimestamp, or a Status.
    const { kind, status } = body as { kind?: unknown; status?: unknown };
    if (!isNamed(body, ref) && !(kind === 'Status' && status === 'Success')) throw strange('delete', ref);
  }

  waitFor(...args: Parameters<ClusterWriter['waitFor']>): Promise<KubeObject | null> {
    return waitFor(this.options.transport, this.options.discovery, ...args);
  }

  private parameters(dryRun: DryRun) {
    return { fieldManager: this.options.fieldManager, dryRun: dryRun === 'server' ? 'All' : undefined };
  }

  private refIn(manifest: KubeObject): Ref {
    const ref = refOf(manifest);
    return ref.namespace === '' ? { ...ref, namespace: this.options.namespace } : ref;
  }

  private async pathOf(ref: Ref): Promise<string> {
    return objectPath(await this.find(ref), ref.namespace, ref.name);
  }

  private async find(ref: Ref) {
    try {
      return await this.options.discovery.find(ref);
    } catch (error) {
      if (error instanceof UnknownKind)
        throw new WriteRefused(404, 'absent', `${describeRef(ref)}: ${error.message}`);
      if (error instanceof RequestFailure) throw cannotReach(this.options.transport.server, error);
      throw error;
    }
  }

  /** @throws WriteRefused, WriteUnknown */
  private async written(call: Call, verb: string, ref: Ref): Promise<KubeObject> {
    const { body } = await this.write(call, verb, ref);
    if (!isNamed(body, ref)) throw strange(verb, ref);
    return withoutManagedFields(body as KubeObject);
  }

  /** @throws WriteRefused, WriteUnknown, or a UserError when there is no server */
  private async write(call: Call, verb: string, ref: Ref): Promise<Answer> {
    const answer = await this.options.transport.call(call).catch((error: unknown) => {
      if (!(error instanceof RequestFailure)) throw error;
      if (error.sent) throw unknownOutcome(verb, ref, error);
      throw cannotReach(this.options.transport.server, error);
    });
    if (isUnknown(answer))
      throw unknownOutcome(verb, ref, new RequestFailure('lost', explain(answer), { sent: true }));
    if (answer.status >= 400) throw refusal(answer, verb, ref);
    return answer;
  }
}

// A load balancer that lost its server, or a server that lost its etcd: it may have been done.
function isUnknown(answer: Answer): boolean {
  if (answer.status === 500) return /etcdserver|rpc error|timed out/i.test(explain(answer));
  return answer.status === 502 || answer.status === 503 || answer.status === 504;
}

/** What answers in place of the API server says 200 to anything. */
function isNamed(body: unknown, { kind, name }: Ref): boolean {
  const object = body as Partial<KubeObject> | null;
  return object?.metadata?.name === name && (object.kind === undefined || object.kind === kind);
}

function strange(verb: string, ref: Ref): WriteUnknown {
  const what = 'the answer is not what an API server sends';
  return unknownOutcome(verb, ref, new RequestFailure('malformed', what, { sent: true }));
}

function refusal(answer: Answer, verb: string, ref: Ref): WriteRefused {
  const message = `cannot ${verb} ${describeRef(ref)}: ${explain(answer)}`;
  return new WriteRefused(answer.status, refusalReason(answer), message);
}

function refusalReason(answer: Answer): WriteRefused['reason'] {
  switch (answer.status) {
    case 409:
      return reasonOf(answer) === 'AlreadyExists' ? 'exists' : 'conflict';
    case 403:
      return 'forbidden';
    case 400:
    case 422:
      return 'invalid';
    case 404:
      return 'absent';
    default:
      // What server-side apply answers, with a 500, for a manifest that doesn't fit the kind's schema.
      return /^failed to create typed patch object/.test(explain(answer)) ? 'invalid' : 'failed';
  }
}

function unknownOutcome(verb: string, ref: Ref, cause: RequestFailure): WriteUnknown {
  return new WriteUnknown(
    `It is not known whether the ${verb} of ${describeRef(ref)} took place: ${cause.message}`,
    {
      hint: 'Run the same command again: it looks at the cluster first and does what is left to do.',
      cause,
    },
  );
}
