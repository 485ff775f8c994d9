import type { Cluster } from '../api/cluster.ts';
import { UserError, type ExitCode } from '../api/errors.ts';
import type { Finding } from '../api/finding.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import type { Snapshot } from '../api/read.ts';
import { refKey, refOf, type Ref } from '../api/ref.ts';
import {
  ALPHA_POOL,
  DESTINATION_RULE,
  HTTP_ROUTE,
  POLICIES,
  qualifiedName,
  REFERENCE_GRANT,
  V1_POOL,
} from '../api/resource.ts';
import type { ChartOptions, Provider } from '../convert/chart.ts';
import {
  convert,
  objectsOf as convertedObjects,
  type Conversion,
  type ConvertInput,
  type ConvertOptions,
} from '../convert/convert.ts';
import { asManifest } from '../convert/companions/companion.ts';
import { headerChanges, type HeaderChange } from '../convert/objectiveHeader.ts';
import { DEFAULT_PRIORITIES, type Criticality, type PriorityMap } from '../convert/models.ts';
import { releaseOf } from '../convert/releases.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { ADVISORY_RESOURCES } from '../inventory/advisory/wanted.ts';
import { defaultTargetName } from '../inventory/pairs.ts';
import { on, text, texts, type Args } from './command.ts';
import { readForWriting } from './connected.ts';
import { withCures } from './cures.ts';
import type { Context } from './context.ts';
import { missingPickers } from './pickers.ts';
import { readFiles, routesNotPrinted } from './files.ts';
import { nearest } from '../api/nearest.ts';
import { givenPairs } from './pairs.ts';
import { selectPools } from './select.ts';
import { withCluster, writeScope } from './session.ts';
import { tellUnread } from './unread.ts';

/** Everything that `convert` decides, before it is printed or applied. */
export interface Prepared {
  readonly inventory: Inventory;
  /** What it was built from; null when manifests are converted. */
  readonly snapshot: Snapshot | null;
  readonly pools: readonly PoolEntry[];
  readonly conversion: Conversion;
  /** With --objective-header: the routes that get headers. */
  readonly headers: readonly HeaderChange[];
  /** v1 pools that are there and lack the endpoint picker that the chart would bring, by refKey. */
  readonly withoutPicker: ReadonlySet<string>;
  readonly objects: readonly KubeObject[];
  readonly options: ConvertOptions;
  readonly chart: ChartOptions;
  /** Null when manifests are converted. */
  readonly cluster: Cluster | null;
  /** `in namespace x`, `in all namespaces`, `in FILE`. */
  readonly scope: string;
  /** Documents that could not be used, with file and line. */
  readonly problems: readonly string[];
}

/** Reads the cluster or the file, converts, and hands the result over. */
export async function prepareConversion(
  args: Args,
  context: Context,
  use: (prepared: Prepared) => Promise<ExitCode>,
): Promise<ExitCode> {
  const files = await readFiles(args, context);
  if (!files)
    return withCluster(args, context, async (cluster) => use(await conversionOf(cluster, args, context)));
  const decided = decide(files.inventory, args, text(args, 'namespace') ?? '');
  const about = [...files.findings, ...routesNotPrinted(files.inventory)];
  const conversion = { ...decided.conversion, findings: [...decided.conversion.findings, ...about] };
  return use({
    ...decided,
    conversion,
    cluster: null,
    snapshot: null,
    withoutPicker: new Set<string>(),
    scope: files.scope,
    problems: files.problems,
  });
}

/** The same for a cluster that is connected already. */
export async function conversionOf(
  cluster: Cluster,
  args: Args,
  context: Context,
): Promise<Prepared & { readonly cluster: Cluster }> {
  const namespace = writeScope(args, cluster);
  const { inventory, snapshot } = await readForWriting(
    cluster,
    namespace,
    context,
    givenPairs(args),
    ADVISORY_RESOURCES,
  );
  tellUnread(inventory, context);
  const scope = namespace === '' ? 'in all namespaces' : `in namespace ${namespace}`;
  const decided = decide(inventory, args, namespace);
  const existing =
    decided.options.epp === 'chart' ? decided.conversion.units.flatMap((unit) => unit.existing ?? []) : [];
  const missing = await missingPickers(existing, cluster);
  const conversion = {
    ...decided.conversion,
    findings: [...decided.conversion.findings, ...missing.findings],
  };
  return { ...decided, conversion, withoutPicker: missing.keys, cluster, snapshot, scope, problems: [] };
}

