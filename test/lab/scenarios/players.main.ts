// The players as a part of the lab: `lab.run(playersScript())` or `extra` of startLab. Says when it is ready.
//   node players.main.ts '<options of the gateway as JSON>'
import { attachLab } from '../lab.ts';
import { startPlayers } from './players.ts';

const lab = attachLab(process.env['LAB_NAME']);
const players = await startPlayers(lab.admin, JSON.parse(process.argv[2] ?? '{}') as object);
process.once('SIGTERM', () => void players.stop().finally(() => process.exit(0)));
process.send?.('ready');
