import { UserError } from '../api/errors.ts';
import { shellWord } from '../api/shellWord.ts';
import type { Finding } from '../api/finding.ts';
import type { Inventory } from '../api/inventory.ts';
import { canonicalJson } from '../api/json.ts';
import type { KubeObject } from '../api/object.ts';
import { refKey, refOf } from '../api/ref.ts';
import { resourceOf } from '../api/resource.ts';
import { ADVISORY_RESOURCES } from '../inventory/advisory/wanted.ts';
import { buildInventory } from '../inventory/build.ts';
import { INVENTORY_RESOURCES } from '../inventory/wanted.ts';
import { LIMITS, mebibytes } from '../manifests/limits.ts';
import type { LoadedObject, Wanted } from '../manifests/load.ts';
import { loadTree, type LoadedTree } from '../manifests/loadTree.ts';
import { snapshotOf } from '../manifests/snapshot.ts';
import { on, text, texts, type Args } from './command.ts';
import type { Context } from './context.ts';

/** Manifests as a source: what was read, and the Inventory of it. */
export interface Files {
  readonly loaded: LoadedTree;
  readonly inventory: Inventory;
  /** About the files; what is about objects is in the Inventory. */
  readonly findings: readonly Finding[];
  /** Documents that could not be used, with file and line. */
  readonly problems: readonly string[];
  /** `in FILE`, `in 3 places`: after "there is none". */
  readonly scope: string;
}

const RESOURCES = [...INVENTORY_RESOURCES, ...ADVISORY_RESOURCES];
const KINDS = new Set(RESOURCES.map(({ group, kind }) => `${group}/${kind}`));
const wanted: Wanted = (group, kind) => KINDS.has(`${group}/${kind}`);

/** What -f names; null where it was not given. */
export async function readFiles(args: Args, context: Context): Promise<Files | null> {
  const paths = texts(args, 'filename');
  if (paths.length === 0) return null;
  for (const path of paths) refuse(path);
  const recursive = on(args, 'recursive');
  const stdin = paths.includes('-') ? await readStdin(context) : '';
  const loaded = loadTree(paths, { recursive, wanted, stdin });
  if (loaded.read === 0 && loaded.problems.length === 0) throw nothingThere(paths, recursive);
  const scope =
    paths.length === 1 ? `in ${paths[0] === '-' ? 'stdin' : paths[0]}` : `in ${paths.length} places`;
  const all = loaded.files.flatMap(({ objects }) => objects);
  return {
    loaded,
    inventory: inventoryOf(placed(firstOfEach(all), text(args, 'namespace')), loaded, scope),
    findings: [...loaded.findings, ...duplicates(all)],
    problems: loaded.problems,
    scope,
  };
}

function refuse(path: string): void {
  if (path === '') throw new UserError('-f was given without a name.', { hint: 'As in: -f manifests/' });
  if (/^https?:\/\//i.test(path))
    throw new UserError(`${path} is an address; -f takes files and folders.`, {
      hint: `Fetch it yourself: curl -fsSL ${shellWord(path)} | kubectl infpool convert -f -`,
    });
}

async function readStdin(context: Context): Promise<string> {
  const input = await context.readStdin(LIMITS.fileBytes);
  if (input.length > LIMITS.fileBytes)
    throw new UserError(`stdin is larger than ${mebibytes(LIMITS.fileBytes)}, the most that is read.`);
  return input;
}

function nothingThere(paths: readonly string[], recursive: boolean): UserError {
  return new UserError(`${paths.join(', ')} holds no *.yaml, *.yml or *.json.`, {
    hint: recursive
      ? 'Hidden folders and node_modules are not looked into.'
      : 'With -R folders below are looked into, too.',
  });
}

/** The Inventory of objects from files. What could not be looked into keeps the verdict from being "none". */
export function inventoryOf(
  objects: readonly KubeObject[],
  { unseen }: Pick<LoadedTree, 'unseen'>,
  scope: string,
): Inventory {
  const inventory = buildInventory(snapshotOf(objects, RESOURCES));
  const where = unseen.length > 0 ? `in what could be read of ${scope.replace(/^in /, '')}` : scope;
  const found = inventory.verdict === 'MigrationNeeded' || inventory.verdict === 'InProgress';
  return {
    ...inventory,
    verdict: !found && unseen.length > 0 ? 'Unknown' : inventory.verdict,
    unread: unseen.map(({ where, message }) => ({ resource: where, state: 'failed', message })),
    checked: inventory.checked.map((line) => line.replace('in all namespaces', where)),
  };
}

// As kubectl apply -n: what names no namespace goes into that one.
function placed(objects: readonly KubeObject[], namespace: string | undefined): KubeObject[] {
  return objects.map((object) => {
    const { group, kind, namespace: given } = refOf(object);
    if (namespace === undefined || given !== '' || !resourceOf(group, kind)?.namespaced) return object;
    return { ...object, metadata: { ...object.metadata, namespace } };
  });
}

function firstOfEach(loaded: readonly LoadedObject[]): KubeObject[] {
  const first = new Map<string, KubeObject>();
  for (const { object } of loaded) {
    const key = refKey(refOf(object));
    if (!first.has(key)) first.set(key, object);
  }
  return [...first.values()];
}

// Overlays and patches have the same object several times; which one a cluster gets is not for us to say.
function duplicates(loaded: readonly LoadedObject[]): Finding[] {
  const byKey = Map.groupBy(loaded, ({ object }) => refKey(refOf(object)));
  return [...byKey.values()].flatMap((same): Finding[] => {
    const [first, ...others] = same;
    const one = canonicalJson(first!.object);
    if (others.every(({ object }) => canonicalJson(object) === one)) return [];
    const places = same.map(({ source }) => `${source.file}:${source.line}`);
    return [
      {
        id: 'defined-twice',
        severity: 'warning',
        ref: refOf(first!.object),
        field: '',
        message: `It is defined ${same.length} times, not always the same: ${places.slice(0, 4).join(', ')}${places.length > 4 ? ' …' : ''}. Only the first is shown.`,
        hint: 'Overlays are for different clusters: give the folder of one cluster, or what kustomize build makes of it.',
      },
    ];
  });
}

/** Routes are not among the objects that `convert` prints: said, not passed over. */
export function routesNotPrinted(inventory: Inventory): Finding[] {
  const routes = new Map(
    inventory.pools
      .flatMap((pool) => pool.references)
      .filter(({ relation }) => relation === 'backendRef')
      .map(({ from, path }) => [JSON.stringify(from), { from, path }]),
  );
  return [...routes.values()].map(({ from, path }) => ({
    id: 'route-in-file',
    severity: 'warning',
    ref: from,
    field: path,
    message: 'It points at an alpha pool, and routes are not among what is printed here.',
    hint: 'To have the files rewritten, routes too: the same command with --output-dir OUT or --in-place',
  }));
}
