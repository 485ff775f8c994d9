import { EXIT, UserError } from '../api/errors.ts';
import { planRestore } from '../cleanup/restore.ts';
import { CRD } from '../api/resource.ts';
import type { KubeObject } from '../api/object.ts';
import type { Step } from '../api/plan.ts';
import { loadManifests } from '../manifests/load.ts';
import { readManifestFile } from '../manifests/source.ts';
import { text, type Command } from './command.ts';
import { execute } from './execute.ts';
import { connectionFlags, namespaceFlag, outputFlag, writeFlags } from './flags.ts';
import { withCluster } from './session.ts';

export const restore: Command = {
  name: 'restore',
  positionals: '',
  summary: 'Put back what cleanup deleted, from its backup',
  description:
    'Creates what is not there any more; an object that is there is kept as it is, never overwritten. Helm does not know of restored objects: they are no release any more.',
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
      throw new UserError('Which backup?', {
        hint: 'As in: kubectl infpool restore -f infpool-backup-….yaml',
      });
    const { objects, errors } =
      file === '-' ? loadManifests('stdin', await context.readStdin()) : readManifestFile(file);
    const [error] = errors;
    if (error)
      throw new UserError(
        `${error.source.file}:${error.source.line}: ${error.message} Nothing was restored.`,
      );
    if (objects.length === 0) throw new UserError(`${file} holds no object.`);
    const steps = restoreSteps(objects.map(({ object }) => object));
    return withCluster(args, context, async (cluster) => {
      const result = await execute({
        plan: { objects: objects.map(({ object }) => object), steps, findings: [] },
        cluster,
        args,
        context,
        question: `Create what is missing of ${steps.length} objects?`,
      });
      if (result.state === 'shown') return result.exitCode;
      context.stderr.write(
        'Restored. Next: kubectl infpool status; to send traffic back: kubectl infpool rollback\n',
      );
      return EXIT.ok;
    });
  },
};

// A kind has to be served before its objects can be made: CRDs are awaited.
function restoreSteps(objects: readonly KubeObject[]): Step[] {
  return planRestore(objects).map((step): Step =>
    step.manifest.kind === CRD.kind
      ? {
          action: 'crd',
          ref: step.ref,
          reason: step.reason,
          manifest: step.manifest,
          live: null,
          onlyIfAbsent: true,
        }
      : step,
  );
}
