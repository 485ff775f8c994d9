import { createTwoFilesPatch } from 'diff';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { Finding } from '../api/finding.ts';
import { describeRef } from '../api/ref.ts';
import { writeTree } from '../manifests/outputDir.ts';
import { replaceFiles } from '../manifests/replace.ts';
import { count, safe } from '../report/text.ts';
import { on, text, texts, type Args } from './command.ts';
import type { Context } from './context.ts';
import { hasErrors } from './conversion.ts';
import { confirm } from './execute.ts';
import { readFiles, type Files } from './files.ts';
import { showProblems } from './filesFlags.ts';
import { rewriteFiles, type RewrittenFile, type RewrittenFiles } from './rewriteFiles.ts';
import { showFindings } from './session.ts';

/** True where files are to be written, or what would be written is to be shown. */
export function rewritesFiles(args: Args): boolean {
  if (text(args, 'output-dir') !== undefined || on(args, 'in-place')) return true;
  return texts(args, 'filename').length > 0 && (text(args, 'output') === 'diff' || on(args, 'apply'));
}

/** `convert -f … --output-dir OUT` and `--in-place`: the manifests as they have to be on v1. */
export async function convertFiles(args: Args, context: Context): Promise<ExitCode> {
  refuseNonsense(args);
  const files = (await readFiles(args, context))!;
  const rewritten = rewriteFiles(files, args);
  const findings = [...rewritten.findings, ...files.findings.filter(({ id }) => id !== 'defined-twice')];
  const failed = files.problems.length > 0 || hasErrors(findings) ? EXIT.error : EXIT.ok;

  if (text(args, 'output') === 'diff' || text(args, 'dry-run') === 'client') {
    const differences = rewritten.files.map(diffOf).join('');
    context.stdout.write(differences);
    showFindings(findings, context);
    showProblems(files.problems, context);
    summarize(files, rewritten, context);
    context.stderr.write('Nothing was written.\n');
    if (failed !== EXIT.ok) return failed;
    return differences !== '' && on(args, 'exit-code') ? EXIT.findings : EXIT.ok;
  }

  showFindings(findings, context);
  showProblems(files.problems, context);
  summarize(files, rewritten, context);
  const out = text(args, 'output-dir');
  if (out === undefined) await writeInPlace(rewritten.files, args, context);
  else writeBelow(out, files, rewritten.files, args, context);
  next(rewritten.files, findings, args, context);
  return failed;
}

function refuseNonsense(args: Args): void {
  const [out, inPlace] = [text(args, 'output-dir'), on(args, 'in-place')];
  const name = inPlace ? '--in-place' : '--output-dir';
  const paths = texts(args, 'filename');
  if (paths.length === 0)
    throw new UserError(`${name} is for manifests: -f is missing.`, {
      hint: `As in: kubectl infpool convert -f deploy/ -R ${name}${inPlace ? '' : ' OUT'}`,
    });
  if (inPlace && out !== undefined)
    throw new UserError('--in-place and --output-dir exclude each other.', {
      hint: 'Keep --in-place to change the files themselves, or --output-dir OUT to write changed copies.',
    });
  if (out === '')
    throw new UserError('--output-dir was given without a name.', { hint: 'As in: --output-dir OUT' });
  if ((inPlace || out !== undefined) && paths.includes('-'))
    throw new UserError(`stdin can't be written back: ${name} needs files.`, {
      hint: 'Without it the v1 objects are printed.',
    });
  if (on(args, 'apply'))
    throw new UserError('--apply works on a cluster, -f on files: one of the two.', {
      hint: 'To apply what is printed: kubectl infpool convert -f … | kubectl apply -f -',
    });
  if (text(args, 'dry-run') === 'server')
    throw new UserError('--dry-run=server asks an API server; files have none.', {
      hint: 'Take --dry-run=client, or -o diff.',
    });
  if (!['yaml', 'diff'].includes(text(args, 'output') ?? 'yaml'))
    throw new UserError(`-o ${text(args, 'output')} prints v1 objects; ${name} writes files.`, {
      hint: 'Leave one of the two out.',
    });
}

function diffOf({ source, before, after }: RewrittenFile): string {
  const name = source.file.path.replace(/^\/+/, '');
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after)
    .replace(/^=+\n/, '')
    .replace(/\t(\n|$)/g, '$1');
}

const SHOWN = 50;

function summarize({ loaded }: Files, { files }: RewrittenFiles, context: Context): void {
  const lines = [
    `${count(loaded.read, 'file')} read, ${count(loaded.documents, 'document')}; ${files.length} to change.`,
  ];
  for (const { source, changed } of files.slice(0, SHOWN)) {
    const what = [...new Set(changed.map(describeRef))];
    const more = what.length > 3 ? ` and ${what.length - 3} more` : '';
    lines.push(`  ${safe(source.file.path)}: ${what.slice(0, 3).map(safe).join(', ')}${more}`);
  }
  if (files.length > SHOWN) lines.push(`  and ${files.length - SHOWN} more`);
  context.stderr.write(`${lines.join('\n')}\n`);
}

async function writeInPlace(files: readonly RewrittenFile[], args: Args, context: Context): Promise<void> {
  if (files.length === 0) return;
  await confirm(`Change ${count(files.length, 'file')}?`, args, context);
  replaceFiles(
    files.map(({ source, after }) => ({
      path: source.file.path,
      real: source.file.real,
      digest: source.digest,
      text: after,
    })),
  );
  context.stderr.write(`${count(files.length, 'file')} changed.\n`);
}

function writeBelow(
  out: string,
  { loaded }: Files,
  files: readonly RewrittenFile[],
  args: Args,
  context: Context,
): void {
  const after = new Map(files.map((file) => [file.source.file.real, file.after]));
  const written = writeTree(
    out,
    loaded.tree,
    loaded.tree.files.map((file) => ({ file, text: after.get(file.real) ?? null })),
    { recursive: on(args, 'recursive'), force: on(args, 'force') },
  );
  context.stderr.write(
    `${count(written, 'file')} written below ${safe(out)}; ${files.length} of them differ from what was read.\n`,
  );
}

function next(
  files: readonly RewrittenFile[],
  findings: readonly Finding[],
  args: Args,
  context: Context,
): void {
  const out = text(args, 'output-dir');
  if (files.length === 0) {
    context.stderr.write('Nothing had to change.\n');
    return;
  }
  const [from, ...others] = texts(args, 'filename');
  const below = others.length === 0 ? safe(from!) : '…';
  const look = out === undefined ? 'git diff' : `diff -ru ${below} ${safe(out)}`;
  context.stderr.write(
    [
      `Next: ${look}`,
      'Do not let Git apply this before the traffic has moved: it has no alpha pool any more, and routes name v1 only.',
      'First convert --apply and split to 100 on the cluster; when kubectl infpool status says Switched, commit.',
      ...(findings.some(({ severity }) => severity !== 'info')
        ? ['Read the findings above: what they name is not done by this.']
        : []),
      '',
    ].join('\n'),
  );
}