/** From an Inventory to the v1 objects. */
export function decide(
  inventory: Inventory,
  args: Args,
  namespace: string,
): Omit<Prepared, 'cluster' | 'scope' | 'problems' | 'snapshot' | 'withoutPicker'> {
  const pools = selectPools(inventory, args.positionals, {
    namespace,
    selector: text(args, 'selector') ?? '',
  }).filter((entry) => entry.phase !== 'Done');
  const options = readOptions(args, inventory, pools);
  const unclear = ambiguous(inventory);
  const inputs = pools.flatMap((entry) =>
    unclear.has(refKey(entry.ref)) ? [] : (inputOf(entry, inventory) ?? []),
  );
  const around = {
    alphaPools: objectsOf(inventory, ALPHA_POOL),
    v1Pools: objectsOf(inventory, V1_POOL),
    beside: {
      grants: objectsOf(inventory, REFERENCE_GRANT),
      policies: POLICIES.flatMap((kind) => objectsOf(inventory, kind)),
      destinationRules: objectsOf(inventory, DESTINATION_RULE),
    },
  };
  const converted = convert(inputs, around, options);
  const headers = on(args, 'objective-header')
    ? headerChanges(
        objectsOf(inventory, HTTP_ROUTE),
        modelsByPool(inventory, converted),
        options.release,
        keysOf(pools, converted),
      )
    : { changes: [], findings: [] };
  const mine = inventory.findings.filter((finding) => concerns(finding, pools));
  const conversion = {
    ...converted,
    findings: [
      ...withCures(converted.findings, pools, inventory, headers.changes),
      ...headers.findings,
      ...mine,
    ],
  };
  const objects = [...convertedObjects(conversion), ...headers.changes.map(({ after }) => asManifest(after))];
  return { inventory, pools, conversion, headers: headers.changes, objects, options, chart: options };
}

// By pool of either group: the models of all pools, because a rule may name one that is not to be converted now.
function modelsByPool(inventory: Inventory, { units }: Conversion): Map<string, KubeObject[]> {
  const models = new Map<string, KubeObject[]>();
  for (const entry of inventory.pools) {
    const mine = entry.models.flatMap((model) => objectOf(inventory, model) ?? []);
    models.set(refKey(entry.ref), mine);
    if (entry.v1) models.set(refKey(entry.v1), mine);
  }
  for (const { alpha, pool } of units)
    if (pool) models.set(refKey(refOf(pool)), models.get(refKey(refOf(alpha))) ?? []);
  return models;
}

// The pools that are to be converted, in both groups.
function keysOf(pools: readonly PoolEntry[], { units }: Conversion): Set<string> {
  return new Set([
    ...pools.flatMap(({ ref, v1 }) => (v1 ? [refKey(ref), refKey(v1)] : [refKey(ref)])),
    ...units.flatMap(({ pool }) => (pool ? [refKey(refOf(pool))] : [])),
  ]);
}

/** Of what the Inventory found, what is about these pools or about something that points at them. */
export function concerns(finding: Finding, pools: readonly PoolEntry[]): boolean {
  const { ref } = finding;
  if (!ref) return false;
  return pools.some(
    (entry) =>
      same(entry.ref, ref) ||
      entry.models.some((model) => same(model, ref)) ||
      entry.references.some(({ from }) => same(from, ref)),
  );
}

