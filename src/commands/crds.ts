import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { CrdEntry, ServerEntry } from '../api/inventory.ts';
import type { Plan } from '../api/plan.ts';
import { isUnread } from '../api/read.ts';
import { CRD, qualifiedName } from '../api/resource.ts';
import { decideCrds } from '../convert/crds.ts';
import { DEFAULT_RELEASE, releaseOf } from '../convert/releases.ts';
import { crdSteps } from '../convert/steps.ts';
import { crdEntries } from '../inventory/crds.ts';
import { serverEntry } from '../inventory/server.ts';
import { INFERENCE_CRDS } from '../inventory/wanted.ts';
import { toJson } from '../api/json.ts';
import { table } from '../report/table.ts';
import { safe } from '../report/text.ts';
import { unreadText } from '../report/unread.ts';
import { toYaml } from '../report/yaml.ts';
import { text, type Args, type Command } from './command.ts';
import type { Context } from './context.ts';
import { execute } from './execute.ts';
import { connectionFlags, outputFlag, writeFlags } from './flags.ts';
import { crdObjects, crdSource } from './phaseOne.ts';
import { unfolded } from './said.ts';
import { enforce, showFindings, withCluster } from './session.ts';
import { underway } from './underway.ts';

export const crds: Command = {
  name: 'crds',
  positionals: '[install]',
  summary: 'Show which inference CRDs are installed, and what this cluster needs',
  description:
    'By the version gate: GKE before 1.34.0-gke.1626000, and every other cluster, gets all CRDs of the release; from that version on GKE brings the v1 InferencePool itself and it is never touched. "crds install" installs what is needed.',
  flags: {
    release: { type: 'string', default: DEFAULT_RELEASE, describe: 'Release whose CRDs are needed' },
    from: { type: 'string', describe: 'File, folder or URL of the CRDs (default: the release on GitHub)' },
    ...outputFlag(['table', 'json', 'yaml', 'diff']),
    ...writeFlags,
    ...connectionFlags,
  },
  examples: [
    ['crds', 'What is there, what is needed'],
    ['crds install --release v1.0.0 --from manifests.yaml', 'From a file'],
  ],
  run(args, context) {
    const [verb, ...rest] = args.positionals;
    if ((verb !== undefined && verb !== 'install') || rest.length > 0)
      throw new UserError(`"crds ${args.positionals.join(' ')}" is not a command.`, {
        hint: 'There are: kubectl infpool crds, kubectl infpool crds install',
      });
    return withCluster(args, context, async (cluster) => {
      const found = await readCrds(cluster);
      const release = releaseOf(text(args, 'release') ?? '');
      const { decisions, findings } = decideCrds(release, found.server, found.crds);
      if (verb === undefined) {
        const rows = found.crds.map((crd) => ({
          ...crd,
          needed: decisions.find((decision) => decision.name === crd.name) ?? null,
        }));
        print(rows, found.server?.gitVersion ?? 'unknown', release.version, args, context);
        showFindings(findings, context);
        context.stderr.write(unreadText(found.unread, unfolded(context.style)));
        return found.unread.length > 0 ? EXIT.incomplete : EXIT.ok;
      }
      const { manifests, live } = await underway(context, 'getting the CRDs', () =>
        crdObjects(decisions, crdSource(args, release.version), release.version, cluster),
      );
      const steps = crdSteps({
        decisions,
        crdManifests: manifests,
        live: (object) => live.get(object.metadata.name),
      });
      const plan: Plan = {
        objects: [...manifests.values()].filter((crd) =>
          steps.some((step) => step.ref.name === crd.metadata.name),
        ),
        steps,
        findings,
      };
      showFindings(findings, context);
      enforce(
        findings.map((finding) => ({ finding, forceable: false })),
        args,
        context,
      );
      const result = await execute({
        plan,
        cluster,
        args,
        context,
        question: 'Write these CRDs?',
      });
      return result.state === 'shown' ? result.exitCode : (EXIT.ok as ExitCode);
    });
  },
};

interface Row {
  readonly name: string;
  readonly state: string;
  readonly bundleVersion: string | null;
  readonly needed: { readonly action: string; readonly reason: string } | null;
}

interface Found {
  readonly crds: readonly CrdEntry[];
  readonly server: ServerEntry | null;
  readonly unread: readonly { readonly resource: string; readonly message: string }[];
}

async function readCrds(cluster: Cluster): Promise<Found> {
  const snapshot = await cluster.snapshot({ resources: [], crds: INFERENCE_CRDS, namespace: '' });
  const reads = [
    ...[...snapshot.crds].map(([name, read]) => ({ resource: `${qualifiedName(CRD)}/${name}`, read })),
    { resource: 'server version', read: snapshot.server },
  ];
  return {
    crds: crdEntries(snapshot.crds),
    server: snapshot.server.state === 'ok' ? serverEntry(snapshot.server.version) : null,
    unread: reads.flatMap(({ resource, read }) =>
      isUnread(read) ? [{ resource, message: read.message }] : [],
    ),
  };
}

function print(rows: readonly Row[], server: string, release: string, args: Args, context: Context): void {
  const output = text(args, 'output');
  const report = {
    apiVersion: 'kubectl-infpool/v1',
    kind: 'CustomResourceDefinitions',
    server,
    release,
    crds: rows,
  };
  if (output === 'json') context.stdout.write(`${toJson(report, 2)}\n`);
  else if (output === 'yaml') context.stdout.write(toYaml(report));
  else {
    const words: Record<string, string> = {
      installed: 'installed',
      absent: 'not installed',
      forbidden: 'could not check',
      failed: 'could not check',
    };
    context.stdout.write(
      table(
        ['CRD', 'State', 'Bundle', 'Needed', 'Because'],
        rows.map((row) => [
          row.name,
          words[row.state] ?? row.state,
          row.state === 'installed' ? (row.bundleVersion ?? 'v0.x') : '-',
          // What could not be looked at may be there.
          row.state === 'forbidden' || row.state === 'failed' ? '?' : (row.needed?.action ?? '-'),
          row.needed?.reason ?? 'not part of it',
        ]),
        context.outStyle.width,
      ),
    );
    context.stderr.write(`Server: ${safe(server)}; needed for release ${release}\n`);
  }
}
