import type { KubeObject } from '../api/object.ts';
import { ALPHA_GROUP, V1_GROUP } from '../api/resource.ts';

/** What an endpoint picker was told on its command line. */
export interface EppArguments {
  /** Null: no such flag. A value with `$(…)` is filled in by the kubelet and not known here. */
  readonly poolName: string | null;
  /** Null: it comes from the environment, and is not known here. */
  readonly poolNamespace: string | null;
  readonly poolGroup: string;
  readonly grpcPort: number;
}

interface Container {
  command?: string[];
  args?: string[];
  env?: { name: string; value?: string }[];
  ports?: { name?: string; containerPort: number }[];
}

const DEFAULT_GRPC_PORT = 9002;

/** The containers of a Deployment's pods. */
export function containersOf(deployment: KubeObject): Container[] {
  return (deployment['spec']?.template?.spec?.containers ?? []) as Container[];
}

/** Reads `-flag value`, `--flag value` and `--flag=value`, as Go's flag packages do; null when no container looks like an EPP. */
export function eppArguments(deployment: KubeObject): EppArguments | null {
  for (const container of containersOf(deployment)) {
    const flags = parseFlags([...(container.command ?? []), ...(container.args ?? [])]);
    const old = flags.get('poolName');
    const name = old ?? flags.get('pool-name');
    if (name === undefined && !flags.has('pool-namespace') && !flags.has('poolNamespace')) continue;
    return {
      poolName: name ?? null,
      poolNamespace: namespaceOf(flags, container),
      // EPPs up to v0.5 (-poolName) know the alpha group only; later ones default to v1.
      poolGroup: flags.get('pool-group') ?? (old === undefined ? V1_GROUP : ALPHA_GROUP),
      grpcPort: Number(flags.get('grpc-port') ?? flags.get('grpcPort') ?? DEFAULT_GRPC_PORT),
    };
  }
  return null;
}

// Up to v0.5 the flag or "default"; later the variable NAMESPACE comes between. Source: resolvePoolNamespace in
// cmd/epp/runner/runner.go of v1.3.1.
function namespaceOf(flags: ReadonlyMap<string, string>, { env }: Container): string | null {
  const said = flags.get('poolNamespace') ?? flags.get('pool-namespace');
  if (said !== undefined) return said;
  const variable = flags.has('poolName') ? undefined : env?.find(({ name }) => name === 'NAMESPACE');
  return variable ? (variable.value ?? null) : 'default';
}

function parseFlags(words: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    const match = /^--?([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(word);
    if (!match) continue;
    const next = words[index + 1];
    flags.set(match[1]!, match[2] ?? (next === undefined || next.startsWith('-') ? 'true' : next));
  }
  return flags;
}

/** A value that the kubelet fills in from the environment. */
export function isExpanded(value: string | null): boolean {
  return value !== null && /\$\(.+\)/.test(value);
}
