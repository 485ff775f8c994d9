import type { KubeObject } from '../../api/object.ts';
import { unchanged, type Change } from './change.ts';
import { applied, type Edit } from './edits.ts';
import type { Targets } from './targets.ts';

/** The host of a DestinationRule that is an alpha endpoint picker's Service, short or with its namespace and domain. */
export function destinationRuleChange(rule: KubeObject, targets: Targets): Change {
  const host: unknown = rule['spec']?.host;
  if (typeof host !== 'string') return unchanged(rule);
  const [service, namespace, ...domain] = host.split('.');
  if (domain.length > 0 && domain[0] !== 'svc') return unchanged(rule);
  const name = targets.picker(namespace ?? rule.metadata.namespace ?? '', service!);
  if (name === undefined || name === service) return unchanged(rule);
  const value = [name, ...host.split('.').slice(1)].join('.');
  const edits: Edit[] = [{ op: 'set', path: ['spec', 'host'], value }];
  return { edits, intended: applied(rule, edits) as KubeObject, added: [], findings: [] };
}
