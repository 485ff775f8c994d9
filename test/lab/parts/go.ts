// Running the go command so that nothing of this machine's settings changes what comes out.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { goVersion } from './versions.ts';

/** Something the person at the keyboard can put right; shown without a stack. */
export class LabError extends Error {
  override name = 'LabError';
}

const instead =
  'Instead of building them, you can point KUBEBUILDER_ASSETS at a folder that has etcd, kube-apiserver and kubectl.';

// -mod=readonly: go.mod and go.sum in the repository decide, and are never rewritten by a build. Being
// non-empty, it also hides a GOFLAGS set by `go env -w`. GOTOOLCHAIN=local: no surprise download of Go itself.
const settings = { GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local', GOWORK: 'off', CGO_ENABLED: '0' };

export interface GoOptions {
  cwd: string;
  env?: Record<string, string>;
  /** every line that go writes to stderr, as it comes */
  onLine?: (line: string) => void;
}

/**
 * Runs go and returns its stdout.
 * @throws LabError when go is missing, too old or can't reach its module proxy, with what to do
 */
export async function go(args: string[], options: GoOptions): Promise<string> {
  const { code, out, err } = await run(args, options);
  if (code === 0) return out;
  const said = `${err}\n${out}`; // `go mod download -json` tells errors on stdout
  if (/requires go >= |unknown directive: toolchain|invalid go version/.test(said)) {
    const installed = (await run(['env', 'GOVERSION'], { cwd: '/' })).out.trim();
    const needed = /requires go >= (\d+\.\d+)/.exec(said)?.[1] ?? goVersion; // Istio asks for more
    throw new LabError(
      `The lab needs Go ${needed} or newer to build its parts; the one on PATH is ${installed}. ${instead}`,
    );
  }
  if (
    /dial tcp|no such host|i\/o timeout|proxyconnect|connection re(fused|set)|TLS handshake|module lookup disabled/.test(
      said,
    )
  ) {
    const proxy = (await run(['env', 'GOPROXY'], { cwd: '/' })).out.trim();
    throw new LabError(
      `Go could not reach its module proxy (GOPROXY=${proxy}). Check the network, or set GOPROXY to one that is reachable. Go said:\n${lastLines(said)}`,
    );
  }
  throw new LabError(`go ${args.join(' ')} failed in ${options.cwd}:\n${lastLines(said)}`);
}

function run(
  args: string[],
  { cwd, env = {}, onLine = () => undefined }: GoOptions,
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd,
      env: { ...process.env, ...settings, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stop = () => child.kill();
    process.once('exit', stop);
    let out = '';
    const err: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
    createInterface(child.stderr).on('line', (line) => {
      err.push(line);
      onLine(line);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      process.off('exit', stop);
      reject(error.code === 'ENOENT' ? missing() : error);
    });
    child.on('close', (code) => {
      process.off('exit', stop);
      resolve({ code, out, err: err.join('\n') });
    });
  });
}

function missing(): LabError {
  return new LabError(
    `Go was not found on PATH. The lab builds its parts (etcd, kube-apiserver, …) from source, once: install Go ${goVersion} or newer. ${instead}`,
  );
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-15).join('\n');
}
