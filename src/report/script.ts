import { MIGRATED_FROM_ANNOTATION, ORIGINAL_REFS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import type { JsonPatchOperation } from '../api/plan.ts';
import { qualifiedRef, type Ref } from '../api/ref.ts';
import { ALPHA_POOL, MODEL, OBJECTIVE, qualifiedName, REWRITE, V1_POOL } from '../api/resource.ts';
import { toJson } from '../api/json.ts';
import { safe, shellWord } from './text.ts';
import { toYamlStream } from './yaml.ts';

export interface ScriptPool {
  readonly alpha: Ref;
  readonly v1: Ref;
  readonly helmInstall: readonly string[] | null;
  readonly objects: readonly KubeObject[];
  readonly models: readonly Ref[];
  /** The Helm release of the alpha pool, when Helm installed it. */
  readonly helmRelease: { readonly name: string; readonly namespace: string } | null;
  /** Service and Deployment of its endpoint picker. */
  readonly epp: string;
  /** The Service of the v1 pool's; the chart's Deployment is called the same. */
  readonly eppV1: string;
}

export interface ScriptRoute {
  readonly ref: Ref;
  /** Why there can be no share between 0 and 100 percent; then `half` has no operation. '' where there can. */
  readonly allOrNothing?: string;
  /** Why no request may go to a v1 pool at all: the runbook ends before the first one does. */
  readonly refused?: string;
  readonly half: readonly JsonPatchOperation[];
  readonly whole: readonly JsonPatchOperation[];
}

/** A change of an object that stays; a removal without operations is of the whole object. */
export interface ScriptPatch {
  readonly ref: Ref;
  readonly operations: readonly JsonPatchOperation[];
}

/** Grants, policies and rules beside the pools. */
export interface ScriptBeside {
  readonly created: readonly KubeObject[];
  /** What a user set, over what the chart has made. */
  readonly carriedOver: readonly KubeObject[];
  readonly patched: readonly ScriptPatch[];
  /** What of the alpha side goes at the end. */
  readonly removed: readonly ScriptPatch[];
}

export interface ScriptInput {
  readonly release: string;
  readonly server: string;
  readonly gkeOwnsV1PoolCrd: boolean;
  /** A file, folder or address of manifests to take the CRDs from; upstream's release where it is not given. */
  readonly crdsFrom?: string | undefined;
  readonly pools: readonly ScriptPool[];
  readonly routes: readonly ScriptRoute[];
  readonly beside?: ScriptBeside;
}

const SOURCE = 'https://github.com/kubernetes-sigs/gateway-api-inference-extension';

/** A runbook of all three phases for this cluster: every name fully qualified, every value from the cluster quoted. */
export function runbook(input: ScriptInput): string {
  const { pools, routes } = input;
  return [
    '#!/usr/bin/env bash',
    `# From ${ALPHA_POOL.group}/v1alpha2 to ${V1_POOL.group}/v1, release ${input.release}.`,
    '# Run it phase by phase: it stops at the first command that fails, and at every pause.',
    'set -eu',
    // As any POSIX shell has it: in zsh `read -p` is something else, and older ones know no pipefail.
    `pause() { printf '%s Enter to go on, Ctrl-C to stop. ' "$1" >/dev/tty; read -r _ </dev/tty; }`,
    '',
    '# Phase 1: CRDs, v1 pools beside the alpha ones, objectives. No traffic moves.',
    ...crdLines(input),
    ...pools.flatMap(poolLines),
    ...besideLines(input.beside),
    '',
    'pause "Phase 1 is done: v1 stands beside alpha."',
    '',
    '# Phase 2: half of the traffic.',
    ...routes.flatMap(refusalLines),
    ...routes.flatMap((route) =>
      route.allOrNothing
        ? [`# ${safe(qualifiedRef(route.ref))} goes over as a whole, in phase 3: ${safe(route.allOrNothing)}`]
        : patchLines(route.ref, route.half),
    ),
    `kubectl get gateways.gateway.networking.k8s.io --all-namespaces`,
    '',
    'pause "Phase 2 is done: watch errors and latency. PROGRAMMED must stay True."',
    '',
    '# Phase 3: all of the traffic.',
    ...routes.flatMap((route) => patchLines(route.ref, route.whole)),
    `kubectl get gateways.gateway.networking.k8s.io --all-namespaces`,
    '',
    'pause "Phase 3 is done: send a request through each Gateway before the way back is removed."',
    '',
    '# What remains of v1alpha2. After this the way back is a restore.',
    ...(input.beside?.removed ?? []).flatMap(removedLines),
    ...pools.flatMap(removalLines),
    '',
    '# The CRDs go last, and only when no object of them is left in any namespace: deleting one deletes its objects.',
    ...[ALPHA_POOL, MODEL].flatMap((resource) => {
      const name = qualifiedName(resource);
      return [
        `left=$(kubectl get ${name} --all-namespaces --output name) || exit 1`,
        `if test -z "$left"; then kubectl delete customresourcedefinitions.apiextensions.k8s.io ${name} --ignore-not-found`,
        `else echo "${name} stays, others use it: kubectl get ${name} --all-namespaces"; fi`,
      ];
    }),
    '',
  ].join('\n');
}

function refusalLines({ ref, refused = '' }: ScriptRoute): string[] {
  if (refused === '') return [];
  return [`echo ${shellWord(safe(`${qualifiedRef(ref)}: ${refused}`))} >&2; exit 1`];
}

function crdLines({ release, gkeOwnsV1PoolCrd, crdsFrom, pools }: ScriptInput): string[] {
  if (!gkeOwnsV1PoolCrd && crdsFrom !== undefined) return [`kubectl apply -f ${shellWord(crdsFrom)}`];
  if (!gkeOwnsV1PoolCrd) return [`kubectl apply -f ${SOURCE}/releases/download/${release}/manifests.yaml`];
  const raw = SOURCE.replace('github.com', 'raw.githubusercontent.com');
  const rewrites = pools.some(({ objects }) => objects.some(({ kind }) => kind === REWRITE.kind));
  return [
    '# This GKE brings the v1 InferencePool CRD itself: it must not be applied.',
    ...[OBJECTIVE, ...(rewrites ? [REWRITE] : [])].map(
      ({ group, plural }) => `kubectl apply -f ${raw}/${release}/config/crd/bases/${group}_${plural}.yaml`,
    ),
  ];
}

function poolLines(pool: ScriptPool): string[] {
  const objects = toYamlStream(pool.objects);
  return [
    '',
    ...(pool.helmInstall
      ? [
          `helm ${pool.helmInstall.map(shellWord).join(' ')}`,
          `kubectl annotate -n ${shellWord(pool.v1.namespace)} ${shellWord(qualifiedRef(pool.v1))} ${MIGRATED_FROM_ANNOTATION}=${shellWord(pool.alpha.name)}`,
        ]
      : []),
    ...(objects === '' ? [] : heredoc('kubectl apply -f -', objects)),
    `kubectl rollout status deployments.apps/${shellWord(pool.eppV1)} -n ${shellWord(pool.v1.namespace)} --timeout=5m`,
  ];
}

function besideLines(beside: ScriptBeside | undefined): string[] {
  if (!beside) return [];
  const { created, carriedOver, patched } = beside;
  const made = toYamlStream(created);
  const over = toYamlStream(carriedOver);
  return [
    ...(made === '' ? [] : ['', ...heredoc('kubectl apply -f -', made)]),
    ...(over === ''
      ? []
      : [
          '',
          '# Over what the chart has made with its defaults.',
          ...heredoc('kubectl apply --server-side --force-conflicts -f -', over),
        ]),
    ...patched.flatMap(({ ref, operations }) => ['', ...jsonPatch(ref, operations)]),
  ];
}

function removedLines({ ref, operations }: ScriptPatch): string[] {
  if (operations.length > 0) return jsonPatch(ref, operations);
  return [`kubectl delete -n ${shellWord(ref.namespace)} ${shellWord(qualifiedRef(ref))} --ignore-not-found`];
}

function jsonPatch(ref: Ref, operations: readonly JsonPatchOperation[]): string[] {
  const target = `-n ${shellWord(ref.namespace)} ${shellWord(qualifiedRef(ref))}`;
  return [`kubectl patch ${target} --type=json -p ${shellWord(toJson(operations))}`];
}

// The delimiter must not be a line of the text: what a cluster holds may be anything. Blanks at its end are part of a value.
function heredoc(command: string, text: string): string[] {
  const lines = new Set(text.split('\n'));
  let delimiter = 'END';
  while (lines.has(delimiter)) delimiter += 'X';
  return [`${command} <<'${delimiter}'`, text.replace(/\n$/, ''), delimiter];
}

// Hours may lie between: so without the resourceVersion that was read (each operation tests what it replaces), and the
// annotation on its own, because a patch that adds the first annotation would replace those that came meanwhile.
function patchLines(route: Ref, patch: readonly JsonPatchOperation[]): string[] {
  const target = `-n ${shellWord(route.namespace)} ${shellWord(qualifiedRef(route))}`;
  const annotations = patch.flatMap(({ op, path, value }) => {
    if (!path.startsWith('/metadata/annotations')) return [];
    if (op === 'remove') return [`${ORIGINAL_REFS_ANNOTATION}-`];
    const text =
      typeof value === 'string' ? value : (value as Record<string, string>)[ORIGINAL_REFS_ANNOTATION];
    return [`${ORIGINAL_REFS_ANNOTATION}=${text}`];
  });
  const operations = patch.filter(({ path }) => path.startsWith('/spec/'));
  return [
    ...annotations.map((word) => `kubectl annotate ${target} --overwrite ${shellWord(word)}`),
    ...(operations.length > 0 ? jsonPatch(route, operations) : []),
  ];
}

function removalLines(pool: ScriptPool): string[] {
  const namespace = shellWord(pool.alpha.namespace);
  const remove = (what: string) => `kubectl delete -n ${namespace} ${shellWord(what)} --ignore-not-found`;
  const models = pool.models.map((model) => remove(qualifiedRef(model)));
  if (pool.helmRelease)
    return [
      ...models,
      `helm uninstall ${shellWord(pool.helmRelease.name)} --namespace ${shellWord(pool.helmRelease.namespace)}`,
    ];
  return [
    ...models,
    remove(qualifiedRef(pool.alpha)),
    remove(`deployments.apps/${pool.epp}`),
    remove(`services/${pool.epp}`),
  ];
}
