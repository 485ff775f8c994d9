// docs/reference/exit-codes.md. The compiler asks for the words of a new code.
import { EXIT } from '../../src/api/errors.ts';
import type { Command } from '../../src/commands/command.ts';
import { tableOf, type Document } from './document.ts';

export type ExitName = keyof typeof EXIT;

const MEANING: Readonly<Record<ExitName, string>> = {
  ok: 'Done, or nothing to do',
  error: 'Error: bad usage, an unreachable server, invalid input. What to do is in the last line',
  findings:
    'Findings: `detect --exit-code` found v1alpha2, `verify` failed, `auth --check` found a right missing, or there are differences with `--exit-code`',
  refused: 'Refused by a safety interlock; nothing was written. Which one is in brackets',
  incomplete: 'Something could not be read, so the answer may be wrong',
  timeout: 'Timed out',
  interrupted: 'Interrupted (Ctrl-C)',
};

/** The process's own, from `plugin/main.ts`. */
const OF_THE_PROCESS = [
  ['141', 'The reader of stdout ended early (`| head`)'],
  ['143', 'Terminated (SIGTERM)'],
] as const;

/** What a command can end with beside what all can, told from its flags. */
export function exitNamesOf({ name, flags }: Command): ExitName[] {
  const has = (flag: string) => Object.hasOwn(flags, flag);
  const asksCluster = has('kubeconfig');
  const optional: [ExitName, boolean][] = [
    ['findings', has('exit-code') || name === 'verify' || name === 'auth'],
    ['refused', has('force')],
    ['incomplete', asksCluster],
    ['timeout', has('timeout')],
  ];
  return ['ok', 'error', ...optional.flatMap(([exit, can]) => (can ? [exit] : [])), 'interrupted'];
}

export function exitCodeDocument(): Document {
  const own = (Object.entries(EXIT) as [ExitName, number][]).map(([name, number]) => [
    String(number),
    MEANING[name],
  ]);
  const rows = [...own, ...OF_THE_PROCESS.map((pair) => [...pair])].toSorted(
    ([a], [b]) => Number(a) - Number(b),
  );
  return {
    path: 'docs/reference/exit-codes.md',
    text: [
      '# Exit codes',
      '',
      'The same for all commands; which of them a command can end with is in [commands](commands.md).',
      '',
      ...tableOf(['Code', 'Meaning'], rows),
      '',
    ].join('\n'),
  };
}
