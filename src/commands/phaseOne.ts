import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { Interlock } from '../api/interlock.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import { BUNDLE_VERSION_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import type { Plan, Step } from '../api/plan.ts';
import { ref, refKey, refOf } from '../api/ref.ts';
import {
  COMPANIONS,
  CRD,
  GATEWAY,
  GATEWAY_CLASS,
  HTTP_ROUTE,
  OBJECTIVE,
  qualifiedName,
  REWRITE,
  V1_POOL,
} from '../api/resource.ts';
import { decideCrds, type CrdDecision } from '../convert/crds.ts';
import { phaseOneSteps } from '../convert/steps.ts';
import { loadCrds } from '../manifests/source.ts';
import { patchStep } from '../traffic/patch.ts';
import { text, type Args } from './command.ts';
import type { Context } from './context.ts';
import { hasErrors, nothing, prepareConversion, type Prepared } from './conversion.ts';
import { execute } from './execute.ts';
import { flagsToRepeat } from './flags.ts';
import { nextCommand } from './next.ts';
import { ownedChanges } from './owned.ts';
import { completeness, enforce, showFindings } from './session.ts';
import { underway } from './underway.ts';
import { unreadLocks } from './unread.ts';

/** `convert --apply`, and its dry runs and diff. */
export function applyPhaseOne(args: Args, context: Context): Promise<ExitCode> {
  return prepareConversion(args, context, async (prepared) => {
    const { cluster, conversion, inventory } = prepared;
    if (!cluster)
      throw new UserError('--apply, --dry-run and -o diff need a cluster, not -f.', {
        hint: 'Leave out -f, or print the YAML: kubectl infpool convert -f FILE',
      });
    if (conversion.units.length === 0) {
      context.stderr.write(nothing(prepared));
      return completeness(inventory);
    }
    const plan = await underway(context, 'getting the CRDs', () => planPhaseOne(prepared, cluster, args));
    showFindings(
      plan.findings.filter(({ severity }) => severity !== 'error'),
      context,
    ); // those are interlocks
    enforce(phaseOneInterlocks(prepared, plan, args), args, context);
    const result = await execute({
      plan,
      cluster,
      // convert's own default is YAML for kubectl; a plan is for people unless JSON is asked for.
      args: text(args, 'output') === 'yaml' ? { ...args, output: 'table' } : args,
      context,
      question: 'Carry out phase 1? No traffic moves.',
    });
    if (result.state === 'shown') return result.exitCode;
    context.stderr.write(after(prepared.pools, inventory, flagsToRepeat(args)));
    return EXIT.ok;
  });
}

function after(pools: readonly PoolEntry[], inventory: Inventory, repeat: string): string {
  const parallel = pools.map((entry) =>
    entry.phase === 'Preview' ? { ...entry, phase: 'Parallel' as const } : entry,
  );
  const next = parallel.map((entry) => `  ${nextCommand(entry, inventory, repeat)}\n`);
  return `Phase 1 is done: v1 stands beside alpha, without traffic.\nCheck: kubectl infpool verify${repeat}\nNext:\n${next.join('')}`;
}

/** Reads the CRDs that the version gate asks for, and puts the steps together. */
export async function planPhaseOne(prepared: Prepared, cluster: Cluster, args: Args): Promise<Plan> {
  const { inventory, conversion, options, chart } = prepared;
  const { decisions, findings } = decideCrds(options.release, inventory.server, inventory.crds);
  const { manifests, live } = await crdObjects(
    decisions,
    crdSource(args, options.release.version),
    options.release.version,
    cluster,
  );
  const steps = phaseOneSteps(conversion, {
    crdManifests: manifests,
    decisions,
    live: (object) => live.get(object.metadata.name) ?? inventory.objects.get(refKey(refOf(object))),
    epp: options.epp,
    chart,
    withoutPicker: prepared.withoutPicker,
  });
  const headers = prepared.headers.map((change): Step =>
    patchStep(change, 'headers by which v1 finds priority and model; the alpha endpoint picker ignores them'),
  );
  const all = [...headers, ...steps.steps];
  const settled = all.every((step) => step.action === 'wait') ? [] : all;
  return {
    objects: prepared.objects,
    steps: settled,
    findings: [...conversion.findings, ...findings, ...steps.findings],
  };
}

