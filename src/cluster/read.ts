import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterReader } from '../api/cluster.ts';
import { UserError } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import type { GetRead, ListRead, Snapshot, Unread, VersionRead } from '../api/read.ts';
import type { Ref } from '../api/ref.ts';
import { CRD, qualifiedName, type Resource } from '../api/resource.ts';
import { Agreement } from './agreement.ts';
import { cannotReach, RequestFailure, unreadFrom } from './failures.ts';
import { isAskedAtOnce, isOftenMissing, servedAs, servedGroups } from './installed.ts';
import { isServed, listAll, Served } from './list.ts';
import { objectPath, UnknownKind, type Discovery } from './paths.ts';
import { received } from './received.ts';
import { isAbsence, namesWhatIsAbsent, unreadOf, type Answer } from './answer.ts';
import type { Transport } from './transport.ts';

/**
 * A server next door says in less than this what is installed, and spares us asking for the rest. For one far away a round
 * trip is dearer than a few answers that there is no such kind.
 */
const SOON_MS = 30;

const NO_CRDS = 'the server does not know of CRDs at all (HTTP 404), as an API server does';

const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

export class Reader implements Omit<ClusterReader, 'allowed' | 'podMetrics'> {
  readonly server: string;
  readonly namespace: string;
  private readonly transport: Transport;
  private readonly discovery: Discovery;
  private readonly agreement: Agreement;
  private readonly soonMs: number;

  constructor(
    transport: Transport,
    discovery: Discovery,
    namespace: string,
    { agreement = new Agreement(), soonMs = SOON_MS }: { agreement?: Agreement; soonMs?: number } = {},
  ) {
    this.transport = transport;
    this.discovery = discovery;
    this.server = transport.server;
    this.namespace = namespace;
    this.agreement = agreement;
    this.soonMs = soonMs;
  }

  async snapshot(wanted: Parameters<ClusterReader['snapshot']>[0]): Promise<Snapshot> {
    const { resources, crds, namespace, labelSelector } = wanted;
    const failures: RequestFailure[] = [];
    let requests = 0;
    const tried = <T>(read: Promise<T>): Promise<T | Unread> => {
      requests++;
      return read.catch((error: unknown) => {
        if (error instanceof RequestFailure) failures.push(error);
        return unreadFrom(error);
      });
    };
    const groups = resources.every(isAskedAtOnce) ? null : servedGroups(this.transport).catch(() => null); // then each kind is asked for
    const soon = sleep(this.soonMs, null, { ref: false });
    const discovered = new Served(this.transport);
    for (const one of resources) if (isOftenMissing(one)) discovered.begin(one);
    const list = (resource: Resource) => listAll(this.transport, resource, namespace, labelSelector);
    const read = async (resource: Resource): Promise<ListRead> => {
      if (isAskedAtOnce(resource))
        return this.agreement.confirmed(discovered, resource, await list(resource), list);
      const served = servedAs(resource, (await Promise.race([groups, soon])) ?? null);
      if (!served) return { state: 'notInstalled' };
      const found = await list(served);
      if (found.state !== 'notInstalled') return found;
      // Asked for before it was known what is installed: perhaps it is, under another version.
      const known = await groups;
      const other = servedAs(resource, known);
      if (other && other.version !== served.version) return list(other);
      // Two answers agree.
      return known && !other ? found : this.agreement.confirmed(discovered, served, found, list);
    };
    const [lists, metadata, server] = await Promise.all([
      Promise.all(resources.map((one) => tried(read(one)))),
      Promise.all(crds.map((name) => tried(this.getCrd(name)))),
      tried(this.getVersion()),
    ]);
    const listOf = new Map(resources.map((one, index) => [qualifiedName(one), lists[index]!]));
    const crdOf = new Map(crds.map((name, index) => [name, metadata[index]!]));
    for (const resource of resources) {
      const name = qualifiedName(resource);
      if (listOf.get(name)?.state !== 'ok' || crdOf.get(name)?.state !== 'absent') continue;
      const found = await tried(this.agreement.eitherOf(discovered, resource, () => this.getCrd(name), list));
      crdOf.set(name, 'crd' in found ? found.crd : found);
      if ('list' in found) listOf.set(name, found.list);
    }
    const first = failures[0];
    if (first && failures.length === requests && failures.every(({ kind }) => kind === first.kind)) {
      throw cannotReach(this.server, first);
    }
    const snapshot = {
      namespace,
      lists: listOf,
      crds: crdOf,
      server,
    };
    this.refuseStranger(snapshot);
    return snapshot;
  }

