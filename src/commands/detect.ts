import { EXIT, type ExitCode } from '../api/errors.ts';
import type { Cluster } from '../api/cluster.ts';
import type { Inventory } from '../api/inventory.ts';
import type { Snapshot } from '../api/read.ts';
import { toJson } from '../api/json.ts';
import { inNamespace } from '../api/kubectl.ts';
import {
  inventoryMarkdown,
  inventoryNames,
  inventoryReport,
  inventoryTable,
  verdictText,
} from '../report/inventory.ts';
import { toYaml } from '../report/yaml.ts';
import {
  compareFlags,
  compareWithCluster,
  comparisonExit,
  comparisonMarkdown,
  comparisonTable,
  comparisonText,
  refuseCompareWithoutFiles,
  type Comparison,
} from './compare.ts';
import { on, text, texts, type Args, type Command } from './command.ts';
import type { Context } from './context.ts';
import type { Files } from './files.ts';
import { filesFlags, showProblems } from './filesFlags.ts';
import { connectionFlags, outputFlag, scopeFlags } from './flags.ts';
import { ADVISORY_RESOURCES } from '../inventory/advisory/wanted.ts';
import { givenPairs } from './pairs.ts';
import { PICTURE_FORMATS, pictureFormat } from './pictureFormats.ts';
import { selectPools } from './select.ts';
import { unfolded } from './said.ts';
import { completeness, readScope, readWorld, showFindings, withCluster, type World } from './session.ts';

const OUTPUTS = ['table', 'wide', 'json', 'yaml', 'name', 'markdown', ...PICTURE_FORMATS];

export const detect: Command = {
  name: 'detect',
  positionals: '',
  summary: 'Show whether v1alpha2 is in use, where, and what depends on it',
  description:
    'Reads the cluster and changes nothing. Looks at all namespaces unless -n is given. Exit code 4 means that something could not be read, so that the answer may be wrong.',
  flags: {
    ...scopeFlags,
    ...filesFlags,
    ...compareFlags,
    'exit-code': { type: 'boolean', describe: 'Exit 2 if v1alpha2 is in use' },
    ...outputFlag(OUTPUTS),
    ...connectionFlags,
  },
  examples: [
    ['detect', 'All namespaces of the current context'],
    ['detect -o json | jq .verdict', 'For scripts'],
    ['detect -o svg > pools.svg', 'A picture: Gateways, routes, shares, pools, and what is broken'],
    ['detect -f deploy/ -R', 'A folder of manifests and all below, without a cluster'],
    ['detect -f deploy/ -R --compare', 'What the cluster has that the manifests in Git lack'],
  ],
  async run(args, context) {
    // Loaded when there are files: what reads them safely is much, and a cluster needs none of it.
    const files =
      texts(args, 'filename').length > 0 ? await (await import('./files.ts')).readFiles(args, context) : null;
    if (on(args, 'compare')) return files ? compared(files, args, context) : refuseCompareWithoutFiles();
    const { inventory, snapshot } = files
      ? ofFiles(files)
      : await withCluster(args, context, (cluster) => readLive(cluster, args));
    const shown = text(args, 'selector') === undefined ? inventory : narrowed(inventory, args);
    await print(
      { inventory: shown, problems: files?.problems ?? [], comparison: null, snapshot },
      args,
      context,
    );
    if (files && files.problems.length > 0) return EXIT.error;
    // A chart in a folder is no reason to doubt what was found beside it.
    const incomplete = files ? unknown(inventory) : completeness(inventory);
    if (incomplete !== EXIT.ok) return incomplete;
    return on(args, 'exit-code') ? foundExit(inventory) : EXIT.ok;
  },
};

function ofFiles({ inventory, findings }: Files): { inventory: Inventory; snapshot: null } {
  return { inventory: { ...inventory, findings: [...inventory.findings, ...findings] }, snapshot: null };
}

async function readLive(cluster: Cluster, args: Args): Promise<World> {
  // A picture shows what is broken, too.
  const drawn = pictureFormat(text(args, 'output'))
    ? (await import('../verify/evidence.ts')).VERIFY_RESOURCES
    : [];
  return readWorld(cluster, readScope(args), [...ADVISORY_RESOURCES, ...drawn], givenPairs(args));
}

