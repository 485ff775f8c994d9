import { parseJson, type Answer } from './answer.ts';
import { bodyText, FEW_BYTES, MOST_BYTES } from './exchange.ts';
import { RequestFailure } from './failures.ts';
import type { Reply } from './reply.ts';

/**
 * The whole of an answer. A page of HTML, half a document, nothing or a redirect is no answer of an API server; an
 * error may come without JSON.
 * @throws RequestFailure
 */
export async function readAnswer(response: Reply): Promise<Answer> {
  const status = response.statusCode ?? 0;
  const text = await bodyText(response, status < 300 ? MOST_BYTES : FEW_BYTES);
  const body = parseJson(text);
  if (status === 400 && text.startsWith('Client sent an HTTP request to an HTTPS server')) {
    const hint = 'Write https:// in the server address.';
    throw new RequestFailure('tls', 'it speaks TLS on that port, and the address says http', {
      sent: false,
      hint,
    });
  }
  if (status < 300 && typeof body === 'object' && body !== null) return { status, body, text };
  if (status >= 400) return { status, body, text };
  const type = response.headers['content-type'] ?? 'no content type';
  throw new RequestFailure(
    'malformed',
    `the answer is not what an API server sends (HTTP ${status}, ${type})`,
    {
      sent: true,
      hint: 'Does a proxy or a login page answer in its place? Check the server address in the kubeconfig.',
    },
  );
}
