/**
 * What a terminal obeys rather than shows, or what makes text look like other text: control characters (C0 and C1, so escape
 * sequences of 7 and of 8 bits), line and paragraph separators, marks that turn the direction around, characters without
 * width, tags, and halves of surrogate pairs. With the flag `g`, and stateless as long as it is used with `replace`.
 */
export const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\p{Surrogate}]/gu;

export function isUnsafe(text: string): boolean {
  return text.search(UNSAFE) >= 0;
}
