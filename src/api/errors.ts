/** 0 done · 1 error · 2 findings · 3 refused by an interlock · 4 incomplete · 124 timed out · 130 interrupted. */
export const EXIT = {
  ok: 0,
  error: 1,
  findings: 2,
  refused: 3,
  incomplete: 4,
  timeout: 124,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error that the user can act on: it says the fact, the hint says the next step. Anything else is a bug. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: ExitCode;
  readonly hint: string;

  constructor(message: string, options: { hint?: string; exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint ?? '';
    this.exitCode = options.exitCode ?? EXIT.error;
  }
}