  list(resource: Resource, namespace: string): Promise<ListRead> {
    const list = (one: Resource) => listAll(this.transport, one, namespace);
    return list(resource)
      .then((found) => this.agreement.confirmed(new Served(this.transport), resource, found, list))
      .catch(unreadFrom);
  }

  async get(ref: Ref): Promise<GetRead> {
    try {
      const resource = await this.discovery.find(ref);
      return await this.getObject(objectPath(resource, ref.namespace, ref.name), resource);
    } catch (error) {
      return error instanceof UnknownKind ? { state: 'absent' } : unreadFrom(error);
    }
  }

  version(): Promise<VersionRead> {
    return this.getVersion().catch(unreadFrom);
  }

  private getCrd(name: string): Promise<GetRead> {
    // The schemas are hundreds of kilobytes, and only the annotations matter.
    return this.getObject(objectPath(CRD, '', name), CRD, METADATA_ONLY);
  }

  private async getObject(path: string, resource: Resource, accept?: string): Promise<GetRead> {
    const ask = () => this.transport.call({ method: 'GET', path, ...(accept ? { accept } : {}) });
    const first = await ask();
    // Every API server serves CRDs: one that does not know their path says nothing about which there are.
    if (resource === CRD && first.status === 404 && first.body === undefined)
      return { state: 'failed', message: NO_CRDS };
    const isKnown = () => isServed(this.transport, resource);
    const answer =
      isOfTheKind(first, path) && (await isKnown())
        ? await this.agreement.reached(async () => {
            const again = await ask();
            return isOfTheKind(again, path) && (await isKnown()) ? null : again;
          })
        : first;
    if ('state' in answer) return answer;
    if (answer.status === 404 && isAbsence(answer, path)) return { state: 'absent' };
    if (answer.status !== 200) return unreadOf(answer);
    const object = answer.body as Partial<KubeObject>;
    const name = object.metadata?.name;
    if (typeof name !== 'string' || !path.endsWith(`/${encodeURIComponent(name)}`))
      return { state: 'failed', message: 'the answer is not an object of that kind' };
    return { state: 'ok', object: received(resource, object as KubeObject) };
  }

  private async getVersion(): Promise<VersionRead> {
    const answer = await this.transport.call({ method: 'GET', path: '/version' });
    const { gitVersion, platform } = (answer.body ?? {}) as { gitVersion?: unknown; platform?: unknown };
    if (answer.status !== 200) return unreadOf(answer);
    if (typeof gitVersion !== 'string') return { state: 'failed', message: 'the answer names no gitVersion' };
    return { state: 'ok', version: { gitVersion, ...(typeof platform === 'string' ? { platform } : {}) } };
  }

  /** A web server that knows none of our paths would look like a cluster with nothing installed. */
  private refuseStranger({ lists, crds, server }: Snapshot): void {
    const reads = [...lists.values(), ...crds.values()];
    const knows = reads.some(({ state }) => state === 'ok' || state === 'forbidden');
    const failed = reads.some((read) => read.state === 'failed' && read.message !== NO_CRDS);
    if (server.state !== 'failed' || knows || failed) return;
    throw new UserError(`${this.server} does not answer as a Kubernetes API server: ${server.message}`, {
      hint: 'Check the server address in the kubeconfig, or --server.',
    });
  }
}

// Not of the object: as with lists, one such answer does not do.
function isOfTheKind(answer: Answer, path: string): boolean {
  return answer.status === 404 && isAbsence(answer, path) && !namesWhatIsAbsent(answer);
}
