import { REPORT_API_VERSION } from '../api/names.ts';
import type { Inventory, PoolEntry, Relation, Verdict } from '../api/inventory.ts';
import { describeOwner } from '../api/owner.ts';
import { qualifiedRef } from '../api/ref.ts';
import { ALPHA_POOL, MODEL, qualifiedName, type Resource } from '../api/resource.ts';
import { markdownRow, markdownText } from './markdown.ts';
import { table } from './table.ts';
import { count, percentText, PLAIN, safe, type Style } from './text.ts';
import { unreadBlock } from './unread.ts';

/** The report as JSON and YAML carry it. */
export function inventoryReport(inventory: Inventory): Record<string, unknown> {
  const { objects: _objects, ...report } = inventory;
  return { apiVersion: REPORT_API_VERSION, kind: 'Inventory', ...report };
}

const HEAD = ['Namespace', 'Alpha pool', 'Models', 'V1 pool', 'Phase', 'On v1', 'Routes'];

function poolRow(pool: PoolEntry): string[] {
  const routes = new Set(
    [...pool.references, ...pool.referencesV1]
      .filter(({ relation }) => relation === 'backendRef')
      .map(({ from }) => `${from.namespace}/${from.name}`),
  );
  return [
    pool.ref.namespace,
    pool.phase === 'Done' ? '-' : pool.ref.name,
    String(pool.models.length),
    pool.v1?.name ?? '-',
    pool.phase,
    percentText(pool.trafficPercentV1),
    routes.size === 0 ? '-' : [...routes].join(','),
  ];
}

export function inventoryTable(inventory: Inventory, wide: boolean, width = Infinity): string {
  const parts: string[] = [];
  if (inventory.pools.length > 0) {
    const rows = inventory.pools.map((pool) =>
      wide ? [...poolRow(pool), pool.owner ? describeOwner(pool.owner) : '-'] : poolRow(pool),
    );
    parts.push(table(wide ? [...HEAD, 'Owner'] : HEAD, rows, width));
  }
  if (wide) parts.push(...referenceTable(inventory.pools, width));
  if (wide && inventory.models.length > 0)
    parts.push(
      table(
        ['Namespace', 'InferenceModel', 'Model name', 'Pool'],
        inventory.models.map((model) => [
          model.ref.namespace,
          model.ref.name,
          model.modelName,
          model.pool.name,
        ]),
        width,
      ),
    );
  if (inventory.gateways.length > 0)
    parts.push(
      table(
        wide
          ? ['Namespace', 'Gateway', 'Serves', 'Controller', 'Evidence']
          : ['Namespace', 'Gateway', 'Serves', 'Controller'],
        inventory.gateways.map((gateway) => [
          gateway.ref.namespace,
          gateway.ref.name,
          gateway.serves,
          gateway.controller || '-',
          ...(wide ? [gateway.evidence] : []),
        ]),
        width,
      ),
    );
  if (inventory.crds.length > 0) parts.push(crdTable(inventory, width));
  return parts.join('\n');
}

// Without the routes' backendRefs: those stand with the pools.
function referenceTable(pools: readonly PoolEntry[], width: number): string[] {
  const rows = pools.flatMap((pool) =>
    pool.references
      .filter(({ relation }) => relation !== 'backendRef')
      .map(({ from, path, relation }) => [
        pool.ref.namespace,
        pool.ref.name,
        relation,
        from.namespace === '' ? qualifiedRef(from) : `${from.namespace}/${qualifiedRef(from)}`,
        path,
      ]),
  );
  return rows.length === 0 ? [] : [table(['Namespace', 'Pool', 'Relation', 'From', 'At'], rows, width)];
}

export function crdTable(inventory: Pick<Inventory, 'crds'>, width = Infinity): string {
  const words = {
    installed: 'installed',
    absent: 'not installed',
    forbidden: 'could not check',
    failed: 'could not check',
  };
  return table(
    ['CRD', 'State', 'Bundle'],
    inventory.crds.map((crd) => [
      crd.name,
      words[crd.state],
      crd.state === 'installed' ? (crd.bundleVersion ?? 'v0.x') : '-',
    ]),
    width,
  );
}