/** The manifests of the CRDs that are to be written, and the live ones they replace. */
export async function crdObjects(
  decisions: readonly CrdDecision[],
  source: string,
  release: string,
  cluster: Cluster,
): Promise<{ manifests: Map<string, KubeObject>; live: Map<string, KubeObject> }> {
  const wanted = decisions.filter((decision) => decision.action !== 'keep');
  const live = new Map<string, KubeObject>();
  if (wanted.length === 0) return { manifests: new Map(), live };
  const manifests = await loadCrds(source);
  // Upstream's own manifests leave some of the folder's CRDs out; without those nothing of ours is lost.
  const missing = wanted.filter((decision) => NEEDED.has(decision.name) && !manifests.has(decision.name));
  if (missing.length > 0)
    throw new UserError(`${source} lacks ${missing.map((decision) => decision.name).join(', ')}.`, {
      hint: 'Give the manifests of the release that you named with --release.',
    });
  refuseOtherBundle(wanted, manifests, source, release);
  const reads = await Promise.all(wanted.map(({ name }) => cluster.get(ref(CRD, '', name))));
  for (const read of reads) if (read.state === 'ok') live.set(read.object.metadata.name, read.object);
  return { manifests, live };
}

const NEEDED = new Set([V1_POOL, OBJECTIVE, REWRITE].map(qualifiedName));

// A file of another release than the one asked for would be installed under a wrong name, and never be updated.
function refuseOtherBundle(
  wanted: readonly CrdDecision[],
  manifests: ReadonlyMap<string, KubeObject>,
  source: string,
  release: string,
): void {
  for (const { name } of wanted) {
    const manifest = manifests.get(name);
    if (!manifest) continue;
    const bundle = manifest.metadata.annotations?.[BUNDLE_VERSION_ANNOTATION];
    if (bundle === release) continue;
    throw new UserError(`${source} holds ${name} of ${bundle ?? 'an unknown release'}, not of ${release}.`, {
      hint: bundle
        ? `Give the manifests of ${release}, or --release ${bundle}.`
        : `Give the manifests of ${release}.`,
    });
  }
}

export function crdSource(args: Args, release: string): string {
  return (
    text(args, 'crds-from') ??
    text(args, 'from') ??
    `https://github.com/kubernetes-sigs/gateway-api-inference-extension/releases/download/${release}/manifests.yaml`
  );
}

// What would go wrong for requests is the user's to judge; what can't be made at all is not.
const JUDGEABLE = new Set(['target-models-lost']);

// What has to follow the pools to v1, or requests fail once they go there.
const FOLLOWING = [HTTP_ROUTE, ...COMPANIONS];

/** Why phase 1 must not be carried out. */
export function phaseOneInterlocks({ inventory, snapshot }: Prepared, plan: Plan, args: Args): Interlock[] {
  const changes = plan.steps.flatMap((step) =>
    step.action === 'patch' || step.action === 'patchRoute' ? [step] : [],
  );
  const unread = inventory.unread.filter((entry) => /inference|^customresource/.test(entry.resource));
  return [
    ...unread.map((entry): Interlock => ({
      forceable: false,
      finding: {
        id: 'could-not-read',
        severity: 'error',
        ref: null,
        field: entry.resource,
        message: `It could not be read: ${entry.message}`,
        hint: 'Nothing is written on what could not be read.',
      },
    })),
    ...unreadLocks(inventory, FOLLOWING, 'what points at the alpha pools there would be left behind'),
    ...(text(args, 'provider') === undefined
      ? unreadLocks(
          inventory,
          [GATEWAY, GATEWAY_CLASS],
          'which provider the chart is for is not known; --provider says it',
        )
      : []),
    ...ownedChanges(changes, args, snapshot),
    ...(hasErrors(plan.findings)
      ? plan.findings
          .filter((finding) => finding.severity === 'error')
          .map((finding): Interlock => ({ finding, forceable: JUDGEABLE.has(finding.id) }))
      : []),
  ];
}
