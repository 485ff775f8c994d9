// The lab's API server is stopped and started again: same port, same etcd, same certificate.
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { hold } from '../lab/control-plane/protocol.ts';
import { readState } from '../lab/control-plane/state.ts';
import type { Lab } from '../lab/lab.ts';

/** Returns once it answers again; `awayMs` is how long nothing listens, at least. */
export async function restartApiServer(lab: Lab, awayMs = 3000): Promise<void> {
  const child = readState(lab.name)?.children.find(({ name }) => name.startsWith('kube-apiserver'));
  if (!child) throw new Error('the lab has no API server of its own');
  const [, ...args] = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  const program = readlinkSync(`/proc/${child.pid}/exe`);
  process.kill(child.pid, 'SIGKILL');
  await sleep(awayMs);
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  await hold(lab.dir, { name: 'kube-apiserver-again', program, args, env });
  for (;;) {
    const ready = await lab.admin.request('GET', '/readyz').then(
      () => true,
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
}
