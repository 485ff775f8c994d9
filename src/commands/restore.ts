import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EXIT, UserError } from '../api/errors.ts';
import { kubectl } from '../api/kubectl.ts';
import type { Cluster } from '../api/cluster.ts';
import type { KubeObject } from '../api/object.ts';
import type { Step } from '../api/plan.ts';
import { isUnread } from '../api/read.ts';
import { describeRef, refKey, refOf } from '../api/ref.ts';
import { ALPHA_GROUP, ALPHA_POOL, CRD, groupOf } from '../api/resource.ts';
import { isLeaving, LISTS, planRestore, type RestorePlan } from '../cleanup/restore.ts';
import { loadManifests, type Loaded } from '../manifests/load.ts';
import { readManifestFile } from '../manifests/source.ts';
import { shellWord } from '../report/text.ts';
import { text, type Command } from './command.ts';
import type { Context } from './context.ts';
import { execute } from './execute.ts';
import { connectionFlags, namespaceFlag, outputFlag, writeFlags } from './flags.ts';
import { nearest } from '../api/nearest.ts';
import { showFindings, withCluster } from './session.ts';

export const restore: Command = {
  name: 'restore',
  positionals: '',
  summary: 'Put back what cleanup deleted, from its backup',
  description:
    'Creates what is not there any more, and adds the entries that were taken out of grants and policies; an object that is there is kept as it is, never overwritten, and named if it differs. Helm does not know of restored objects: they are no release any more.',
  flags: {
    filename: { type: 'string', alias: 'f', describe: 'The backup file (- for stdin)' },
    ...namespaceFlag,
    ...outputFlag(['table', 'json', 'yaml', 'diff']),
    ...writeFlags,
    ...connectionFlags,
  },
  examples: [['restore -f infpool-backup-20261123T171400Z.yaml', 'After a cleanup']],
  async run(args, context) {
    const file = text(args, 'filename');
    if (file === undefined)
      throw new UserError('restore needs the backup file: -f is missing.', {
        hint: 'As in: kubectl infpool restore -f infpool-backup-….yaml',
      });
    const { objects, errors } =
      file === '-' ? loadManifests('stdin', await context.readStdin()) : readBackup(file, context);
    const [error] = errors;
    if (error)
      throw new UserError(
        `${error.source.file}:${error.source.line}: ${error.message} Nothing was restored.`,
      );
    if (objects.length === 0) throw new UserError(`${file} holds no object.`);
    const wanted = objects.map(({ object }) => object);
    return withCluster(args, context, async (cluster) => {
      const live = await liveOf(wanted, cluster);
      const { steps, findings } = planRestore(wanted, live);
      showFindings(findings, context);
      if (steps.every((step) => step.action === 'create' && live.has(refKey(step.ref)))) {
        context.stderr.write(`Nothing to restore: all ${steps.length} objects are there.\n`);
        return EXIT.ok;
      }
      const result = await execute({
        plan: { objects: wanted, steps: [...steps.map(awaited), ...pickersReady(wanted, live)], findings },
        cluster,
        args,
        context,
        question: `Create what is missing of ${wanted.length} objects?`,
      });
      if (result.state === 'shown') return result.exitCode;
      context.stderr.write(
        'Restored. Next: kubectl infpool status; to send traffic back: kubectl infpool rollback\n',
      );
      return EXIT.ok;
    });
  },
};

function readBackup(file: string, { cwd }: Pick<Context, 'cwd'>): Loaded {
  const path = resolve(cwd, file);
  if (existsSync(path)) return readManifestFile(file);
  const there = backupsIn(dirname(path));
  const names = there.length > 0 ? there : backupsIn(cwd).map((name) => join(cwd, name));
  const [first] = nearest(basename(file), there, 1).concat(names);
  const found = first === undefined ? '' : there.length > 0 ? join(dirname(file), first) : first;
  throw new UserError(`There is no file ${file}. Nothing was restored.`, {
    hint: found
      ? `Did you mean: kubectl infpool restore -f ${shellWord(found)}`
      : 'cleanup says at its end where it put the backup; look for it where that was run: ls infpool-backup-*.yaml',
  });
}

/** The newest first: their names have the time. */
function backupsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^infpool-backup-.*\.yaml$/.test(name))
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

// Those of which nothing can be said now (their kind is not there yet, say) are told apart when they are created. But for
// what cleanup takes entries from: one that is there would be kept without them.
async function liveOf(objects: readonly KubeObject[], cluster: Cluster): Promise<Map<string, KubeObject>> {
  const reads = await Promise.all(objects.map((object) => cluster.get(refOf(object))));
  for (const [index, object] of objects.entries()) {
    const read = reads[index]!;
    if (!isUnread(read) || !LISTS.has(object.kind)) continue;
    throw new UserError(
      `${describeRef(refOf(object))} could not be read: ${read.message}. Nothing was restored.`,
      {
        exitCode: EXIT.incomplete,
        hint: `Which of its entries are missing is not known. Try it: ${kubectl('get', refOf(object))} -o yaml; then run this again.`,
      },
    );
  }
  return new Map(
    reads.flatMap((read) => (read.state === 'ok' ? [[refKey(refOf(read.object)), read.object]] : [])),
  );
}

// Traffic may go back only to endpoint pickers that run again.
function pickersReady(objects: readonly KubeObject[], live: ReadonlyMap<string, KubeObject>): Step[] {
  return objects
    .filter(({ apiVersion, kind }) => kind === ALPHA_POOL.kind && groupOf(apiVersion) === ALPHA_GROUP)
    .filter((pool) => {
      const there = live.get(refKey(refOf(pool)));
      return !there || isLeaving(there);
    })
    .map((pool): Step => ({
      action: 'wait',
      ref: refOf(pool),
      reason: 'its endpoint picker must be ready before any traffic goes back',
      condition: 'eppReady',
    }));
}

// A kind has to be served before its objects can be made: CRDs are awaited.
function awaited(step: RestorePlan['steps'][number]): Step {
  if (step.action !== 'create' || step.manifest.kind !== CRD.kind) return step;
  const { ref, reason, manifest } = step;
  return { action: 'crd', ref, reason, manifest, live: null, onlyIfAbsent: true };
}
