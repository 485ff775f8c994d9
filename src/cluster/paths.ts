import type { Ref } from '../api/ref.ts';
import { resourceOf, type Resource } from '../api/resource.ts';
import { explain, isAbsence } from './answer.ts';
import { RequestFailure } from './failures.ts';
import type { Transport } from './transport.ts';

/** `/apis/GROUP/VERSION/namespaces/NS/PLURAL`; a namespace of '' means all of them. */
export function collectionPath(resource: Resource, namespace: string): string {
  const within =
    resource.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupPath(resource)}${within}/${resource.plural}`;
}

export function objectPath(resource: Resource, namespace: string, name: string): string {
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
}

export function query(parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

function groupPath({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** A kind that the API server does not serve in that version. */
export class UnknownKind extends Error {
  override readonly name = 'UnknownKind';
}

/** Kinds to resources: ours from the vocabulary, others (objects in a backup) by asking the server, once a version. */
export class Discovery {
  private readonly transport: Transport;
  private readonly asked = new Map<string, Promise<Resource[]>>();

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /** @throws UnknownKind, RequestFailure */
  async find(ref: Pick<Ref, 'group' | 'version' | 'kind'>): Promise<Resource> {
    const { group, version, kind } = ref;
    const known = resourceOf(group, kind);
    if (known) return { ...known, version };
    const path = groupPath(ref);
    const asked = this.asked.get(path) ?? this.ask(path, group, version);
    this.asked.set(path, asked);
    // A kind that is not there may be installed later on: only a hit is worth remembering.
    const found = await asked.then(
      (resources) => resources.find((candidate) => candidate.kind === kind),
      (error: unknown) => {
        this.asked.delete(path);
        throw error;
      },
    );
    if (found) return found;
    this.asked.delete(path);
    throw new UnknownKind(
      `the API server has no kind ${kind} in ${group === '' ? version : `${group}/${version}`}`,
    );
  }

  private async ask(path: string, group: string, version: string): Promise<Resource[]> {
    const answer = await this.transport.call({ method: 'GET', path });
    if (answer.status === 404 && isAbsence(answer, path)) return [];
    const { resources } = (answer.body ?? {}) as {
      resources?: { name: string; kind: string; namespaced: boolean }[];
    };
    if (answer.status !== 200 || !Array.isArray(resources)) {
      throw new RequestFailure('malformed', `GET ${path}: ${explain(answer)}`, { sent: false });
    }
    return resources
      .filter(({ name }) => !name.includes('/')) // subresources
      .map(({ name, kind, namespaced }) => ({ group, version, kind, plural: name, namespaced }));
  }
}
