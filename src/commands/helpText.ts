// What a command says of itself: the whole by --help, in groups, and what is needed most by -h, on one screen.
import type { FlagHelp, HelpGroup } from '../report/help.ts';
import { helpText } from '../report/help.ts';
import type { Command, Flags } from './command.ts';
import { PROGRAM, usage, type HelpKind } from './usage.ts';

/** Flags that several commands have; what is in none of these is the command's own. */
const GROUPS: Record<string, readonly string[]> = {
  'Which pools': ['namespace', 'all-namespaces', 'selector', 'pool', 'pair'],
  Manifests: ['filename', 'recursive', 'output-dir', 'in-place', 'compare'],
  'The v1 side': [
    'release',
    'name',
    'priority',
    'objective-header',
    'provider',
    'epp',
    'chart',
    'set',
    'values',
    'crds-from',
  ],
  'Test requests': ['model', 'prompt', 'address', 'probes', 'probe-timeout', 'probe'],
  Writing: [
    'dry-run',
    'yes',
    'force',
    'ignore-owner',
    'take-over',
    'backup',
    'field-manager',
    'wait',
    'timeout',
  ],
  Output: ['output', 'exit-code', 'help'],
};

/** Of those in groups, what -h shows as well. */
const OFTEN = ['namespace', 'all-namespaces', 'filename', 'output', 'dry-run', 'yes', 'help'];

const HELP: Flags = {
  help: { alias: 'h', describe: '-h: the usual flags; --help: all flags, with more text' },
};
const CONNECTION =
  "Connection flags are kubectl's: --kubeconfig --context --cluster --user -s/--server --token --as --as-group " +
  '--as-uid --certificate-authority --client-certificate --client-key --insecure-skip-tls-verify ' +
  '--tls-server-name --request-timeout.';

/** -h is for a screen: with what that leaves room for of the examples. */
const SCREEN = 24;
const EXAMPLES = 2;

/** @param width in columns */
export function helpOf(command: Command, kind: HelpKind, width: number): string {
  if (kind === 'whole') return whole(command, width);
  for (let examples = EXAMPLES; ; examples--) {
    const text = short(command, examples, width);
    if (examples === 0 || text.split('\n').length <= SCREEN) return text;
  }
}

function whole(command: Command, width: number): string {
  const { summary, description, flags } = command;
  return helpText(
    {
      about: [`${summary}.`, ...description.split('\n\n')],
      usage: usage(command),
      examples: examples(command),
      groups: grouped(flags),
      whole: true,
      end: CONNECTION,
    },
    width,
  );
}

function short(command: Command, most: number, width: number): string {
  return helpText(
    {
      about: [`${command.summary}.`],
      usage: usage(command),
      examples: examples(command).slice(0, most),
      groups: usual(command.flags),
      whole: false,
      end: `All flags, and more about it: ${PROGRAM} ${command.name} --help`,
    },
    width,
  );
}

function examples(command: Command): (readonly [string, string])[] {
  return command.examples.map(([line, what]) => [`${PROGRAM} ${line}`, what]);
}

function grouped(all: Flags): HelpGroup[] {
  const rest = shown({ ...all, ...HELP });
  const groups = Object.entries(GROUPS).map(([title, names]) => {
    const flags: Record<string, FlagHelp> = {};
    for (const name of names) if (rest[name] !== undefined) flags[name] = rest[name];
    for (const name of names) delete rest[name];
    return { title, flags };
  });
  return [{ title: 'Flags', flags: rest }, ...groups].filter(({ flags }) => Object.keys(flags).length > 0);
}

function usual(all: Flags): HelpGroup[] {
  const inGroups = Object.values(GROUPS).flat();
  const chosen = Object.entries(shown({ ...all, ...HELP })).filter(
    ([name]) => !inGroups.includes(name) || OFTEN.includes(name),
  );
  const own = chosen.filter(([name]) => !inGroups.includes(name));
  const others = chosen.filter(([name]) => inGroups.includes(name));
  return [{ title: 'Flags', flags: Object.fromEntries([...own, ...others]) }];
}

function shown(flags: Flags): Record<string, FlagHelp> {
  return Object.fromEntries(Object.entries(flags).filter(([, { hidden }]) => hidden !== true)) as Record<
    string,
    FlagHelp
  >;
}
