import { EXIT, UserError } from '../api/errors.ts';
import { bashScript } from '../completion/shells/bash.ts';
import { fishScript } from '../completion/shells/fish.ts';
import { kubectlShim } from '../completion/shells/kubectl.ts';
import { powershellScript } from '../completion/shells/powershell.ts';
import { zshScript } from '../completion/shells/zsh.ts';
import type { Command } from './command.ts';
import { nearest } from '../api/nearest.ts';

const SCRIPTS: Readonly<Record<string, () => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
  kubectl: kubectlShim,
};
const NAMES = Object.keys(SCRIPTS);

export const completion: Command = {
  name: 'completion',
  positionals: NAMES.join('|'),
  summary: 'Print the script that lets a shell complete commands, flags and names',
  description:
    '"completion kubectl" prints the program by which kubectl\'s own completion completes "kubectl infpool": put it on PATH as kubectl_complete-infpool and make it executable. The others print a script for a shell, for who calls kubectl-infpool directly. Names of pools, routes and namespaces come from the cluster, within 0.3 seconds or not at all.',
  flags: {},
  examples: [
    [
      'completion kubectl > ~/.local/bin/kubectl_complete-infpool && chmod +x ~/.local/bin/kubectl_complete-infpool',
      'For "kubectl infpool"',
    ],
    ['completion bash > ~/.local/share/bash-completion/completions/kubectl-infpool', 'For "kubectl-infpool"'],
    ['completion zsh > "${fpath[1]}/_kubectl-infpool"', 'The same in zsh'],
    ['completion fish > ~/.config/fish/completions/kubectl-infpool.fish', 'The same in fish'],
    ['completion powershell | Out-String | Invoke-Expression', 'The same in PowerShell'],
  ],
  run({ positionals }, context) {
    const [shell, ...more] = positionals;
    const script = shell === undefined ? undefined : SCRIPTS[shell];
    if (!script || more.length > 0) {
      const like = shell === undefined ? [] : nearest(shell, NAMES, 1);
      throw new UserError(
        shell === undefined
          ? 'completion needs the name of a shell.'
          : `There is no completion for "${positionals.join(' ')}".`,
        {
          hint: like[0]
            ? `Did you mean: kubectl infpool completion ${like[0]}?`
            : `There are: ${NAMES.join(', ')}. As in: kubectl infpool completion bash`,
        },
      );
    }
    context.stdout.write(script());
    return Promise.resolve(EXIT.ok);
  },
};
