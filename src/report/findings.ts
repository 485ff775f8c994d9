import type { Finding } from '../api/finding.ts';
import { describeRef } from '../api/ref.ts';
import { paint, safe, wrap, type Style } from './text.ts';

const COLORS = { error: 'red', warning: 'yellow', info: 'blue' } as const;
const ORDER = { error: 0, warning: 1, info: 2 } as const;

/** One paragraph a finding, worst first: what, where, why it matters, what to do. For people, on stderr. */
export function findingsText(findings: readonly Finding[], style: Style): string {
  return [...findings]
    .sort((a, b) => ORDER[a.severity] - ORDER[b.severity])
    .map((finding) => findingText(finding, style))
    .join('');
}

function findingText({ id, severity, ref, field, message, hint }: Finding, style: Style): string {
  const where = [ref ? safe(describeRef(ref)) : '', safe(field)].filter((part) => part !== '').join(', ');
  const head = `${paint(style, COLORS[severity], severity)}: ${where === '' ? '' : `${where}: `}${safe(message)} [${id}]`;
  const lines = [wrap(head, style.width, '  ')];
  if (hint !== '') lines.push(wrap(`  → ${safe(hint)}`, style.width, '    '));
  return `${lines.join('\n')}\n`;
}
