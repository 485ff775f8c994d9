import { answerText, DIRECTIVE } from '../completion/answer.ts';
import { commandCandidates, flagCandidates } from '../completion/candidates.ts';
import { readLine, type Line } from '../completion/line.ts';
import { sourceOfFlag, sourcesOfArgument } from '../completion/sources.ts';
import type { Candidate, CommandSpec, FlagSpecs } from '../completion/spec.ts';
import type { Entry } from './catalogue.ts';
import type { Context } from './context.ts';
import { Suggestions } from './suggestions.ts';

/** Longer than this nobody waits for a list; then there is none. */
const PATIENCE_MS = 300;
const HELP: FlagSpecs = { help: { type: 'boolean', alias: 'h', describe: 'Show help' } };
const NONE: Line = { at: 'positional', typed: '', given: new Map(), positionals: [] };

interface Answer {
  readonly candidates: readonly Candidate[];
  readonly directive: number;
}

/**
 * Prints what can stand at the end of a command line, for a shell. Never fails: what can't be known is not suggested.
 * @param words what is typed after the program's name; the last one is at the cursor
 */
export async function complete(
  words: readonly string[],
  commands: readonly Entry[],
  context: Context,
): Promise<void> {
  const [name, ...rest] = words;
  if (words.length < 2 || (name === 'help' && words.length === 2)) {
    const directive = DIRECTIVE.noFiles | DIRECTIVE.keepOrder;
    context.stdout.write(answerText(commandCandidates(commands), words.at(-1) ?? '', directive));
    return;
  }
  const command = await commands.find((candidate) => candidate.name === name)?.load();
  const flags = { ...command?.flags, ...HELP };
  const line = command ? readLine(rest, flags) : NONE;
  const timeUp = new AbortController();
  const patience = setTimeout(() => timeUp.abort(), PATIENCE_MS);
  const { candidates, directive } = command
    ? await answerFor(command, flags, line, context, timeUp.signal)
    : { candidates: [], directive: DIRECTIVE.noFiles };
  clearTimeout(patience);
  timeUp.abort(); // whatever is still under way
  context.stdout.write(answerText(candidates, line.typed, directive));
}

async function answerFor(
  command: CommandSpec,
  flags: FlagSpecs,
  line: Line,
  context: Context,
  signal: AbortSignal,
): Promise<Answer> {
  if (line.at === 'flag')
    return { candidates: flagCandidates(flags, line), directive: DIRECTIVE.noFiles | DIRECTIVE.keepOrder };
  const sources =
    line.at === 'positional'
      ? sourcesOfArgument(command.positionals, line)
      : [sourceOfFlag(line.at.flag, flags)];
  if (sources.includes('files')) return { candidates: [], directive: DIRECTIVE.default };
  if (sources.includes('folders')) return { candidates: [], directive: DIRECTIVE.foldersOnly };
  const suggestions = new Suggestions({ command: command.name, flags, line, context, signal });
  const candidates = (await Promise.all(sources.map((source) => suggestions.of(source)))).flat();
  // After OLD= comes NEW, without a space.
  const noSpace = candidates.some(({ value }) => value.endsWith('=')) ? DIRECTIVE.noSpace : 0;
  const inOrder = sources.some((source) => source === 'percents' || source === 'releases');
  return { candidates, directive: DIRECTIVE.noFiles | noSpace | (inOrder ? DIRECTIVE.keepOrder : 0) };
}
