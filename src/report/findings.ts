import type { Finding } from '../api/finding.ts';
import { describeRef, sameRef } from '../api/ref.ts';
import { difference } from './alike.ts';
import { paint, safe, wrap, type Style } from './text.ts';

const COLORS = { error: 'red', warning: 'yellow', info: 'blue' } as const;
const ORDER = { error: 0, warning: 1, info: 2 } as const;

/** How many findings of a kind are told in full, and how many more objects are named. */
const TOLD = 4;
const NAMED = 8;

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

/** What is told in full, and the objects of which the same is said, each with what differs there. */
interface Saying {
  readonly told: Finding;
  readonly others: { readonly finding: Finding; readonly differs: string }[];
}

// The same about several objects is said once. Of a kind of which there are many the first are told in full, since each may
// have a command of its own; the rest are named. All of it is in -o json.
function groupText(group: readonly Finding[], style: Style): string {
  const sayings: Saying[] = [];
  const rest: Finding[] = [];
  for (const finding of group) {
    if (sayings.some((saying) => joins(saying, finding))) continue;
    if (sayings.length < TOLD) sayings.push({ told: finding, others: [] });
    else rest.push(finding);
  }
  const told = sayings.map((saying) => `${findingText(saying.told, style)}${othersText(saying, style)}`);
  const named = rest.map((finding) => safe(finding.ref ? describeRef(finding.ref) : finding.field));
  return `${told.join('')}${alsoText(`[${group[0]!.id}] also for`, named, style)}`;
}

function joins({ told, others }: Saying, finding: Finding): boolean {
  const differs = difference(told, finding);
  if (differs === null) return false;
  others.push({ finding, differs });
  return true;
}

function othersText({ told, others }: Saying, style: Style): string {
  const named =
    told.ref !== null &&
    told.message.includes(told.ref.name) &&
    others.some(({ finding }) => finding.message !== told.message);
  const places = others.map(({ finding, differs }) => {
    const place = shortPlace(finding, told);
    const said = safe(differs.replaceAll('"', ''));
    // Often what differs is the object's own name.
    const isName = place.split(/[\s/,]+/).includes(said.split(' ').at(-1)!);
    return said === '' || isName ? place : `${place} ("${said}")`;
  });
  return alsoText(named ? 'the same, each with its own name, for' : 'the same for', places, style);
}

function alsoText(words: string, all: readonly string[], style: Style): string {
  if (all.length === 0) return '';
  const named = all.slice(0, NAMED).join(', ');
  const rest = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
  return `${wrap(`  ${words} ${named}${rest}`, style.width, '    ')}\n`;
}

// Beside one of its kind and namespace a name is enough.
function shortPlace({ ref, field }: Finding, { ref: beside }: Finding): string {
  if (!ref) return safe(field);
  if (!beside) return safe(describeRef(ref));
  if (sameRef(ref, beside)) return safe(field);
  const alike = ref.kind === beside.kind && ref.group === beside.group && ref.namespace === beside.namespace;
  return safe(alike ? ref.name : describeRef(ref));
}

function findingText({ id, severity, ref, field, message, hint }: Finding, style: Style): string {
  const place = [ref ? safe(describeRef(ref)) : '', safe(field)].filter((part) => part !== '').join(', ');
  const head = `${paint(style, COLORS[severity], severity)}: ${place === '' ? '' : `${place}: `}${safe(message)} [${id}]`;
  const lines = [wrap(head, style.width, '  ')];
  if (hint !== '') lines.push(wrap(`  → ${safe(hint)}`, style.width, '    '));
  return `${lines.join('\n')}\n`;
}
