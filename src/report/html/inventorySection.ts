import type { PoolEntry, Reference } from '../../api/inventory.ts';
import { describeOwner } from '../../api/owner.ts';
import { describeRef, qualifiedRef } from '../../api/ref.ts';
import type { ReportData } from '../reportData.ts';
import { percentText } from '../text.ts';
import { badge, code, htmlTable, section, word, xml, type Tone } from './element.ts';

const PHASE_TONES: Readonly<Record<PoolEntry['phase'], Tone>> = {
  Preview: 'plain',
  Parallel: 'plain',
  Splitting: 'doubt',
  Switched: 'good',
  Done: 'good',
};

/** The pools and the picture of what is. */
export function inventorySection(data: ReportData): string {
  return section(
    'inventory',
    'What is there now',
    figure(
      data.now.svg,
      'From left to right: Gateways, routes and their rules, pools, endpoint pickers and model servers.',
    ),
    poolTable(data),
    modelTable(data),
    referenceTable(data.pools),
    gatewayTable(data),
  );
}

export function plannedSection({ planned }: ReportData): string {
  if (!planned) return section('planned', 'What it will be', '<p>As it is: nothing is left to do.</p>');
  return section(
    'planned',
    'What it will be',
    '<p>The same pools when the plan below is carried out. Nothing in it was checked: it is not there yet.</p>',
    figure(planned.svg, 'The planned state: v1 pools only.'),
  );
}

function figure(svg: string, caption: string): string {
  return `<figure><div class="picture" role="region" tabindex="0" aria-label="${xml(caption)}">${svg}</div><figcaption>${xml(caption)}</figcaption></figure>`;
}

function poolTable({ pools, status }: ReportData): string {
  const rows = pools.map((pool, index) => [
    xml(pool.phase === 'Done' ? '(gone)' : pool.ref.name),
    xml(pool.ref.namespace),
    xml(pool.v1?.name ?? '–'),
    badge(PHASE_TONES[pool.phase], pool.phase),
    xml(percentText(pool.trafficPercentV1)),
    xml(pool.owner ? describeOwner(pool.owner) : '–'),
    status[index]?.next ? code(status[index].next) : 'nothing left to do',
  ]);
  if (rows.length === 0) return '<p>No InferencePool that is or was v1alpha2 was found.</p>';
  return htmlTable(
    'Pools',
    ['Alpha pool', 'Namespace', 'V1 pool', 'Phase', 'Traffic on v1', 'Owner', 'Next command'],
    rows,
  );
}

function modelTable({ inventory }: ReportData): string {
  if (inventory.models.length === 0) return '';
  const rows = inventory.models.map(({ ref, modelName, pool }) => [
    xml(ref.name),
    xml(ref.namespace),
    xml(modelName),
    xml(pool.name),
  ]);
  return htmlTable('InferenceModels', ['Name', 'Namespace', 'Model name', 'Pool'], rows);
}

// Backend refs of routes are in the picture and in the shares.
function referenceTable(pools: readonly PoolEntry[]): string {
  const rows = pools.flatMap((pool) => [
    ...referencesOf(pool.references, pool.ref.name),
    ...(pool.v1 ? referencesOf(pool.referencesV1, pool.v1.name) : []),
  ]);
  if (rows.length === 0) return '';
  return htmlTable('What else points at the pools', ['From', 'How', 'Where in it', 'Pool'], rows);
}

function referencesOf(references: readonly Reference[], pool: string): string[][] {
  return references
    .filter(({ relation }) => relation !== 'backendRef')
    .map(({ from, relation, path }) => [xml(describeRef(from)), word(relation), code(path), xml(pool)]);
}

function gatewayTable({ inventory }: ReportData): string {
  if (inventory.gateways.length === 0) return '';
  const rows = inventory.gateways.map(({ ref, controller, serves, evidence }) => [
    xml(qualifiedRef(ref)),
    xml(ref.namespace),
    xml(controller || '–'),
    xml({ alpha: 'v1alpha2 only', v1: 'v1 only', both: 'both', unknown: 'not known' }[serves]),
    xml(evidence),
  ]);
  return htmlTable('Gateways', ['Gateway', 'Namespace', 'Controller', 'Serves', 'How we know'], rows);
}

export function versionSection({ inventory, release, version }: ReportData): string {
  const words = {
    installed: 'installed',
    absent: 'not installed',
    forbidden: 'could not check',
    failed: 'could not check',
  };
  const tones: Record<string, Tone> = {
    installed: 'good',
    absent: 'plain',
    forbidden: 'doubt',
    failed: 'doubt',
  };
  const rows = inventory.crds.map(({ name, state, bundleVersion }) => [
    code(name),
    badge(tones[state]!, words[state]),
    xml(state === 'installed' ? (bundleVersion ?? 'v0.x (carries no version)') : '–'),
  ]);
  const server = inventory.server
    ? `${xml(inventory.server.gitVersion)}${inventory.server.gkeOwnsV1PoolCrd ? ' (GKE brings the v1 InferencePool CRD itself)' : ''}`
    : 'could not be read';
  return section(
    'versions',
    'CRDs and versions',
    `<p>Server: ${server}. Release to convert to: ${xml(release)}. Version of this program: ${xml(version)}.</p>`,
    htmlTable('CRDs', ['CRD', 'State', 'Bundle'], rows),
  );
}
