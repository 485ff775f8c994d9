import type { Check } from '../api/verification.ts';
import { kubectl } from '../api/kubectl.ts';
import type { Condition, KubeObject } from '../api/object.ts';
import { refOf } from '../api/ref.ts';
import { Checklist, conditionOf } from './evidence.ts';

/** Accepted and Programmed for the Gateway as it is now, and an address to send requests to. */
export function gatewayChecks(gateway: KubeObject): Check[] {
  const self = refOf(gateway);
  const list = new Checklist('Gateway', self);
  const conditions = gateway['status']?.conditions as Condition[] | undefined;
  const look = kubectl('describe', self);
  const accepted = conditionOf(conditions, 'Accepted', gateway.metadata.generation);
  const programmed = conditionOf(conditions, 'Programmed', gateway.metadata.generation);
  list.add(
    'gateway-accepted',
    accepted.status === 'True',
    accepted.text,
    `A Gateway that is not accepted serves no request. Read why: ${look}`,
  );
  list.add(
    'gateway-programmed',
    programmed.status === 'True',
    programmed.text,
    `Until it is programmed, requests fail or go by an old configuration. Read why: ${look}`,
  );
  const stale = [accepted, programmed].find((condition) => condition.stale);
  list.add(
    'gateway-current',
    !stale,
    stale ? `The status is older than the spec: ${stale.text}` : 'The status is for the current generation',
    'Wait for the controller, as the same command does with --wait; if it stays so, the controller is not running or does not look at this Gateway.',
  );
  const addresses = (gateway['status']?.addresses ?? []) as { value: string }[];
  list.add(
    'gateway-address',
    addresses.length > 0,
    addresses.map((address) => address.value).join(', ') || 'No address',
    `Requests have nowhere to go. A load balancer may take minutes to get an address; if the Gateway is reached another way, give --address HOST:PORT. Read why: ${look}`,
  );
  return list.checks;
}
