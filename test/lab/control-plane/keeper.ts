// The process that owns a lab: it starts the programs and ends them. It outlives the runner by moments only:
// the channel between them closes whatever way the runner ends, and that is the sign to clear up.
//   node keeper.ts '<KeeperOptions as JSON>'
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { Children } from './children.ts';
import {
  controlSocket,
  type KeeperOptions,
  type KeeperMessage,
  type Program,
  type Request,
  type Reply,
} from './protocol.ts';
import { startControlPlane } from './control-plane.ts';
import { identify } from './processes.ts';
import { labDir, writeState, type LabState } from './state.ts';

const options = JSON.parse(process.argv[2]!) as KeeperOptions;
const dir = labDir(options.name);
const state: LabState = {
  name: options.name,
  keeper: identify(process.pid)!,
  children: [],
  phase: 'starting',
  stays: false,
  server: '',
  gitVersion: options.gitVersion,
};
const children = new Children(dir, (list) => {
  state.children = list;
  writeState(state);
});

let ending = false;
async function end(code = 0): Promise<void> {
  if (ending) return;
  ending = true;
  await children.endAll();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  process.exit(code);
}

function tell(message: KeeperMessage): void {
  if (process.connected) process.send?.(message);
}

async function fail(error: unknown): Promise<void> {
  if (ending) return;
  console.error(error);
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  await end(1);
}

for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => void end());
process.on('disconnect', () => void (state.stays || end()));
process.on('uncaughtException', (error) => void fail(error));
process.on('unhandledRejection', (error) => void fail(error));

async function answer(request: Exclude<Request, { hold: unknown }>): Promise<Reply> {
  if ('stop' in request) return (await children.stop(request.stop), {});
  if ('stay' in request) {
    state.stays = true;
    writeState(state);
    return {};
  }
  return children.runScript(request.run, state.server);
}

/** The connection is the program's leash, and ends when the program has. */
function hold(program: Program, socket: Socket): Reply {
  const held = children.hold(program);
  socket.once('end', () => void held.stop());
  socket.once('close', () => void held.stop());
  held.exited.then(
    () => socket.end(),
    () => undefined,
  );
  return { process: held.id };
}

/** One line of JSON in, one out: what other processes may ask of the keeper. */
async function listen(): Promise<void> {
  // Half open: whoever gives up a program waits for its end on the same connection.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let line = '';
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.on('data', (chunk: string) => {
      line += chunk;
      if (!line.endsWith('\n')) return;
      const request = JSON.parse(line) as Request;
      if ('hold' in request) {
        try {
          socket.write(`${JSON.stringify(hold(request.hold, socket))}\n`);
        } catch (error) {
          socket.end(`${JSON.stringify({ error: String(error) })}\n`);
        }
        return;
      }
      answer(request)
        .catch((error: unknown): Reply => ({ error: String(error) }))
        .then(
          (reply) => socket.end(`${JSON.stringify(reply)}\n`),
          () => undefined,
        );
    });
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(controlSocket(dir), resolve),
  );
}

try {
  writeState(state);
  state.server = await startControlPlane(options, dir, children);
  await listen();
  state.phase = 'up';
  writeState(state);
  children.onDeath = (name, how) => tell({ type: 'died', message: `${name} ended unexpectedly (${how})` });
  tell({ type: 'up' });
} catch (error) {
  await fail(error);
}