/** Fully qualified names, one a line, as `-o name`. */
export function inventoryNames(inventory: Inventory): string {
  return [
    ...inventory.pools.filter((pool) => pool.phase !== 'Done').map((pool) => pool.ref),
    ...inventory.models.map((model) => model.ref),
  ]
    .map(
      (ref) =>
        `${ref.kind === 'InferencePool' ? 'inferencepool' : 'inferencemodel'}.${ref.group}/${safe(ref.name)}\n`,
    )
    .join('');
}

const VERDICTS: Record<Verdict, string> = {
  MigrationNeeded: 'Migration needed: v1alpha2 is in use.',
  InProgress: 'Migration in progress: v1alpha2 is still in use, and v1 pools take over.',
  Done: 'Done: no v1alpha2 object is left.',
  NotNeeded: 'No migration needed: v1alpha2 is not in use.',
  Unknown:
    'Unknown: v1alpha2 pools or models could not be read, so whether a migration is needed is not known.',
};

/** The verdict, what was looked at, and what could not be: for people, on stderr. */
export function verdictText(inventory: Inventory, style: Style = PLAIN): string {
  const lines = [VERDICTS[inventory.verdict]];
  const counted = (resource: Resource, number: number, word: string) =>
    inventory.unread.some((entry) => entry.resource === qualifiedName(resource))
      ? `${word}s could not be counted`
      : count(number, word);
  const live = inventory.pools.filter((pool) => pool.phase !== 'Done');
  const counts = [
    counted(ALPHA_POOL, live.length, 'alpha pool'),
    counted(MODEL, inventory.models.length, 'InferenceModel'),
  ];
  if (inventory.verdict === 'MigrationNeeded' || inventory.verdict === 'InProgress')
    lines[0] += ` ${counts.join(', ')}.`;
  else if (checkedText(inventory).length > 0)
    lines.push('Checked:', ...checkedText(inventory).map((line) => `  ${line}`));
  lines.push(...hangingOn(live));
  if (inventory.server) {
    const gate = inventory.server.gkeOwnsV1PoolCrd
      ? ' (GKE brings the v1 InferencePool CRD itself)'
      : inventory.server.gke
        ? ' (GKE before 1.34.0-gke.1626000: CRDs are installed by hand)'
        : '';
    lines.push(`Server: ${safe(inventory.server.gitVersion)}${gate}`);
  }
  if (inventory.unread.length > 0)
    lines.push('Could not check, so the answer may be wrong:', ...unreadBlock(inventory.unread, style));
  return `${lines.join('\n')}\n`;
}

/** What was looked at and read; what could not be read is told with its reason elsewhere. */
export function checkedText({ checked, unread }: Pick<Inventory, 'checked' | 'unread'>): string[] {
  return checked.filter((line) => !unread.some(({ resource }) => line.startsWith(`${resource}: `))).map(safe);
}

const MEANING: Partial<Record<Relation, string>> = {
  mirror: 'mirror',
  grant: 'grant entry',
  policyTarget: 'policy',
  destinationRule: 'DestinationRule',
  grpcBackendRef: 'GRPCRoute ref',
  otherBackendRef: 'AIGatewayRoute ref',
  securityPolicy: 'BackendSecurityPolicy',
  monitoring: 'monitor',
  autoscaling: 'autoscaler',
  rbac: 'role',
};

// What else points at the alpha pools, by kind: each of them has to be dealt with before the pools can go.
function hangingOn(pools: readonly PoolEntry[]): string[] {
  const counts = new Map<string, number>();
  for (const { relation } of pools.flatMap(({ references }) => references)) {
    const word = MEANING[relation];
    if (word) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const words = [...counts].map(([word, number]) => count(number, word).replace(/ys$/, 'ies'));
  return [`Besides routes, these point at them: ${words.join(', ')} (-o wide lists them).`];
}

/** For a change request or a chat. */
export function inventoryMarkdown(inventory: Inventory): string {
  return [
    `**${VERDICTS[inventory.verdict]}**`,
    '',
    markdownRow(HEAD),
    `|${HEAD.map(() => '---').join('|')}|`,
    ...inventory.pools.map((pool) => markdownRow(poolRow(pool).map(markdownText))),
    '',
    ...inventory.checked.map((line) => `- ${markdownText(line)}`),
    ...inventory.unread.map(
      (entry) => `- could not check ${markdownText(entry.resource)}: ${markdownText(entry.message)}`,
    ),
    '',
  ].join('\n');
}
