// An endpoint picker's container → the command that runs it here: the same arguments, except that every
// process needs ports of its own, since a picker listens on all addresses.
import type { KubeObject } from '../kube.ts';

export interface Container {
  name: string;
  image: string;
  args?: string[];
  env?: EnvVar[];
  volumeMounts?: { name: string; mountPath: string }[];
  readinessProbe?: { grpc?: { port: number; service?: string } };
}

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: {
    fieldRef?: { fieldPath: string };
    configMapKeyRef?: { name: string; key: string; optional?: boolean };
  };
}

/** The pod's container that is an endpoint picker, by its image; undefined when there is none. */
export function eppContainer(pod: KubeObject): Container | undefined {
  return (pod['spec']?.containers as Container[]).find(({ image }) => /(^|\/)epp(:|@|$)/.test(image));
}

export type EppPart = 'epp-v0.3.0' | 'epp-v1.0.1' | 'epp-v1.3.1';

/** Which of the lab's builds runs that image; undefined: none, as if it could not be pulled. */
export function eppPart(image: string): EppPart | undefined {
  const tag = /:([^:/@]+)(@|$)/.exec(image)?.[1] ?? '';
  if (/^v0\.3\.\d/.test(tag)) return 'epp-v0.3.0';
  if (/^v1\.0\.\d/.test(tag)) return 'epp-v1.0.1';
  if (/^v1\.3\.\d/.test(tag)) return 'epp-v1.3.1';
  return undefined;
}

export type PortUse = 'grpc' | 'health' | 'metrics';
const defaults: Record<PortUse, number> = { grpc: 9002, health: 9003, metrics: 9090 };
const alphaFlags: Record<PortUse, string> = {
  grpc: 'grpcPort',
  health: 'grpcHealthPort',
  metrics: 'metricsPort',
};
const flags: Record<PortUse, string> = {
  grpc: 'grpc-port',
  health: 'grpc-health-port',
  metrics: 'metrics-port',
};
export const portUses = Object.keys(defaults) as PortUse[];

/** The port that the container's arguments ask for. */
export function containerPort(part: EppPart, args: readonly string[], use: PortUse): number {
  const name = flagName(part, use);
  const values = args.flatMap((arg, index) => {
    const flag = /^--?([^=]+)(?:=(.*))?$/s.exec(arg);
    return flag?.[1] === name ? [flag[2] ?? args[index + 1] ?? ''] : [];
  });
  return values.length > 0 ? Number(values.at(-1)) : defaults[use];
}

/** The arguments with other ports: of a flag that is there twice the last one counts, in both flag libraries. */
export function withPorts(
  part: EppPart,
  args: readonly string[],
  ports: Readonly<Record<PortUse, number>>,
): string[] {
  const dashes = part === 'epp-v0.3.0' ? '-' : '--';
  return [...args, ...portUses.map((use) => `${dashes}${flagName(part, use)}=${ports[use]}`)];
}

const flagName = (part: EppPart, use: PortUse) => (part === 'epp-v0.3.0' ? alphaFlags : flags)[use];

/** `$(NAME)` in arguments and values, as the kubelet puts them in; `$$` escapes. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([\w.-]+)\)/g, (all, name: string | undefined) =>
    name === undefined ? '$' : (env[name] ?? all),
  );
}

/** Paths inside the container → where the lab has put those files. */
export function translatePaths(text: string, mounts: ReadonlyMap<string, string>): string {
  for (const [inside, outside] of mounts) {
    const at = text.indexOf(`${inside.replace(/\/$/, '')}/`);
    // The whole word, or what follows `--flag=`.
    if (at === 0 || (at > 0 && text[at - 1] === '='))
      return text.slice(0, at) + outside + text.slice(at + inside.replace(/\/$/, '').length);
  }
  return text;
}
