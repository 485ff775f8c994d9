// Is what was printed what the document says? What differs from run to run is not compared: times, ages, addresses, ports,
// names that a controller made up, and the width of columns, which goes by those.

const ELIDED = '…';

const DIFFERS: [pattern: RegExp, instead: string][] = [
  [/\b\d{8}T\d{6}Z\b/g, 'TIME'],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/\b127(?:\.\d+){3}(?::\d+)?\b/g, 'ADDRESS'],
  [/\b\d+(?:\.\d+)? ?(?:ms|s|minutes?|seconds?)\b/g, 'DURATION'],
  [/\b(?:\d+m)?\d+s\b/g, 'DURATION'],
  [/-[a-z0-9]{8,10}-[a-z0-9]{5}\b/g, '-POD'],
  [/\b\d[\d,]*(?= requests?\b)/g, 'COUNT'],
  // In the table of a migration's gates, how many requests each had sent.
  [/\bpass\s+\d+/g, 'pass COUNT'],
  [/\s+/g, ' '],
];

const comparable = (line: string) =>
  DIFFERS.reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), line).trim();

/**
 * Whether the lines are what the document has; a line of `…` stands for any number of lines.
 * @returns what is missing, in words, or undefined when they are the same
 */
export function difference(documented: readonly string[], printed: readonly string[]): string | undefined {
  const parts: string[][] = [[]];
  for (const line of documented.map(comparable))
    if (line === ELIDED) parts.push([]);
    else parts.at(-1)!.push(line);
  const got = printed.map(comparable);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const [first, last] = [index === 0, index === parts.length - 1];
    const found = last && !first ? got.length - part.length : find(got, part, at, first);
    if (found < at || !starts(got, part, found))
      return `missing: ${part.find((line) => !got.includes(line, at)) ?? part[0] ?? ''}`;
    at = found + part.length;
  }
  return at === got.length ? undefined : `not in the document: ${got[at]}`;
}

function find(got: string[], part: string[], from: number, here: boolean): number {
  if (here) return from;
  for (let at = from; at <= got.length - part.length; at++) if (starts(got, part, at)) return at;
  return -1;
}

function starts(got: string[], part: string[], at: number): boolean {
  return at >= 0 && part.every((line, index) => got[at + index] === line);
}
