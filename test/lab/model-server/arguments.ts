// What a pod serves, read from its own container's arguments, as vLLM itself would: no annotation of ours in
// fixtures that a user could have.
import type { KubeObject } from '../kube.ts';

export interface ModelServerArguments {
  port: number;
  /** The public names: `--served-model-name` (or `--model`) and every LoRA module. */
  models: string[];
  /** The LoRA modules among them, as the metric `vllm:lora_requests_info` lists them. */
  adapters: string[];
}

/** What the pod's model server serves; undefined when no container of it is one. */
export function modelServerArguments(pod: KubeObject): ModelServerArguments | undefined {
  for (const container of (pod['spec']?.containers ?? []) as { command?: string[]; args?: string[] }[]) {
    const line = [...(container.command ?? []), ...(container.args ?? [])];
    if (isVllm(line)) return parse(line);
  }
  return undefined;
}

function isVllm(line: string[]): boolean {
  const serve = line[0] !== undefined && /(^|\/)vllm$/.test(line[0]) && line[1] === 'serve';
  return serve || line.some((word) => /^vllm\.entrypoints\./.test(word));
}

function parse(line: string[]): ModelServerArguments {
  const flags = flagValues(line);
  const positional =
    line[1] === 'serve' && line[2] !== undefined && !line[2].startsWith('-') ? [line[2]] : [];
  const base = flags.get('--served-model-name') ?? flags.get('--model') ?? positional;
  const adapters = (flags.get('--lora-modules') ?? []).flatMap(adapterName);
  return { port: Number(flags.get('--port')?.[0] ?? 8000), models: [...base, ...adapters], adapters };
}

/** `--flag a b` and `--flag=a`: every value up to the next flag. */
function flagValues(line: string[]): Map<string, string[]> {
  const flags = new Map<string, string[]>();
  let current: string[] = [];
  for (const word of line) {
    const flag = /^(--[a-z][a-z-]*)(?:=(.*))?$/s.exec(word);
    if (!flag) current.push(word);
    else flags.set(flag[1]!, (current = flag[2] === undefined ? [] : [flag[2]]));
  }
  return flags;
}

/** vLLM takes both `name=path` and a JSON object. */
function adapterName(value: string): string[] {
  const name = value.startsWith('{') ? (JSON.parse(value) as { name?: string }).name : value.split('=')[0];
  return name ? [name] : [];
}
