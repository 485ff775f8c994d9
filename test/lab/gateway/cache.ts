// Keeps a World up to date by watches.
import { KubeError, type Kube, type KubeObject } from '../kube.ts';
import { kinds, type Kind, type World } from './world.ts';

export class Cache {
  private readonly kube: Kube;
  private readonly objects = Object.fromEntries(
    Object.keys(kinds).map((kind) => [kind, new Map<string, KubeObject>()]),
  ) as Record<Kind, Map<string, KubeObject>>;
  private readonly abort = new AbortController();
  private watches: Promise<void>[] = [];

  constructor(kube: Kube) {
    this.kube = kube;
  }

  /**
   * Returns when what exists now is known, so that nothing is said on half of it. Kinds that are not
   * installed are empty until they are.
   */
  async start(onChange: () => void, onError: (error: unknown) => void): Promise<void> {
    const all = Object.entries(kinds) as [Kind, (typeof kinds)[Kind]][];
    await Promise.all(
      all.map(async ([kind, [apiVersion, plural]]) => {
        for (const object of await this.listed(apiVersion, plural))
          this.objects[kind].set(id(object), object);
      }),
    );
    this.watches = all.map(([kind, [apiVersion, plural]]) =>
      this.kube
        .watch(
          apiVersion,
          plural,
          (type, object) => {
            if (type === 'DELETED') this.objects[kind].delete(id(object));
            else this.objects[kind].set(id(object), object);
            onChange();
          },
          this.abort.signal,
        )
        .catch(onError),
    );
  }

  world(): World {
    return Object.fromEntries(
      Object.entries(this.objects).map(([kind, objects]) => [kind, [...objects.values()]]),
    ) as World;
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await Promise.all(this.watches);
  }

  private async listed(apiVersion: string, plural: string): Promise<KubeObject[]> {
    try {
      return await this.kube.list(apiVersion, plural);
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return [];
      throw error;
    }
  }
}

const id = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;
