import type { Finding } from '../../api/finding.ts';
import type { Ref } from '../../api/ref.ts';
import type { Rewritten } from './change.ts';
import { ofInterest, parsed, partsOf, type Part } from './documents.ts';
import { isKustomization, kustomizationFindings } from './kustomization.ts';
import { objectsIn } from './objects.ts';
import { rewritePart } from './part.ts';
import { dashIn } from './style.ts';
import { Targets, type Rewrites } from './targets.ts';

export type { Rewritten } from './change.ts';
export { rewritesOf, type Rewrites } from './targets.ts';

const BOM = '\ufeff';

/**
 * The text of a file as it has to be once the migration is done: objects of v1alpha2 as those of v1, references to them
 * as references to these. What need not change keeps its bytes: comments, order, quotes, indentation, line ends,
 * anchors, markers. What can't be changed that way stays as it is, and a finding says so. Documents that can't be read
 * pass through; who loads the file names them. Its own output it leaves alone.
 *
 * @param file for messages, and to know a kustomization.yaml
 */
export function rewriteText(file: string, text: string, rewrites: Rewrites): Rewritten {
  const start = text.startsWith(BOM) ? BOM.length : 0;
  const parts = partsOf(text.slice(start)).map((part) => ({
    text: part,
    read: ofInterest(part) ? parsed(part) : null,
  }));
  const targets = new Targets(
    rewrites,
    parts.flatMap(({ read }) => (read?.values ?? []).flatMap(objectsIn)),
  );
  const dash = dashIn(text);
  const changed: Ref[] = [];
  const findings: Finding[] = [];
  let result = text.slice(0, start);
  for (const [index, part] of parts.entries()) {
    if (!part.read) {
      result += part.text;
      continue;
    }
    findings.push(...aboutKustomizations(file, part.read));
    const place = { file, first: index === 0, alone: parts.length === 1, dash };
    const rewritten = rewritePart(part.read, targets, place);
    result += rewritten.text;
    changed.push(...rewritten.changed);
    findings.push(...rewritten.findings);
  }
  return { text: result, changed, findings };
}

function aboutKustomizations(file: string, part: Part): Finding[] {
  return part.values.flatMap((value) =>
    isKustomization(file, value) ? kustomizationFindings(file, value) : [],
  );
}
