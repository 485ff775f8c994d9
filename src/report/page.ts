import { REPORT_API_VERSION } from '../api/names.ts';
import type { Chapter, NamedPage, Page } from '../api/page.ts';
import { paint, wrap, type Style } from './text.ts';

const PARTS = [
  ['means', 'What it means'],
  ['known', 'How we know'],
  ['matters', 'Why it matters'],
] as const;

/** `error or warning`, `check under Endpoint picker`. */
export function kindOf(page: Page): string {
  return 'group' in page ? `check under ${page.group}` : page.severity.join(' or ');
}

/** A page for a terminal. */
export function pageText({ id, page }: NamedPage, style: Style): string {
  const head = (text: string) => paint(style, 'bold', text);
  const body = (text: string) => wrap(`  ${text}`, style.width, '  ');
  return [
    wrap(`${head(id)} (${kindOf(page)}): ${page.title}`, style.width, '  '),
    ...PARTS.flatMap(([part, heading]) => ['', head(heading), body(page[part])]),
    '',
    head('What to do'),
    // A command is never broken: it is there to be copied.
    ...page.cure.map((step) => (step.startsWith('$ ') ? `    ${step.slice(2)}` : body(step))),
    ...('past' in page && page.past ? ['', head('What goes past it'), body(page.past)] : []),
    '',
    head('Sources'),
    ...page.sources.flatMap(({ title, url }) => [body(title), `    ${url}`]),
    '',
  ].join('\n');
}

/** All ids with their titles, for a terminal. */
export function chaptersText(chapters: readonly Chapter[], style: Style): string {
  const ids = chapters.flatMap(({ pages }) => pages.map(({ id }) => id.length));
  const width = Math.max(...ids);
  const line = ({ id, page }: NamedPage) =>
    wrap(`  ${id.padEnd(width)}  ${page.title}`, style.width, ' '.repeat(width + 4));
  return chapters
    .map(({ heading, pages }) => `${[paint(style, 'bold', heading), ...pages.map(line)].join('\n')}\n`)
    .join('\n');
}

/** A page in Markdown, its heading of this level. */
export function pageMarkdown({ id, page }: NamedPage, level = 1): string {
  return [
    `${'#'.repeat(level)} ${id}`,
    '',
    `**${page.title}** (${kindOf(page)})`,
    ...PARTS.flatMap(([part, heading]) => ['', `${heading}: ${literal(page[part])}`]),
    '',
    'What to do:',
    ...page.cure.map((step, index) => stepMarkdown(step, page.cure[index - 1])),
    ...lastFence(page.cure),
    ...('past' in page && page.past ? ['', `What goes past it: ${literal(page.past)}`] : []),
    '',
    'Sources:',
    '',
    ...page.sources.map(({ title, url }) => `- [${title}](${url})`),
    '',
  ].join('\n');
}

// Commands that follow each other are one block.
function stepMarkdown(step: string, before: string | undefined): string {
  const command = isCommand(step);
  const after = before !== undefined && isCommand(before);
  if (command) return `${after ? '' : '\n```sh\n'}${step.slice(2)}`;
  return `${after ? '```\n' : ''}\n${literal(step)}`;
}

function lastFence(cure: readonly string[]): string[] {
  return isCommand(cure.at(-1) ?? '') ? ['```'] : [];
}

function isCommand(step: string): boolean {
  return step.startsWith('$ ');
}

// Our own words, in which only these would be taken for markup.
function literal(text: string): string {
  return text.replace(/([*_<>|])/g, '\\$1');
}

/** A page as data: for `-o json`. */
export function pageReport({ id, page }: NamedPage): Record<string, unknown> {
  return { apiVersion: REPORT_API_VERSION, kind: 'Explanation', id, ...page };
}

export function chaptersReport(chapters: readonly Chapter[]): Record<string, unknown> {
  const items = chapters.flatMap(({ name, pages }) =>
    pages.map(({ id, page }) => ({ id, chapter: name, title: page.title, kind: kindOf(page) })),
  );
  return { apiVersion: REPORT_API_VERSION, kind: 'ExplanationList', items };
}
