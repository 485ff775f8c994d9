import type { FlagSpecs } from './spec.ts';
import type { Line } from './line.ts';

/** Where candidates come from. `nothing`: free text, of which nobody but the user knows. */
export type Source =
  | 'clusters'
  | 'contexts'
  | 'files'
  | 'findings'
  | 'folders'
  | 'models'
  | 'namespaces'
  | 'newNames'
  | 'nothing'
  | 'pairs'
  | 'percents'
  | 'pools'
  | 'releases'
  | 'roles'
  | 'routes'
  | 'users'
  | { readonly words: readonly string[] };

const OF_FLAG: Readonly<Record<string, Source>> = {
  namespace: 'namespaces',
  context: 'contexts',
  cluster: 'clusters',
  user: 'users',
  pool: 'pools',
  pair: 'pairs',
  name: 'newNames',
  model: 'models',
  release: 'releases',
  weight: 'percents',
  backup: 'files',
  'certificate-authority': 'files',
  chart: 'files',
  'client-certificate': 'files',
  'client-key': 'files',
  'crds-from': 'files',
  filename: 'files',
  from: 'files',
  kubeconfig: 'files',
  output: 'files',
  record: 'files',
  values: 'files',
  'output-dir': 'folders',
};

/** What completes the value of a flag. */
export function sourceOfFlag(name: string, flags: FlagSpecs): Source {
  const words = (flags[name]?.choices ?? []).map(String);
  if (words.length > 0) return { words };
  return OF_FLAG[name] ?? 'nothing';
}

const OF_ARGUMENT: Readonly<Record<string, Source>> = {
  POOL: 'pools',
  ROUTE: 'routes',
  N: 'percents',
  ID: 'findings',
  COMMAND: 'roles',
};

/** What completes the argument at the cursor, read from the usage: `[ROUTE...] [N]`, `[install]`, `bash|zsh`. */
export function sourcesOfArgument(usage: string, line: Line): readonly Source[] {
  // Arguments that name objects of a cluster mean nothing where files are looked at.
  if (line.given.has('filename')) return [];
  const parts = usage.split(' ').filter((part) => part !== '');
  const before = line.positionals.length;
  const sources = parts.flatMap((part, index): Source[] => {
    const repeated = part.includes('...');
    const word = part.replaceAll(/[[\].]/g, '');
    if (!/^[A-Z]+$/.test(word)) return index === before ? [{ words: word.split('|') }] : [];
    const afterRepeated = parts.slice(0, index).some((earlier) => earlier.includes('...'));
    return index === before || repeated || afterRepeated ? [OF_ARGUMENT[word] ?? 'nothing'] : [];
  });
  if (!sources.includes('percents')) return sources;
  // The percent is the last argument, and --weight stands for it.
  if (line.given.has('weight')) return sources.filter((source) => source !== 'percents');
  return line.positionals.some((word) => /^\d+$/.test(word)) ? [] : sources;
}
