import type { CheckId } from '../api/ids.ts';
import type { Check, CheckVerdict } from '../api/verification.ts';
import type { Condition, KubeObject } from '../api/object.ts';
import { isUnread, listOf, type Snapshot } from '../api/read.ts';
import type { Ref } from '../api/ref.ts';
import { DEPLOYMENT, ENDPOINT_SLICE, POD, qualifiedName, SERVICE, type Resource } from '../api/resource.ts';

/** What the checks of a pool need beyond the Inventory's own kinds. */
export const VERIFY_RESOURCES: readonly Resource[] = [SERVICE, DEPLOYMENT, ENDPOINT_SLICE, POD];

/** Collects the checks about one subject under one heading. */
export class Checklist {
  readonly #checks: Check[] = [];
  readonly #group: string;
  readonly #subject: Ref;

  constructor(group: string, subject: Ref) {
    this.#group = group;
    this.#subject = subject;
  }

  /** Records one check; the hint is kept only where there is something to do. */
  add(id: CheckId, verdict: CheckVerdict | boolean, evidence: string, hint: string): void {
    const said = verdict === true ? 'pass' : verdict === false ? 'fail' : verdict;
    this.#checks.push({
      id,
      group: this.#group,
      subject: this.#subject,
      verdict: said,
      evidence,
      hint: said === 'pass' || said === 'skip' ? '' : hint,
    });
  }

  get checks(): Check[] {
    return this.#checks;
  }
}

/** The objects of one kind in one namespace, or why they are not known. */
export function objectsIn(
  snapshot: Snapshot,
  resource: Resource,
  namespace: string,
): { objects: readonly KubeObject[] } | { unread: string } {
  const list = listOf(snapshot, resource);
  if (isUnread(list)) return { unread: `${qualifiedName(resource)} could not be read: ${list.message}` };
  if (list.state === 'notInstalled') return { objects: [] };
  return { objects: list.items.filter((object) => (object.metadata.namespace ?? '') === namespace) };
}

/** What to do where a kind may not be read. */
export function mayList(resource: Resource): string {
  return `Allow "list" on ${qualifiedName(resource)} for your user; all that this needs, as a role: kubectl infpool auth`;
}

/** A condition, and whether it speaks of the object as it is now. */
export function conditionOf(
  conditions: readonly Condition[] | undefined,
  type: string,
  generation: number | undefined,
): { status: 'True' | 'False' | 'Unknown' | 'missing'; stale: boolean; text: string } {
  const condition = conditions?.find((candidate) => candidate.type === type);
  if (!condition) return { status: 'missing', stale: false, text: `condition ${type} is missing` };
  const observed = condition.observedGeneration;
  const stale = observed !== undefined && generation !== undefined && observed < generation;
  const reason = condition.reason ? ` (${condition.reason})` : '';
  const message = condition.message && condition.status !== 'True' ? `: ${condition.message}` : '';
  const age = stale ? `, but for generation ${observed} of ${generation}` : '';
  return { status: condition.status, stale, text: `${type}=${condition.status}${reason}${message}${age}` };
}

/** True where every label of the selector is on the object. */
export function matchesLabels(
  selector: Record<string, string>,
  labels: Record<string, string> | undefined,
): boolean {
  return Object.entries(selector).every(([key, value]) => labels?.[key] === value);
}
