// docs/reference/commands.md: every command with its flags, examples and exit codes, as the parser has them.
import { EXIT } from '../../src/api/errors.ts';
import { allCommands } from '../../src/commands/catalogue.ts';
import type { Command } from '../../src/commands/command.ts';
import { connectionFlags } from '../../src/commands/flags.ts';
import { aliasesOf, takesValue, type FlagSpec } from '../../src/completion/spec.ts';
import { code, tableOf, type Document } from './document.ts';
import { exitNamesOf } from './exitCodes.ts';

const PROGRAM = 'kubectl infpool';

export async function commandDocument(): Promise<Document> {
  const commands = await allCommands();
  return {
    path: 'docs/reference/commands.md',
    text: [
      '# Commands',
      '',
      ...tableOf(
        ['Command', ''],
        commands.map(({ name, summary }) => [`[${name}](#${name})`, summary]),
      ),
      ...commands.flatMap(sectionOf),
      '',
      '## Connection',
      '',
      'As in kubectl, for every command that asks a cluster. `KUBECONFIG` with several files, exec plugins, `HTTPS_PROXY` and `NO_PROXY` are as in kubectl, too.',
      '',
      ...flagTable(connectionFlags),
      '',
    ].join('\n'),
  };
}

function sectionOf(command: Command): string[] {
  const own = Object.fromEntries(Object.entries(command.flags).filter(([, flag]) => !flag.hidden));
  const exits = exitNamesOf(command).map((name) => code(String(EXIT[name])));
  return [
    '',
    `## ${command.name}`,
    '',
    `${command.summary}.`,
    '',
    '```text',
    [PROGRAM, command.name, command.positionals, '[flags]'].filter((part) => part !== '').join(' '),
    '```',
    '',
    ...(command.description === '' ? [] : [literal(command.description), '']),
    ...(Object.keys(own).length === 0 ? [] : [...flagTable(own), '']),
    ...(Object.hasOwn(command.flags, 'kubeconfig')
      ? ['And the flags of the [connection](#connection).', '']
      : []),
    ...command.examples.flatMap(([line, what]) => [
      `${literal(what)}:`,
      '',
      '```sh',
      `${PROGRAM} ${line}`,
      '```',
      '',
    ]),
    `Exit codes: ${exits.join(', ')} ([what they mean](exit-codes.md))`,
  ];
}

function flagTable(flags: Readonly<Record<string, FlagSpec>>): string[] {
  return tableOf(
    ['Flag', 'What it is', 'Default'],
    Object.entries(flags).map(([name, flag]) => [
      namesOf(name, flag),
      literal(whatOf(flag)),
      defaultOf(flag),
    ]),
  );
}

function namesOf(name: string, flag: FlagSpec): string {
  const short = aliasesOf(flag).filter((alias) => alias.length === 1);
  // What is on already can only be turned off.
  const long = flag.default === true ? `--no-${name}` : `--${name}`;
  const value = takesValue(flag) ? ` ${name.toUpperCase()}` : '';
  return [...short.map((alias) => code(`-${alias}`)), code(`${long}${value}`)].join(', ');
}

function whatOf({ describe = '', choices }: FlagSpec): string {
  return choices ? `${describe} (${choices.map(String).join(', ')})` : describe;
}

function defaultOf({ default: fallback, type }: FlagSpec): string {
  if (fallback === undefined) return type === 'boolean' ? 'off' : '';
  if (typeof fallback === 'boolean') return fallback ? 'on' : 'off';
  return code(String(fallback as string));
}

function literal(text: string): string {
  return text.replace(/([*_<>[\]])/g, '\\$1');
}
