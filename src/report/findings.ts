import type { Finding } from '../api/finding.ts';
import { describeRef } from '../api/ref.ts';
import { paint, safe, wrap, type Style } from './text.ts';

const COLORS = { error: 'red', warning: 'yellow', info: 'blue' } as const;
const ORDER = { error: 0, warning: 1, info: 2 } as const;

/** How many findings of a kind are told in full, and how many more objects are named. */
const NAMED = 4;

/** One paragraph a finding, worst first: what, where, why it matters, what to do. For people, on stderr. */
export function findingsText(findings: readonly Finding[], style: Style): string {
  const groups = Map.groupBy(worstFirst(findings), (finding) => `${finding.severity} ${finding.id}`);
  return [...groups.values()].map((group) => groupText(group, style)).join('');
}

/** Where more is told of findings, on one quiet line; '' where there are none. */
export function moreOnFindings(findings: readonly Finding[], style: Style): string {
  const [worst] = worstFirst(findings);
  return worst ? moreText('finding', worst.id, style) : '';
}

/** `For more on a finding: kubectl infpool explain selector-empty` */
export function moreText(what: 'finding' | 'check', id: string, style: Style): string {
  const line = `For more on a ${what}: kubectl infpool explain ${id}`;
  return `${paint(style, 'dim', wrap(line, style.width, '  '))}\n`;
}

function worstFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

// Word for word the same about several objects is said once. Of a kind of which there are many the first are told in
// full, since each may have a command of its own; the rest are named. All of it is in -o json.
function groupText(group: readonly Finding[], style: Style): string {
  const bySaying = [...Map.groupBy(group, ({ message, hint }) => `${message}\n${hint}`).values()];
  const told = bySaying.slice(0, NAMED).map((same) => {
    const [first, ...others] = same;
    return `${findingText(first!, style)}${alsoText('the same for', others, style)}`;
  });
  return `${told.join('')}${alsoText(`[${group[0]!.id}] also for`, bySaying.slice(NAMED).flat(), style)}`;
}

function alsoText(words: string, others: readonly Finding[], style: Style): string {
  if (others.length === 0) return '';
  const named = others.slice(0, NAMED).map(where);
  const rest = others.length > NAMED ? ` and ${others.length - NAMED} more` : '';
  return `${wrap(`  ${words} ${named.join('; ')}${rest}`, style.width, '    ')}\n`;
}

function where({ ref, field }: Finding): string {
  return safe(ref ? describeRef(ref) : field);
}

function findingText({ id, severity, ref, field, message, hint }: Finding, style: Style): string {
  const place = [ref ? safe(describeRef(ref)) : '', safe(field)].filter((part) => part !== '').join(', ');
  const head = `${paint(style, COLORS[severity], severity)}: ${place === '' ? '' : `${place}: `}${safe(message)} [${id}]`;
  const lines = [wrap(head, style.width, '  ')];
  if (hint !== '') lines.push(wrap(`  → ${safe(hint)}`, style.width, '    '));
  return `${lines.join('\n')}\n`;
}