function same(a: Ref, b: Ref): boolean {
  return a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

// Where several v1 pools could be the counterpart another one would only make it worse; the finding says what to do.
function ambiguous({ findings }: Inventory): Set<string> {
  return new Set(
    findings.flatMap(({ id, ref }) => (id === 'counterpart-ambiguous' && ref ? [refKey(ref)] : [])),
  );
}

function inputOf(entry: PoolEntry, inventory: Inventory): ConvertInput | null {
  const alpha = objectOf(inventory, entry.ref);
  if (!alpha) return null;
  return {
    alpha,
    models: entry.models.flatMap((model) => objectOf(inventory, model) ?? []),
    existing: entry.v1 ? (objectOf(inventory, entry.v1) ?? null) : null,
  };
}

function readOptions(
  args: Args,
  inventory: Inventory,
  pools: readonly PoolEntry[],
): ConvertOptions & ChartOptions {
  const names = parseNames(texts(args, 'name'), pools);
  return {
    release: releaseOf(text(args, 'release') ?? ''),
    priorities: parsePriorities(text(args, 'priority')),
    provider: (text(args, 'provider') as Provider | undefined) ?? providerOf(inventory),
    epp: text(args, 'epp') === 'none' ? 'none' : 'chart',
    chart: text(args, 'chart') ?? '',
    more: [
      ...texts(args, 'values').flatMap((file) => ['--values', file]),
      ...texts(args, 'set').flatMap((pair) => ['--set', pair]),
    ],
    nameFor: (alpha) =>
      names.get(`${alpha.namespace}/${alpha.name}`) ?? names.get(alpha.name) ?? defaultTargetName(alpha.name),
  };
}

function parseNames(pairs: readonly string[], pools: readonly PoolEntry[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const pair of pairs) {
    const [old, name, ...rest] = pair.split('=');
    if (!old || !name || rest.length > 0)
      throw new UserError(`--name ${JSON.stringify(pair)} is not OLD=NEW.`, {
        hint: 'As in: --name my-pool=my-pool-v1',
      });
    if (!pools.some(({ ref }) => ref.name === old || `${ref.namespace}/${ref.name}` === old))
      throw new UserError(`--name ${pair}: there is no pool "${old}" among those to convert.`, {
        hint: `There are: ${pools.map(({ ref }) => ref.name).join(', ') || 'none'}`,
      });
    names.set(old, name);
  }
  return names;
}

export function parsePriorities(value: string | undefined): PriorityMap {
  const map: Record<Criticality, number> = { ...DEFAULT_PRIORITIES };
  for (const part of value === undefined ? [] : value.split(',')) {
    const [, name = '', priority] = /^(\w+)=(-?\d+)$/.exec(part.trim()) ?? [];
    if (priority === undefined || !Object.hasOwn(DEFAULT_PRIORITIES, name)) {
      const [meant] = nearest(part.trim().split('=')[0]!, Object.keys(DEFAULT_PRIORITIES), 1);
      const guess =
        meant && meant !== name && priority !== undefined ? `Did you mean ${meant}=${priority}? ` : '';
      throw new UserError(`--priority: ${JSON.stringify(part)} is not understood.`, {
        hint: `${guess}As in: --priority Critical=2,Standard=0,Sheddable=-1`,
      });
    }
    map[name as Criticality] = Number(priority);
  }
  return map;
}

function providerOf(inventory: Inventory): Provider {
  const controllers = inventory.gateways.map((gateway) => gateway.controller);
  if (controllers.some((controller) => controller.startsWith('networking.gke.io/'))) return 'gke';
  if (controllers.some((controller) => controller.startsWith('istio.io/'))) return 'istio';
  return inventory.server?.gke ? 'gke' : 'none';
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}

/** Why there is nothing to convert: none, or could not look. */
export function nothing({ scope, inventory }: Prepared): string {
  const unread = inventory.unread.find((entry) => entry.resource === qualifiedName(ALPHA_POOL));
  if (unread) return `${unread.resource} could not be read: ${unread.message}\n`;
  return `There is no ${qualifiedName(ALPHA_POOL)} ${scope}; nothing to convert.\n`;
}

/** Why there is nothing to migrate: none is left, or could not look. */
export function nothingToMigrate({ scope, inventory }: Prepared): string {
  const unread = inventory.unread.find((entry) => entry.resource === qualifiedName(ALPHA_POOL));
  if (unread) return `Whether an alpha pool is left ${scope} is not known: ${unread.message}\n`;
  return `No alpha pool is left to migrate ${scope}.\n`;
}
