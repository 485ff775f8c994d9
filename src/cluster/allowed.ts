import type { Unread } from '../api/read.ts';
import type { Resource } from '../api/resource.ts';
import { unreadOf } from './answer.ts';
import { unreadFrom } from './failures.ts';
import type { Transport } from './transport.ts';

const PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

const NO_WORD: Unread = { state: 'failed', message: 'the answer does not say' };

/**
 * Asks the API server whether this user may; every authenticated user may ask. A plural may have a subresource (`pods/proxy`); with a name it is about that object alone.
 */
export async function allowed(
  transport: Transport,
  verb: string,
  { group, plural }: Pick<Resource, 'group' | 'plural'>,
  namespace: string,
  name = '',
): Promise<boolean | Unread> {
  const [resource, subresource] = plural.split('/');
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: {
      resourceAttributes: {
        verb,
        group,
        resource,
        ...(subresource === undefined ? {} : { subresource }),
        ...(namespace === '' ? {} : { namespace }),
        ...(name === '' ? {} : { name }),
      },
    },
  };
  try {
    // Nothing is stored by it, so it may be asked again.
    const answer = await transport.call({ method: 'POST', path: PATH, body, repeatable: true });
    if (answer.status !== 201 && answer.status !== 200) return unreadOf(answer);
    const { status } = (answer.body ?? {}) as { status?: { allowed?: unknown } };
    // Without a word on it, it is not known: that is no "no".
    return typeof status?.allowed === 'boolean' ? status.allowed : NO_WORD;
  } catch (error) {
    return unreadFrom(error);
  }
}
