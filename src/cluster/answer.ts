// The API server's answers, and what its `Status` documents say.
import type { Unread } from '../api/read.ts';

export interface Answer {
  readonly status: number;
  /** Parsed JSON; undefined when it is none, which only an answer of 400 and above may be. */
  readonly body: unknown;
  readonly text: string;
}

/** undefined when it is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const LONGEST_MESSAGE = 4000;

interface Status {
  kind?: unknown;
  reason?: unknown;
  details?: { name?: string; kind?: string };
}

/** What a `Status` body says, or undefined when it is none. */
export function messageOf(body: unknown): string | undefined {
  const { kind, message } = (body ?? {}) as { kind?: unknown; message?: unknown };
  return kind === 'Status' && typeof message === 'string' && message !== '' ? brief(message) : undefined;
}

/** Webhooks say what they like. What is cut off is said. */
function brief(message: string): string {
  const rest = message.length - LONGEST_MESSAGE;
  return rest > 0 ? `${message.slice(0, LONGEST_MESSAGE)}… (${rest} more characters)` : message;
}

/** The server's own message, or what can be said without one. */
export function explain(answer: Answer): string {
  const message = messageOf(answer.body);
  if (message) return message;
  const excerpt = answer.text
    .slice(0, LONGEST_MESSAGE)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 120);
  return `HTTP ${answer.status}${excerpt === '' ? '' : `: ${excerpt}`}`;
}

export function reasonOf(answer: Answer): string {
  const { kind, reason } = (answer.body ?? {}) as Status;
  return kind === 'Status' && typeof reason === 'string' ? reason : '';
}

export function unreadOf(answer: Answer): Unread {
  const refused = answer.status === 403 || answer.status === 401;
  return { state: refused ? 'forbidden' : 'failed', message: explain(answer) };
}

/**
 * Whether a 404 says that what `path` names is not there, rather than something on the way to it: a proxy that doesn't
 * know the path, or a cluster manager that doesn't know the cluster. The API server answers in plain text for a group,
 * version or kind that it doesn't serve, and with a Status naming the object for one that doesn't exist.
 */
export function isAbsence(answer: Answer, path: string): boolean {
  if (answer.body === undefined) return answer.text.trim() === '404 page not found';
  if (reasonOf(answer) !== 'NotFound') return false;
  const name = (answer.body as Status).details?.name;
  return !name || path.split('?')[0]!.endsWith(`/${encodeURIComponent(name)}`);
}

/** Whether it names the object that is not there; else it may be the kind that is not known, here or for a moment. */
export function namesWhatIsAbsent(answer: Answer): boolean {
  return Boolean((answer.body as Status | undefined)?.details?.name);
}
