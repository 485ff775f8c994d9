import { EXIT, UserError } from '../api/errors.ts';
import type { NamedPage } from '../api/page.ts';
import { CHAPTERS, PAGE_IDS, pageOf } from '../explain/pages.ts';
import { chaptersReport, chaptersText, pageMarkdown, pageReport, pageText } from '../report/page.ts';
import { text, type Command } from './command.ts';
import type { Context } from './context.ts';
import { outputFlag } from './flags.ts';
import { nearest } from '../api/nearest.ts';

export const explain: Command = {
  name: 'explain',
  positionals: '[ID...]',
  summary: 'Explain a finding or a check: what it means, how we know, how to fix it',
  description:
    'The id is what stands in brackets behind a finding, or before a check: explain target-models-lost. Without one, all of them are listed. Nothing is asked of a cluster.',
  flags: outputFlag(['table', 'markdown', 'json']),
  examples: [
    ['explain', 'All findings and checks'],
    ['explain target-models-lost', 'One of them'],
    ['explain epp-group -o markdown', 'For a ticket'],
  ],
  run(args, context) {
    const output = text(args, 'output');
    const { positionals } = args;
    if (positionals.length === 0) list(output, context);
    else show(positionals.map(named), output, context);
    return Promise.resolve(EXIT.ok);
  },
};

function list(output: string | undefined, context: Context): void {
  if (output === 'json') context.stdout.write(`${JSON.stringify(chaptersReport(CHAPTERS), null, 2)}\n`);
  else if (output === 'markdown')
    context.stdout.write(
      CHAPTERS.flatMap(({ pages }) => pages.map((page) => pageMarkdown(page, 2))).join('\n'),
    );
  else {
    context.stdout.write(chaptersText(CHAPTERS, context.outStyle));
    context.stderr.write('More about one: kubectl infpool explain ID\n');
  }
}

function show(pages: readonly NamedPage[], output: string | undefined, context: Context): void {
  if (output === 'json') {
    const reports = pages.map(pageReport);
    context.stdout.write(`${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`);
  } else if (output === 'markdown') context.stdout.write(pages.map((page) => pageMarkdown(page)).join('\n'));
  else context.stdout.write(pages.map((page) => pageText(page, context.outStyle)).join('\n'));
}

// As it stands in a message, brackets and colon are taken along.
function named(word: string): NamedPage {
  const id = word.replace(/^\[|[\]:]+$/g, '').toLowerCase();
  const page = pageOf(id);
  if (page) return page;
  const like = nearest(id, PAGE_IDS);
  throw new UserError(`There is no finding or check "${word}".`, {
    hint:
      like.length > 0
        ? `Did you mean ${like.map((one) => `"kubectl infpool explain ${one}"`).join(' or ')}?`
        : 'All of them: kubectl infpool explain',
  });
}
