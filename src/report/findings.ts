import type { Finding } from '../api/finding.ts';
import { describeRef } from '../api/ref.ts';
import { paint, safe, wrap, type Style } from './text.ts';

const COLORS = { error: 'red', warning: 'yellow', info: 'blue' } as const;
const ORDER = { error: 0, warning: 1, info: 2 } as const;

/** How many objects with the same finding are named one by one. */
const NAMED = 4;

/** One paragraph a kind of finding, worst first: what, where, why it matters, what to do. For people, on stderr. */
export function findingsText(findings: readonly Finding[], style: Style): string {
  const sorted = [...findings].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  const groups = Map.groupBy(sorted, (finding) => `${finding.severity} ${finding.id}`);
  return [...groups.values()]
    .map(([first, ...others]) => `${findingText(first!, style)}${alsoText(others, style)}`)
    .join('');
}

// The same thing about many objects is said once; all of it is in -o json.
function alsoText(others: readonly Finding[], style: Style): string {
  if (others.length === 0) return '';
  const named = others.slice(0, NAMED).map(where);
  const rest = others.length > NAMED ? ` and ${others.length - NAMED} more` : '';
  return `${wrap(`  the same for ${named.join('; ')}${rest}`, style.width, '    ')}\n`;
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
