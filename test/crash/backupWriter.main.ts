// Writes a backup of the objects in the last argument, and ends by SIGKILL at one of its steps on the disk: `PATH STEP MOMENT OBJECTS`.
// Without such a step it says on stdout how many there are. Run by backup.binary.spec.ts.
import disk, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { KubeObject } from '../../src/api/object.ts';
import type { Context } from '../../src/commands/context.ts';

const [path = '', step = '', moment = '', objects = '[]'] = process.argv.slice(2);
let steps = 0;
const now = (when: string) => when === moment && steps === Number(step);
const die = () => process.kill(process.pid, 'SIGKILL');

type Work = (...args: unknown[]) => Promise<unknown>;

function cut(holder: object, name: string): void {
  const methods = holder as Record<string, Work>;
  const work = methods[name]!;
  methods[name] = async function (this: unknown, ...args: unknown[]) {
    steps += 1;
    if (now('before')) die();
    if (now('during') && name === 'writeFile') {
      await work.call(this, String(args[0]).slice(0, String(args[0]).length / 2));
      die();
    }
    const result = await work.apply(this, args);
    if (now('after')) die();
    return result;
  };
}

const handle: FileHandle = await disk.open(process.execPath);
const files = Object.getPrototypeOf(handle) as object;
await handle.close();
for (const name of ['open', 'link', 'rename', 'unlink']) cut(disk, name);
for (const name of ['writeFile', 'sync', 'close']) cut(files, name);
syncBuiltinESMExports();

const { writeBackup } = await import('../../src/commands/backupFile.ts');
const context = { now: () => new Date(), stderr: process.stderr } as unknown as Context;
const backup = JSON.parse(objects) as KubeObject[];
await writeBackup(path, { backup }, 'https://server', context).catch((error: Error) => {
  process.stderr.write(error.message);
  process.exitCode = 1;
});
process.stdout.write(String(steps));
