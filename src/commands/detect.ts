import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { Inventory } from '../api/inventory.ts';
import { buildInventory } from '../inventory/build.ts';
import { INVENTORY_RESOURCES } from '../inventory/wanted.ts';
import { readManifestFile } from '../manifests/source.ts';
import { loadManifests } from '../manifests/load.ts';
import { snapshotOf } from '../manifests/snapshot.ts';
import {
  inventoryMarkdown,
  inventoryNames,
  inventoryReport,
  inventoryTable,
  verdictText,
} from '../report/inventory.ts';
import { toYaml } from '../report/yaml.ts';
import { on, text, texts, type Args, type Command } from './command.ts';
import type { Context } from './context.ts';
import { connectionFlags, outputFlag, scopeFlags } from './flags.ts';
import { selectPools } from './select.ts';
import { completeness, readScope, readWorld, showFindings, withCluster } from './session.ts';

const OUTPUTS = ['table', 'wide', 'json', 'yaml', 'name', 'markdown'];

export const detect: Command = {
  name: 'detect',
  positionals: '',
  summary: 'Is v1alpha2 in use, where, and what hangs on it',
  description:
    'Reads the cluster and changes nothing. Looks at all namespaces unless -n is given. Exit code 4 means that something could not be read, so that the answer may be wrong.',
  flags: {
    ...scopeFlags,
    filename: {
      type: 'string',
      alias: 'f',
      describe: 'Look at this file of manifests (- for stdin) instead of a cluster',
    },
    'exit-code': { type: 'boolean', describe: 'Exit 2 if v1alpha2 is in use' },
    ...outputFlag(OUTPUTS),
    ...connectionFlags,
  },
  examples: [
    ['detect', 'All namespaces of the current context'],
    ['detect -o json | jq .verdict', 'For scripts'],
    ['detect -f manifests.yaml', 'Without a cluster'],
  ],
  async run(args, context) {
    const file = text(args, 'filename');
    const inventory =
      file === undefined
        ? await withCluster(
            args,
            context,
            async (cluster) => (await readWorld(cluster, readScope(args))).inventory,
          )
        : await inventoryOfFile(file, context);
    const shown = text(args, 'selector') === undefined ? inventory : narrowed(inventory, args);
    print(shown, args, context);
    const incomplete = file === undefined ? completeness(inventory) : EXIT.ok;
    if (incomplete !== EXIT.ok) return incomplete;
    return on(args, 'exit-code') ? foundExit(inventory) : EXIT.ok;
  },
};

function foundExit(inventory: Inventory): ExitCode {
  return inventory.verdict === 'MigrationNeeded' || inventory.verdict === 'InProgress'
    ? EXIT.findings
    : EXIT.ok;
}

async function inventoryOfFile(file: string, context: Context): Promise<Inventory> {
  const { objects, errors } =
    file === '-' ? loadManifests('stdin', await context.readStdin()) : readManifestFile(file);
  const [error] = errors;
  if (error) throw new UserError(`${error.source.file}:${error.source.line}: ${error.message}`);
  const inventory = buildInventory(
    snapshotOf(
      objects.map(({ object }) => object),
      INVENTORY_RESOURCES,
    ),
  );
  return {
    ...inventory,
    unread: [],
    checked: inventory.checked.map((line) => line.replace('in all namespaces', `in ${file}`)),
  };
}

function narrowed(inventory: Inventory, args: Args): Inventory {
  const pools = selectPools(inventory, [], {
    namespace: readScope(args),
    selector: text(args, 'selector') ?? '',
  });
  const models = new Set(pools.flatMap((pool) => pool.models));
  return { ...inventory, pools, models: inventory.models.filter((model) => models.has(model.ref)) };
}

function print(inventory: Inventory, args: Args, context: Context): void {
  const output = text(args, 'output') ?? 'table';
  const out = {
    json: () => `${JSON.stringify(inventoryReport(inventory), null, 2)}\n`,
    yaml: () => toYaml(inventoryReport(inventory)),
    name: () => inventoryNames(inventory),
    markdown: () => inventoryMarkdown(inventory),
    wide: () => inventoryTable(inventory, true),
    table: () => inventoryTable(inventory, false),
  }[output as 'table'];
  context.stdout.write(out());
  context.stderr.write(verdictText(inventory));
  showFindings(inventory.findings, context);
  const next = nextStep(inventory);
  if (next !== '' && texts(args, 'filename').length === 0) context.stderr.write(`Next: ${next}\n`);
}

function nextStep(inventory: Inventory): string {
  if (inventory.verdict === 'MigrationNeeded')
    return 'kubectl infpool convert -A    shows the v1 objects; kubectl infpool convert --apply makes them';
  if (inventory.verdict === 'InProgress')
    return 'kubectl infpool status    says what to do next for each pool';
  return '';
}
