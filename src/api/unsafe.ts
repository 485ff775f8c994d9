/**
 * What a terminal obeys rather than shows, or what makes text look like other text: control characters (C0 and C1, so escape
 * sequences of 7 and of 8 bits), all that Unicode has for format (marks that turn the direction around, characters without
 * width, joiners, tags), line and paragraph separators, fillers, and halves of surrogate pairs. With the flag `g`, and stateless as long as it is used with `replace`.
 */
export const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2060-\u206f\u3164\uffa0\u{e0000}-\u{e0fff}]/gu;

export function isUnsafe(text: string): boolean {
  return text.search(UNSAFE) >= 0;
}