/** The cluster's Inventory, and the files against it. */
async function compared(files: Files, args: Args, context: Context): Promise<ExitCode> {
  return withCluster(args, context, async (cluster) => {
    const { inventory: live, snapshot } = await readLive(cluster, args);
    const confined = readScope(args) !== '';
    const comparison = compareWithCluster([...files.inventory.objects.values()], live, {
      namespace: cluster.namespace,
      confined,
    });
    const inventory = { ...live, findings: [...live.findings, ...files.findings] };
    const complete = completeness(live) === EXIT.ok && files.loaded.unseen.length === 0;
    await print({ inventory, problems: files.problems, comparison, snapshot }, args, context);
    context.stderr.write(comparisonText(comparison, complete));
    if (files.problems.length > 0) return EXIT.error;
    return comparisonExit(comparison, complete, on(args, 'exit-code'));
  });
}

function unknown({ verdict }: Inventory): ExitCode {
  return verdict === 'Unknown' ? EXIT.incomplete : EXIT.ok;
}

function foundExit(inventory: Inventory): ExitCode {
  return inventory.verdict === 'MigrationNeeded' || inventory.verdict === 'InProgress'
    ? EXIT.findings
    : EXIT.ok;
}

function narrowed(inventory: Inventory, args: Args): Inventory {
  const pools = selectPools(inventory, [], {
    namespace: readScope(args),
    selector: text(args, 'selector') ?? '',
  });
  const models = new Set(pools.flatMap((pool) => pool.models));
  return { ...inventory, pools, models: inventory.models.filter((model) => models.has(model.ref)) };
}

interface Shown {
  readonly inventory: Inventory;
  readonly problems: readonly string[];
  readonly comparison: Comparison | null;
  /** Of the cluster; null for manifests alone. */
  readonly snapshot: Snapshot | null;
}

async function print(
  { inventory, problems, comparison, snapshot }: Shown,
  args: Args,
  context: Context,
): Promise<void> {
  const picture = pictureFormat(text(args, 'output'));
  const output = text(args, 'output') ?? 'table';
  const report = { ...inventoryReport(inventory), ...(comparison ? { comparison } : {}) };
  const beside = comparison ? `\n${comparisonTable(comparison, context.outStyle.width)}` : '';
  const { width } = context.outStyle;
  const out = {
    json: () => `${toJson(report, 2)}\n`,
    yaml: () => toYaml(report),
    name: () => inventoryNames(inventory),
    markdown: () => `${inventoryMarkdown(inventory)}${comparison ? comparisonMarkdown(comparison) : ''}`,
    wide: () => `${inventoryTable(inventory, true, width)}${beside}`,
    table: () => `${inventoryTable(inventory, false, width)}${beside}`,
  }[output as 'table'];
  if (picture) {
    const { pictureText } = await import('./picture.ts');
    const [title = ''] = verdictText(inventory).split('\n');
    context.stdout.write(pictureText(picture, { title, inventory, pools: inventory.pools, snapshot }));
  } else context.stdout.write(out());
  // What is broken is an error of its own further down.
  const told = new Set(problems);
  const unread = inventory.unread.filter(({ resource, message }) => !told.has(`${resource}: ${message}`));
  context.stderr.write(verdictText({ ...inventory, unread }, unfolded(context.style)));
  showFindings(inventory.findings, context);
  showProblems(problems, context);
  if (texts(args, 'filename').length === 0) context.stderr.write(nextSteps(inventory, readScope(args)));
}

function nextSteps({ verdict }: Inventory, scope: string): string {
  const convert = `kubectl infpool convert${inNamespace(scope) || ' -A'}`;
  const status = `kubectl infpool status${inNamespace(scope)}`;
  if (verdict === 'MigrationNeeded')
    return `Next:\n  ${convert}   (shows the v1 objects)\n  ${status}   (the command for each pool)\n`;
  return verdict === 'InProgress' ? `Next:\n  ${status}   (the command for each pool)\n` : '';
}
