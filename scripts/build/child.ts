// A program that a build runs: to its end, with a limit, and gone when the build is.
import { spawn } from 'node:child_process';

const LIMIT_MS = 60_000;

export interface Done {
  /** The exit code, or the signal that ended it; null when it could not be started. */
  code: number | NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs it with this environment and no other. */
export async function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<Done> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, timeout: LIMIT_MS });
  const end = () => child.kill();
  process.once('exit', end);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const code = await new Promise<Done['code']>((resolve) => {
    child.on('error', (error) => {
      stderr += error.message;
      resolve(null);
    });
    child.on('close', (status, signal) => resolve(status ?? signal));
  });
  process.off('exit', end);
  return { code, stdout, stderr };
}
