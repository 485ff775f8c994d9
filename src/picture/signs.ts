import { refKey, type Ref } from '../api/ref.ts';
import type { Check } from '../api/verification.ts';
import type { PictureNode, Sign } from './picture.ts';
import type { Scene } from './scene.ts';

type Told = Pick<PictureNode, 'trouble' | 'doubt'>;

/** Checks about a pool's servers have the pool as their subject; in the picture the servers stand for themselves. */
const SERVERS = 'Model servers';

/** What is wrong with each object, and what could not be told, from failed checks and errors found. */
export class Signs {
  readonly #byKey = new Map<string, Check[]>();
  readonly #errors = new Map<string, Sign[]>();
  readonly #lookedFor: (ref: Ref) => boolean;

  constructor({ checks, inventory, lookedFor }: Pick<Scene, 'checks' | 'inventory' | 'lookedFor'>) {
    this.#lookedFor = lookedFor;
    for (const check of checks) push(this.#byKey, keyOf(check), check);
    for (const { severity, ref, id, message } of inventory.findings)
      if (severity === 'error' && ref) push(this.#errors, refKey(ref), { id, text: message });
  }

  of(ref: Ref): Told {
    const checks = this.#byKey.get(refKey(ref)) ?? [];
    const failed = checks.filter(({ verdict }) => verdict === 'fail').map(signOf);
    const unknown = checks.filter(({ verdict }) => verdict === 'unknown').map(signOf);
    const errors = this.#errors.get(refKey(ref)) ?? [];
    // What lies where nobody looked is not known to be wrong.
    if (!this.#lookedFor(ref)) return { trouble: errors, doubt: unique([...failed, ...unknown]) };
    return { trouble: unique([...errors, ...failed]), doubt: unique(unknown) };
  }

  ofServers(pool: Ref): Told {
    const checks = this.#byKey.get(serversKey(pool)) ?? [];
    return {
      trouble: unique(checks.filter(({ verdict }) => verdict === 'fail').map(signOf)),
      doubt: unique(checks.filter(({ verdict }) => verdict === 'unknown').map(signOf)),
    };
  }

  /** What a check that passed has seen: `3 of 4 ready`; '' where it was not made. */
  seen(ref: Ref, id: string): string {
    const checks = [...(this.#byKey.get(refKey(ref)) ?? []), ...(this.#byKey.get(serversKey(ref)) ?? [])];
    const evidence = checks.find((check) => check.id === id && check.verdict === 'pass')?.evidence ?? '';
    return evidence.slice(evidence.lastIndexOf(': ') + 1).trim();
  }
}

export function serversKey(pool: Ref): string {
  return `${SERVERS} ${refKey(pool)}`;
}

function keyOf({ group, subject }: Check): string {
  return group === SERVERS ? serversKey(subject) : refKey(subject);
}

function signOf({ id, evidence }: Check): Sign {
  return { id, text: evidence };
}

// A pool that two Gateways serve says some things twice.
function unique(signs: readonly Sign[]): Sign[] {
  return [...new Map(signs.map((sign) => [`${sign.id} ${sign.text}`, sign])).values()];
}

function push<T>(into: Map<string, T[]>, key: string, value: T): void {
  const list = into.get(key);
  if (list) list.push(value);
  else into.set(key, [value]);
}
