// A terminal of a given width with the binary in it, by Python's pty, which every machine that tests has.
import { run, type Outcome } from './support.ts';

const PTY = [
  'import fcntl, os, pty, struct, sys, termios',
  'pid, fd = pty.fork()',
  'if pid == 0:',
  '    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, int(sys.argv[1]), 0, 0))',
  '    os.execv(sys.argv[3], sys.argv[3:])',
  'os.write(fd, sys.argv[2].encode())',
  'out = b""',
  'try:',
  '    while True:',
  '        piece = os.read(fd, 65536)',
  '        if not piece: break',
  '        out += piece',
  'except OSError: pass',
  'sys.stdout.buffer.write(out)',
  'sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))',
].join('\n');

export interface Typed {
  columns: number;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** What is typed, from the beginning on; it is echoed as on any terminal. */
  keys?: string;
}

/** What stood on the terminal in the end, stdout and stderr as they came, without progress that was written over. */
export async function inTerminal(
  program: string,
  args: string[],
  { columns, env, cwd, keys = '' }: Typed,
): Promise<{ code: Outcome['code']; screen: string }> {
  const { code, stdout, stderr } = await run(
    'python3',
    ['-c', PTY, String(columns), keys, program, ...args],
    {
      env: { ...env, TERM: 'xterm', NO_COLOR: '1' },
      cwd,
    },
  );
  const screen = stdout
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.split('\r\u001b[K').at(-1)!)
    .join('\n');
  return { code, screen: `${screen}${stderr}` };
}
