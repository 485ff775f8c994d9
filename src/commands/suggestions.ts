import type { KubeObject } from '../api/object.ts';
import { ALPHA_POOL, HTTP_ROUTE, MODEL, NAMESPACE, V1_POOL, type Resource } from '../api/resource.ts';
import type { Glance } from '../cluster/glance.ts';
import { PERCENTS, wordCandidates } from '../completion/candidates.ts';
import type { Line } from '../completion/line.ts';
import { modelCandidates, pairCandidates, poolCandidates, routeCandidates } from '../completion/objects.ts';
import type { Source } from '../completion/sources.ts';
import { takesValue, type Candidate, type FlagSpecs } from '../completion/spec.ts';
import { RELEASES } from '../convert/releases.ts';
import { defaultTargetName } from '../inventory/pairs.ts';
import type { Context } from './context.ts';
import { readConnection } from './flags.ts';

/** These look at all namespaces unless told. */
const LOOK_EVERYWHERE: ReadonlySet<string> = new Set(['detect', 'status', 'verify']);

interface Place {
  readonly command: string;
  readonly flags: FlagSpecs;
  readonly line: Line;
  readonly context: Context;
  /** From then on nothing more is wanted. */
  readonly signal: AbortSignal;
}

/** What can stand at one place of a command line. Looks into the kubeconfig and the cluster only where it has to. */
export class Suggestions {
  private readonly place: Place;
  private opened: Promise<Glance> | null = null;

  constructor(place: Place) {
    this.place = place;
  }

  /** None where something is wrong: whoever presses a key has not asked what. */
  async of(source: Source): Promise<readonly Candidate[]> {
    try {
      return await Promise.race([this.find(source), over(this.place.signal)]);
    } catch {
      return [];
    }
  }

  private async find(source: Source): Promise<readonly Candidate[]> {
    if (typeof source === 'object') return wordCandidates(source.words);
    const { typed, given } = this.typed;
    switch (source) {
      case 'percents':
        return PERCENTS;
      case 'releases':
        return wordCandidates(RELEASES.map(({ version }) => version));
      case 'findings': {
        const { CHAPTERS } = await import('../explain/pages.ts');
        return CHAPTERS.flatMap(({ pages }) =>
          pages.map(({ id, page }) => ({ value: id, about: page.title })),
        ).filter(({ value }) => !given.includes(value));
      }
      case 'roles': {
        const { ROLES } = await import('../access/roles.ts');
        return ROLES.map(({ id, summary }) => ({ value: id, about: summary })).filter(
          ({ value }) => !given.includes(value),
        );
      }
      case 'contexts':
      case 'clusters':
      case 'users':
        return wordCandidates([...(await this.glance()).kubeconfig[source].keys()]);
      case 'namespaces':
        return wordCandidates((await (await this.glance()).list(NAMESPACE, '', true)).map(nameOf));
      case 'models':
        return modelCandidates(await this.list(MODEL, false));
      case 'routes':
        return routeCandidates(await this.list(HTTP_ROUTE, false), typed, given);
      case 'pools': {
        const [alpha, v1] = await this.pools();
        return poolCandidates(alpha, v1, typed, given);
      }
      case 'pairs': {
        const [alpha, v1] = await this.pools();
        return pairCandidates(alpha, (old) => besides(old, v1), typed, given);
      }
      case 'newNames': {
        const alpha = await this.names(ALPHA_POOL);
        return pairCandidates(alpha, (old) => [defaultTargetName(nameOf(old))], typed, given);
      }
      default: // files and folders are the shell's, and of nothing nobody knows
        return [];
    }
  }

  private get typed(): { typed: string; given: readonly string[] } {
    const { at, typed, positionals, given } = this.place.line;
    return { typed, given: typeof at === 'object' ? (given.get(at.flag) ?? []) : positionals };
  }

  private pools(): Promise<[KubeObject[], KubeObject[]]> {
    return Promise.all([this.names(ALPHA_POOL), this.names(V1_POOL)]);
  }

  private async names(resource: Resource): Promise<KubeObject[]> {
    return [...(await this.list(resource, true))];
  }

  private async list(resource: Resource, namesOnly: boolean): Promise<readonly KubeObject[]> {
    const glance = await this.glance();
    return glance.list(resource, this.scope(glance), namesOnly);
  }

  /** Of NAMESPACE/… that namespace, else the one that the command would look into; '' for all. */
  private scope(glance: Glance): string {
    const { command, line } = this.place;
    const slash = line.typed.indexOf('/');
    if (slash > 0) return line.typed.slice(0, slash);
    if (line.given.has('all-namespaces')) return '';
    const told = line.given.get('namespace')?.at(-1);
    return told ?? (LOOK_EVERYWHERE.has(command) ? '' : glance.namespace);
  }

  private glance(): Promise<Glance> {
    const { context, flags, line, signal } = this.place;
    const given = [...line.given].map(([name, values]): [string, readonly string[] | true] => [
      name,
      takesValue(flags[name]!) ? values : true,
    ]);
    const args = { positionals: [], ...Object.fromEntries(given) } as Parameters<typeof readConnection>[0];
    return (this.opened ??= context.glance(readConnection(args), signal));
  }
}

function besides(old: KubeObject, v1: readonly KubeObject[]): string[] {
  return v1.filter(({ metadata }) => metadata.namespace === old.metadata.namespace).map(nameOf);
}

function nameOf({ metadata }: KubeObject): string {
  return metadata.name;
}

function over(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const late = () => reject(new Error('no time left'));
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
  });
}
