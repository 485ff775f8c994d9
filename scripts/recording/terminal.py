"""A shell in a terminal of its own: what arrives on stdin is typed, what the terminal gets goes to stdout.
Arguments: columns, rows, and the command."""
import fcntl, os, pty, select, struct, sys, termios

columns, rows, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', int(rows), int(columns), 0, 0))
stdin_open = True
while True:
    ready, _, _ = select.select([terminal] + ([0] if stdin_open else []), [], [])
    if 0 in ready:
        typed = os.read(0, 4096)
        if typed:
            os.write(terminal, typed)
        else:
            stdin_open = False
    if terminal in ready:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the shell has ended
            break
        if not piece:
            break
        os.write(1, piece)
