import { deadline } from './deadline.ts';
import { RequestFailure } from './failures.ts';
import { bodyText } from './exchange.ts';
import type { Transport } from './transport.ts';

const PATIENCE_MS = 2000;

/**
 * A pod's `/metrics` through the API server's proxy; null when it can't be had: no right to it, no route to the pod, or a
 * pod that wants a token (the API server passes none on), as endpoint pickers do by default.
 */
export async function podMetrics(
  transport: Transport,
  namespace: string,
  pod: string,
  port: number,
): Promise<string | null> {
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy/metrics`;
  const { signal, clear } = deadline(PATIENCE_MS);
  try {
    const answer = await transport.open(path, signal);
    const text = await bodyText(answer);
    return answer.statusCode === 200 ? text : null;
  } catch (error) {
    if (error instanceof RequestFailure) return null;
    throw error;
  } finally {
    clear();
  }
}
