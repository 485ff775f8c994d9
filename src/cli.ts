import yargs, { type Argv } from 'yargs';
import { EXIT, UserError, type ExitCode } from './api/errors.ts';
import type { Args, Command } from './commands/command.ts';
import { CATALOGUE } from './commands/catalogue.ts';
import { helpAskedFor, helpWidth, PROGRAM, usage } from './commands/usage.ts';
import type { Context } from './commands/context.ts';
import { repeatedConnection } from './commands/flags.ts';
import { nearest } from './api/nearest.ts';
import { saying, verbatim } from './commands/said.ts';
import { parsable } from './commands/words.ts';
import { folded, paint, safe, shellWord, wrap } from './report/text.ts';

/** Runs one command line. Returns the exit code; errors that the user can act on are one line and a hint on stderr. */
export async function run(argv: readonly string[], context: Context): Promise<ExitCode> {
  try {
    return await dispatch(argv, context);
  } catch (error) {
    return explain(error, context);
  }
}

async function dispatch(argv: readonly string[], context: Context): Promise<ExitCode> {
  const [first] = argv;
  if (first === '__complete') {
    const { complete } = await import('./commands/complete.ts');
    await complete(argv.slice(1), CATALOGUE, context);
    return EXIT.ok;
  }
  const entry = CATALOGUE.find((candidate) => candidate.name === first);
  if (entry) return runCommand(await entry.load(), argv.slice(1), context);
  if (first === undefined || first === 'help' || first === '--help' || first === '-h')
    return help(argv.slice(1), context);
  if (first === '--version') return dispatch(['version', '--client'], context);
  if (first.startsWith('-'))
    throw new UserError(`The command comes first, not ${first}.`, {
      hint: commandFirst(argv),
    });
  const like = nearest(
    first,
    CATALOGUE.map((candidate) => candidate.name),
    1,
  );
  throw new UserError(`There is no command "${first}".`, {
    hint: like[0] ? `Did you mean "${PROGRAM} ${like[0]}"?` : `See: ${PROGRAM} --help`,
  });
}

/** The same line in the right order, where a command is in it. */
function commandFirst(argv: readonly string[]): string {
  const at = argv.findIndex((word) => CATALOGUE.some(({ name }) => name === word));
  const line = at < 0 ? ['detect', ...argv] : [argv[at]!, ...argv.slice(0, at), ...argv.slice(at + 1)];
  return `As in: ${PROGRAM} ${line.map(shellWord).join(' ')}`;
}

async function help([topic]: readonly string[], context: Context): Promise<ExitCode> {
  const entry = CATALOGUE.find((candidate) => candidate.name === topic);
  if (entry) return runCommand(await entry.load(), ['--help'], context);
  const longest = Math.max(...CATALOGUE.map((candidate) => candidate.name.length));
  const width = Math.min(helpWidth(context.outStyle.width), 90);
  const say = (text: string, indent = '') => wrap(text, width, indent);
  context.stdout.write(
    [
      say(
        'Moves Gateway API Inference Extension from v1alpha2 (inference.networking.x-k8s.io) to v1 (inference.networking.k8s.io) without dropping a request.',
      ),
      '',
      `Usage: ${PROGRAM} COMMAND [flags]`,
      '',
      ...CATALOGUE.map(({ name, summary }) =>
        say(`  ${name.padEnd(longest)}   ${summary}`, ' '.repeat(longest + 5)),
      ),
      '',
      say('The usual way: detect, convert --apply, verify, split 10, split 50, split 100, cleanup.'),
      say(`More about a command: ${PROGRAM} COMMAND -h (all of its flags: --help)`),
      '',
    ].join('\n'),
  );
  return EXIT.ok;
}

async function runCommand(command: Command, argv: readonly string[], context: Context): Promise<ExitCode> {
  const asked = helpAskedFor(argv);
  if (asked !== undefined) {
    const { helpOf } = await import('./commands/helpText.ts');
    context.stdout.write(helpOf(command, asked, helpWidth(context.outStyle.width)));
    return EXIT.ok;
  }
  const parsed: Record<string, unknown> = await parser(command).parseAsync(parsable(argv, command.flags));
  const positionals = ((parsed['_'] ?? []) as unknown[]).map(String);
  if (command.positionals === '' && positionals.length > 0)
    throw new UserError(`"${command.name}" takes no argument, but got "${positionals.join(' ')}".`, {
      hint: usage(command),
    });
  const args = { ...parsed, positionals } as unknown as Args;
  const said = saying(context, repeatedConnection(args, command.name));
  try {
    return await command.run(args, said);
  } catch (error) {
    return explain(error, said);
  }
}

function parser(command: Command): Argv {
  return yargs()
    .scriptName(PROGRAM)
    .locale('en')
    .options(command.flags)
    .help(false)
    .version(false)
    .strictOptions()
    .exitProcess(false)
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'camel-case-expansion': false,
      'strip-aliased': true,
    })
    .fail((message, error) => {
      throw error instanceof UserError ? error : badUsage(message || error.message, command);
    });
}

function badUsage(message: string, command: Command): UserError {
  const choice = /^Invalid values: Argument: ([\w-]+), Given: "([^]*)", Choices: /.exec(
    message.replace(/\s+/g, ' ').trim(),
  );
  if (choice) return noSuchChoice(choice[1]!, choice[2]!, command);
  const unknown = /^Unknown arguments?: (.+)$/.exec(message);
  if (!unknown)
    return new UserError(message.replace(/\s+/g, ' ').trim(), { hint: `${PROGRAM} ${command.name} --help` });
  const [name] = unknown[1]!.split(', ');
  // Where a flag of one letter is meant, a long one is no guess.
  const like = name!.length === 1 ? [] : nearest(name!, Object.keys(command.flags), 1);
  return new UserError(`${command.name} has no flag ${name!.length === 1 ? '-' : '--'}${name}.`, {
    hint: like[0] ? `Did you mean --${like[0]}?` : `All flags: ${PROGRAM} ${command.name} --help`,
  });
}

function noSuchChoice(flag: string, given: string, command: Command): UserError {
  const choices = (command.flags[flag]?.choices ?? []).map(String);
  const [like] = nearest(given.toLowerCase(), choices, 1);
  const all = `It knows: ${choices.join(', ')}.`;
  return new UserError(`${command.name} does not know --${flag} "${given}".`, {
    hint: like === undefined ? all : `Did you mean --${flag} ${like}? ${all}`,
  });
}

function explain(error: unknown, context: Context): ExitCode {
  const { width } = context.style;
  const word = paint(context.style, 'red', 'error');
  if (error instanceof UserError) {
    context.stderr.write(folded(`${word}: ${safe(error.message)}\n`, width));
    if (error.hint !== '') context.stderr.write(folded(`  → ${safe(error.hint)}\n`, width));
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  verbatim(
    context.stderr,
    `${word}: this is a bug of ours. Please report it with the command that you ran and these lines:\n${stack}\n`,
  );
  return EXIT.error;
}
