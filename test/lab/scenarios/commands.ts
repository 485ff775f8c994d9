// The tools that a user would type, the real ones, against a lab.
import { spawn } from 'node:child_process';
import type { Lab } from '../lab.ts';

/**
 * Runs a program of the lab's PATH and returns its stdout.
 * @throws an Error with the command line and stderr when it fails
 */
export async function run(lab: Lab, program: string, args: string[], stdin = ''): Promise<string> {
  const child = spawn(program, args, { env: { ...process.env, ...lab.env } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stdin.end(stdin);
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${String(code)}\n${err || out}`);
  return out;
}

export const kubectl = (lab: Lab, args: string[], stdin?: string) => run(lab, 'kubectl', args, stdin);
export const helm = (lab: Lab, args: string[]) => run(lab, 'helm', args);

/**
 * `kubectl apply -f -`, as users do: client-side, so their objects carry a last-applied annotation.
 * @param namespace for objects that don't name their own; default: `default`
 */
export async function apply(lab: Lab, yaml: string, namespace?: string): Promise<void> {
  const into = namespace === undefined ? [] : ['--namespace', namespace];
  await kubectl(lab, ['apply', ...into, '-f', '-'], yaml);
}
