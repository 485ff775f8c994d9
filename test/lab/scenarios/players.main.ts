// The players as a part of the lab: `lab.run(playersScript())` or `extra` of startLab. Says when it is ready.
//   node players.main.ts '<PlayerOptions as JSON>'
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Addresses } from '../kubelet/addresses.ts';
import { attachLab } from '../lab.ts';
import { startPlayers } from './players.ts';

const lab = attachLab(process.env['LAB_NAME']);
if (await alone()) {
  const players = await startPlayers(lab.admin, JSON.parse(process.argv[2] ?? '{}') as object);
  process.once('SIGTERM', () => void players.stop().finally(() => process.exit(0)));
} else console.log('this lab has its players already');
process.send?.('ready');

/** A second scenario on one lab must not bring a second kubelet: a port of the lab's own tells. */
async function alone(): Promise<boolean> {
  const guard = createServer().listen(8099, new Addresses(lab.server, [1, 1]).take());
  return Promise.race([
    once(guard, 'listening').then(() => true),
    new Promise<boolean>((resolve) => guard.once('error', () => resolve(false))),
  ]).catch(() => false);
}
