// What a command says of itself, as text: flags in groups, examples that can be pasted.
import { wrap } from './text.ts';

/** As yargs has it: what is needed of it here. */
export interface FlagHelp {
  readonly describe?: string | undefined;
  readonly alias?: string | readonly string[] | undefined;
  readonly choices?: readonly unknown[] | undefined;
  readonly default?: unknown;
  readonly hidden?: boolean | undefined;
}

export interface HelpGroup {
  readonly title: string;
  readonly flags: Readonly<Record<string, FlagHelp>>;
}

export interface HelpText {
  /** Paragraphs. */
  readonly about: readonly string[];
  readonly usage: string;
  readonly examples: readonly (readonly [command: string, what: string])[];
  readonly groups: readonly HelpGroup[];
  /** Defaults, too. */
  readonly whole: boolean;
  readonly end: string;
}

/** Flags and what is said of them side by side from here on, else one below the other. */
const SIDE_BY_SIDE = 70;

/** @param width in columns. Only examples may be longer: what is to be pasted is not broken. */
export function helpText({ about, usage, examples, groups, whole, end }: HelpText, width: number): string {
  const names = groups.flatMap(({ flags }) =>
    Object.entries(flags).map(([name, flag]) => nameOf(name, flag)),
  );
  const left = Math.max(...names.map((name) => name.length));
  const shown = groups.map(({ title, flags }) =>
    [
      `${title}:`,
      ...Object.entries(flags).map(([name, flag]) => row(nameOf(name, flag), said(flag, whole), left, width)),
    ].join('\n'),
  );
  const pasted = examples.flatMap(([command, what]) => [wrap(`  # ${what}`, width, '  # '), `  ${command}`]);
  const parts = [
    ...about.map((text) => wrap(text, width, '')),
    wrap(usage, width, '       '),
    ...(pasted.length > 0 ? [['Examples:', ...pasted].join('\n')] : []),
    ...shown,
    wrap(end, width, ''),
  ];
  return `${parts.join('\n\n')}\n`;
}

function nameOf(name: string, { alias }: FlagHelp): string {
  const short = [alias ?? []].flat().find((one) => one.length === 1);
  return `  ${short === undefined ? '   ' : `-${short},`} --${name}`;
}

function said({ describe = '', choices, default: preset }: FlagHelp, whole: boolean): string {
  const given = whole && preset !== undefined && preset !== true && !describe.includes('default');
  const parts = [
    ...(choices === undefined ? [] : [choices.join('|')]),
    ...(given ? [`default ${String(preset)}`] : []),
  ];
  return parts.length === 0 ? describe : `${describe} (${parts.join('; ')})`;
}

function row(name: string, text: string, left: number, width: number): string {
  if (width < SIDE_BY_SIDE) return `${name}\n${wrap(`          ${text}`, width, ' '.repeat(10))}`;
  const column = left + 3;
  // Measured without the name, which is never broken.
  const [first = '', ...rest] = wrap(text, width - column, '').split('\n');
  return [`${name.padEnd(column)}${first}`, ...rest.map((line) => ' '.repeat(column) + line)].join('\n');
}
