// Others who write to the same objects all the while, each in its own way, and remember what they wrote.
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeError, type Json, type Kube, type KubeObject, type KubeRef } from '../lab/kube.ts';

/** One write of theirs that was accepted: a mark that nobody else touches, so it has to be there at the end. */
export interface Mark {
  readonly by: string;
  readonly ref: KubeRef;
  readonly key: string;
  readonly value: string;
}

export interface Habit {
  readonly name: string;
  /** Between two writes; ms. */
  readonly pauseMs: number;
  /** What it writes at its k-th turn; returns the mark, or null where it left none. @throws KubeError to be tried again */
  write(k: number): Promise<Mark | null>;
}

export class Rivals {
  readonly marks: Mark[] = [];
  private over = false;
  private readonly running: Promise<unknown>[] = [];
  private broken: unknown;

  start(...habits: Habit[]): void {
    for (const habit of habits)
      this.running.push(this.run(habit).catch((error: unknown) => (this.broken = error)));
  }

  async stop(): Promise<void> {
    this.over = true;
    await Promise.all(this.running);
    if (this.broken) throw this.broken;
  }

  private async run({ name, pauseMs, write }: Habit): Promise<void> {
    for (let k = 1; !this.over; k++) {
      try {
        const mark = await write(k);
        if (mark) this.marks.push(mark);
      } catch (error) {
        // Overtaken by someone, or the API server is away: nothing was written, or nobody knows.
        if (error instanceof KubeError && ![409, 404, 429, 500, 503, 504].includes(error.status))
          throw new Error(`${name}: ${error.message}`, { cause: error });
      }
      await sleep(pauseMs);
    }
  }
}

/** The marks that are not there any more. */
export async function lostMarks(kube: Kube, marks: readonly Mark[]): Promise<Mark[]> {
  const live = new Map<string, KubeObject | undefined>();
  for (const { ref } of marks) {
    const key = JSON.stringify(ref);
    if (!live.has(key)) live.set(key, await kube.get(ref));
  }
  return marks.filter(({ ref, key, value }) => {
    const annotations = live.get(JSON.stringify(ref))?.metadata['annotations'] as Json | undefined;
    return annotations?.[key] !== value;
  });
}

const keyOf = (name: string, k: number) => `rival.example/${name}-${k}`;

/** As a person with kubectl annotate, or a controller's note: a patch without a look at what is there. */
export function annotator(kube: Kube, name: string, ref: KubeRef, pauseMs = 150): Habit {
  return {
    name,
    pauseMs,
    async write(k) {
      const mark = { by: name, ref, key: keyOf(name, k), value: String(k) };
      await kube.mergePatch(ref, { metadata: { annotations: { [mark.key]: mark.value } } });
      return mark;
    },
  };
}

/** As client-go's Update: reads the whole, changes something of its own in it, writes the whole back if nobody did. */
export function updater(
  kube: Kube,
  name: string,
  ref: KubeRef,
  change: (object: KubeObject, k: number) => void,
  pauseMs = 250,
): Habit {
  return {
    name,
    pauseMs,
    async write(k) {
      const object = await kube.get(ref);
      if (!object) return null;
      const mark = { by: name, ref, key: keyOf(name, k), value: String(k) };
      object.metadata['annotations'] = {
        ...(object.metadata['annotations'] as Json),
        [mark.key]: mark.value,
      };
      change(object, k);
      await replace(kube, object, name);
      return mark;
    },
  };
}

/** As Argo CD or Flux with server-side apply: all that it ever wanted, again and again, and nothing else. */
export function applier(kube: Kube, name: string, ref: KubeRef, pauseMs = 400): Habit {
  const wanted: Record<string, string> = {};
  return {
    name,
    pauseMs,
    async write(k) {
      const mark = { by: name, ref, key: keyOf(name, k), value: String(k) };
      wanted[mark.key] = mark.value;
      const { apiVersion, kind, ...metadata } = ref;
      await kube.apply({ apiVersion, kind, metadata: { ...metadata, annotations: { ...wanted } } }, name);
      return mark;
    },
  };
}

/** PUT, with the resourceVersion that was read. */
export async function replace(kube: Kube, object: KubeObject, manager: string): Promise<void> {
  const { namespace = '', name } = object.metadata;
  const { plural } = await kube.resources.find(object.apiVersion, object.kind);
  const path = `/apis/${object.apiVersion}/namespaces/${namespace}/${plural}/${name}?fieldManager=${manager}`;
  await kube.request('PUT', path, object);
}
