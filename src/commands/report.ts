import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { MigrationRecord } from '../api/record.ts';
import { shellWord } from '../api/shellWord.ts';
import { safe } from '../report/text.ts';
import { on, text, type Command } from './command.ts';
import type { Context } from './context.ts';
import { CONVERT_FLAGS } from './convertFlags.ts';
import { connectionFlags, scopeFlags } from './flags.ts';
import { completeness, showFindings, withCluster } from './session.ts';
import { PROBE_FLAGS } from './verification.ts';

type Format = 'html' | 'markdown';

const EXTENSIONS: Readonly<Record<string, Format>> = {
  '.html': 'html',
  '.htm': 'html',
  '.md': 'markdown',
  '.markdown': 'markdown',
};

/** Both kinds of file begin with a sign of ours within so many bytes. */
const SIGNED_WITHIN = 2048;

export const report: Command = {
  name: 'report',
  positionals: '[POOL...]',
  summary: 'Write one file to hand in: verdict, picture, findings, plan with diffs, checks, timeline',
  description:
    'Changes nothing in the cluster; sends a few requests of its own, as verify does (--no-probe: none). The page needs no network and no script. With --record it tells how a migrate went. Exit code 4 means that something could not be read; the report says what.',
  flags: {
    ...scopeFlags,
    output: {
      type: 'string',
      alias: 'o',
      default: 'markdown',
      describe: 'FILE.html, FILE.md, or html or markdown for stdout',
    },
    record: { type: 'string', describe: 'What migrate --record has left: its timeline goes into the report' },
    force: { type: 'boolean', describe: 'Replace a file that is not a report of ours, too' },
    ...CONVERT_FLAGS,
    ...PROBE_FLAGS,
    ...connectionFlags,
  },
  examples: [
    ['report -o report.html', 'A page to read, print and hand on'],
    ['report -o markdown', 'For a change request'],
    ['report -o report.html --record migration.json', 'After a migrate that kept a record'],
  ],
  async run(args, context) {
    const target = targetOf(text(args, 'output') ?? 'markdown', context);
    if (target.path !== null && !on(args, 'force')) await refuseOthers(target.path);
    const { readRecord } = await import('./record.ts');
    const record =
      text(args, 'record') === undefined ? null : recordOf(text(args, 'record')!, readRecord, context);
    return withCluster(args, context, async (cluster) => {
      if (record && record.server !== cluster.server)
        context.stderr.write(
          `warning: the record is of ${safe(record.server)}, this cluster is ${safe(cluster.server)}\n`,
        );
      const { gatherReport } = await import('./reportGather.ts');
      const data = await gatherReport(cluster, args, context, record);
      const { rendered } = await import('./reportRendered.ts');
      const content = rendered(data, target.format);
      if (target.path === null) context.stdout.write(content);
      else await write(target.path, content, context);
      // The report has them among its findings; whoever sees the exit code only has to know why.
      const doubts = data.findings.filter(({ id }) => id === 'could-not-read');
      showFindings(doubts, context);
      return doubts.length > 0 ? EXIT.incomplete : completeness(data.inventory);
    });
  },
};

interface Target {
  readonly format: Format;
  /** Null for stdout. */
  readonly path: string | null;
}

function targetOf(output: string, context: Context): Target {
  if (output === 'html' || output === 'markdown') return { format: output, path: null };
  const format = EXTENSIONS[extname(output).toLowerCase()];
  if (format) return { format, path: resolve(context.cwd, output) };
  throw new UserError(
    `-o ${JSON.stringify(output)} is neither html nor markdown, nor a file that ends in .html or .md.`,
    {
      hint: 'As in: kubectl infpool report -o report.html',
    },
  );
}

// A report may be made anew as often as one likes; anything else of that name is not ours to replace.
async function refuseOthers(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const { HTML_MARK } = await import('../report/html/page.ts');
  const { MARKDOWN_MARK } = await import('../report/reportMarkdown.ts');
  const head = await headOf(path);
  if (head.includes(HTML_MARK) || head.startsWith(MARKDOWN_MARK)) return;
  throw new UserError(`${path} is there, and is not a report of ours: it is left alone.`, {
    exitCode: EXIT.refused,
    hint: 'Give another name, or --force to replace it.',
  });
}

async function headOf(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SIGNED_WITHIN), 0, SIGNED_WITHIN, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new UserError(`${path} could not be looked at: ${(error as Error).message}`, { cause: error });
  }
}

function recordOf(
  path: string,
  read: (path: string) => MigrationRecord | null,
  context: Context,
): MigrationRecord {
  const record = read(resolve(context.cwd, path));
  if (record) return record;
  throw new UserError(`There is no file ${path}.`, {
    hint: 'Such a record is what this leaves: kubectl infpool migrate --record FILE',
  });
}

async function write(path: string, content: string, context: Context): Promise<ExitCode> {
  const { replaceFile } = await import('./replaceFile.ts');
  try {
    replaceFile(path, content);
  } catch (error) {
    throw new UserError(`The report ${path} could not be written: ${(error as Error).message}`, {
      cause: error,
    });
  }
  context.stderr.write(`The report is in ${shellWord(path)}\n`);
  return EXIT.ok;
}
