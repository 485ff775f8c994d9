import { EXIT, type ExitCode } from '../api/errors.ts';
import type { Finding } from '../api/finding.ts';
import type { KubeObject } from '../api/object.ts';
import { refKey, refOf } from '../api/ref.ts';
import { groupOf } from '../api/resource.ts';
import { toYamlStream } from '../report/yaml.ts';
import { on, text, texts, type Args, type Command } from './command.ts';
import type { Context } from './context.ts';
import { hasErrors, nothing, prepareConversion, type Prepared } from './conversion.ts';
import { applyPhaseOne } from './phaseOne.ts';
import { CONVERT_FLAGS } from './convertFlags.ts';
import { convertFiles, rewritesFiles } from './convertFiles.ts';
import { filesFlags, filesOutputFlags, showProblems } from './filesFlags.ts';
import { connectionFlags, outputFlag, scopeFlags, writeFlags } from './flags.ts';
import { showPlan } from './execute.ts';
import { runbookFor } from './runbook.ts';
import { completeness, showFindings } from './session.ts';
import { adoptLines, helmLine } from './helmLine.ts';

const OUTPUTS = ['yaml', 'json', 'helm', 'script', 'diff', 'name'];

export const convert: Command = {
  name: 'convert',
  positionals: '[POOL...]',
  summary: 'Print the v1 objects for the alpha ones; with --apply, install them',
  description:
    'Prints YAML that "kubectl apply -f -" takes, and on stderr everything that is lost or in doubt. With --apply it carries out phase 1: it installs the CRDs that this version of the cluster needs, upstream\'s chart (by the helm on PATH) and the objectives, and waits until the endpoint picker is ready. No traffic moves.',
  flags: {
    ...scopeFlags,
    ...filesFlags,
    ...filesOutputFlags,
    ...CONVERT_FLAGS,
    apply: { type: 'boolean', describe: 'Carry out phase 1 on the cluster' },
    ...outputFlag(OUTPUTS, 'yaml'),
    ...writeFlags,
    ...connectionFlags,
  },
  examples: [
    ['convert', 'Print the v1 objects for the current namespace'],
    ['convert my-pool --release v1.3.1 --apply', 'Phase 1 for one pool'],
    ['convert -f preview.yaml', 'Convert a file, without a cluster'],
    ['convert -f deploy/ -R --in-place', 'Bring the manifests in Git to v1; the rest of them stays as it is'],
    ['convert -o script > runbook.sh', 'All three phases as commands for this cluster'],
  ],
  async run(args, context) {
    if (rewritesFiles(args)) return convertFiles(args, context);
    const fromFiles = texts(args, 'filename').length > 0;
    if (
      !fromFiles &&
      (on(args, 'apply') || text(args, 'dry-run') !== 'none' || text(args, 'output') === 'diff')
    )
      return applyPhaseOne(args, context);
    return prepareConversion(args, context, (prepared) => Promise.resolve(print(prepared, args, context)));
  },
};

function print(prepared: Prepared, args: Args, context: Context): ExitCode {
  const { conversion, objects, inventory, problems } = prepared;
  const none = conversion.units.length === 0 && problems.length === 0;
  // Files that could not be looked into, such as those of a chart, may hold some.
  const unknown = prepared.cluster === null && inventory.verdict === 'Unknown';
  if (none && !unknown) context.stderr.write(nothing(prepared));
  const output = text(args, 'output') ?? 'yaml';
  if (output === 'json') showPlan({ objects, steps: [], findings: conversion.findings }, args, context);
  else {
    context.stdout.write(rendered(prepared, output, args));
    showFindings(conversion.findings, context);
  }
  if (output === 'yaml' && prepared.options.epp === 'chart' && withoutEpp(prepared).length > 0)
    context.stderr.write(
      'The endpoint pickers are not in this YAML: "kubectl infpool convert --apply" installs them with upstream\'s chart, "-o helm" prints the commands.\n',
    );
  showProblems(problems, context);
  if (problems.length > 0) return EXIT.error;
  const failed = failure(conversion.findings);
  if (failed !== null) return failed;
  if (none && unknown) return EXIT.incomplete;
  return prepared.cluster ? completeness(inventory) : EXIT.ok;
}

// What could not be looked at is no error of what was converted.
function failure(findings: readonly Finding[]): ExitCode | null {
  if (hasErrors(findings.filter(({ id }) => id !== 'could-not-read'))) return EXIT.error;
  return hasErrors(findings) ? EXIT.incomplete : null;
}

function rendered(prepared: Prepared, output: string, args: Args): string {
  switch (output) {
    case 'helm':
      return withoutEpp(prepared)
        .map((pool) => `${adoptLines(pool, prepared.withoutPicker)}${helmLine(pool, prepared.chart)}\n`)
        .join('');
    case 'script':
      return runbookFor(prepared, text(args, 'crds-from'));
    case 'name':
      return prepared.objects
        .map(
          (object) => `${object.kind.toLowerCase()}.${groupOf(object.apiVersion)}/${object.metadata.name}\n`,
        )
        .join('');
    default:
      return toYamlStream(prepared.objects);
  }
}

/** The v1 pools that have no endpoint picker yet: new ones, and those that were applied without one. */
function withoutEpp({ conversion, withoutPicker }: Prepared): KubeObject[] {
  return conversion.units.flatMap(({ pool, existing }) =>
    pool && (!existing || withoutPicker.has(refKey(refOf(pool)))) ? [pool] : [],
  );
}
