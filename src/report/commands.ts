// Command lines inside of what is said to people: found, kept whole, and completed with the flags that the user gave.

/**
 * Where a command may begin in what we say; elsewhere the same words are prose. At the last place plans name helm's steps, which
 * are whole, too: whoever wants to run one by hand copies it.
 */
const BEGINS =
  /(?<=^\s*|(?<!Usage): |; |\u2192 |\$ |["`(]|\b(?:or|then) | {2,})(?:kubectl|helm) [a-z]|(?<=^\s*(?:\d+\.|[\u221a\u00d7\u2026=!]) )helm [a-z]/g;

/** The line in turns: words, a command, words, …; joined they are the line again. A command ends where its sentence goes on. */
export function withCommands(line: string): string[] {
  const parts: string[] = [];
  let done = 0;
  for (const { index } of line.matchAll(BEGINS)) {
    if (index < done) continue;
    const command = commandAt(line.slice(index), line[index - 1] ?? '');
    parts.push(line.slice(done, index), command);
    done = index + command.length;
  }
  return [...parts, line.slice(done)];
}

/** Where a command ends at the latest: at the end of its sentence, or of its part of it. */
const ENDS = /[;,.:)]+(?:\s|$)| {2}| \(| or (?=["`]|kubectl|helm)/y;
const CLOSING: Record<string, string> = { '"': '"', '`': '`', '(': ')' };

function commandAt(text: string, before: string): string {
  const closing = CLOSING[before];
  let quoted = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (quoted !== '') {
      if (character === quoted) quoted = '';
    } else if (character === closing || endsAt(text, index)) return text.slice(0, index);
    else if (/["']/.test(character) && /[\s=]/.test(text[index - 1] ?? '')) quoted = character;
  }
  return text;
}

function endsAt(text: string, index: number): boolean {
  ENDS.lastIndex = index;
  return ENDS.test(text);
}

/** Verbs of ours and of kubectl that ask a cluster. */
const OURS =
  /^kubectl infpool (?:detect|convert|split|verify|cleanup|status|migrate|rollback|restore|crds|report)(?= |$)/;
const THEIRS =
  /^kubectl(?= (?:get|describe|edit|patch|apply|delete|annotate|label|rollout|auth can-i|scale|logs|diff|create) )/;
const HELMS = /^helm(?= (?:get|uninstall|upgrade|rollback|status|list|history) )/;

/** How a connection is named for each program: ours, kubectl's, helm's; each with a blank before it, or ''. */
export interface Repeated {
  readonly ours: string;
  readonly kubectl: string;
  /** `kubectl config` asks a file. */
  readonly config: string;
  readonly helm: string;
  /** ` -n NAMESPACE` or ` -A`, for those of ours that name no namespace themselves. */
  readonly scope: string;
  /** The command that runs, by which `auth` prints its rights. */
  readonly rights: string;
}

/** Verbs of ours that work in a namespace, and how a command says in which. */
const SCOPED = /^kubectl infpool (?:detect|convert|split|verify|cleanup|status|migrate|rollback)(?= |$)/;
const HAS_SCOPE = / (?:-n|-A|-f|--namespace|--all-namespaces|--filename)(?=[ =]|$)| [^ -][^ ]*\//;

/** The lines, with each command that asks a cluster asking the one that was asked here. */
export function repeating(text: string, flags: Repeated): string {
  if (Object.values(flags).every((flag) => flag === '')) return text;
  return text
    .split('\n')
    .map((line) =>
      withCommands(line)
        .map((part, index) => (index % 2 === 0 ? part : completed(part, flags)))
        .join(''),
    )
    .join('\n');
}

function completed(command: string, { ours, kubectl, config, helm, scope, rights }: Repeated): string {
  // Those of all commands are a hundred lines.
  const told = command.replace(/^kubectl infpool auth(?= --check$|$)/, (verb) => `${verb}${rights}`);
  const scoped = HAS_SCOPE.test(told) ? told : told.replace(SCOPED, (verb) => `${verb}${scope}`);
  if (ours !== '' && scoped.includes(ours)) return scoped;
  return scoped
    .replace(/ \| kubectl(?= apply )/, (piped) => `${piped}${kubectl}`)
    .replace(OURS, (verb) => `${verb}${ours}`)
    .replace(/^kubectl infpool auth .*--check(?= |$)/, (check) => `${check}${ours}`)
    .replace(/^kubectl(?= config )/, (program) => `${program}${config}`)
    .replace(THEIRS, (program) => `${program}${kubectl}`)
    .replace(HELMS, (program) => `${program}${helm}`);
}
