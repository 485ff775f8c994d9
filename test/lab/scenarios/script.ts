import { fileURLToPath } from 'node:url';
import type { Script } from '../lab.ts';
import type { PlayerOptions } from './players.ts';

/** The players as a script that lives and dies with the lab. */
export function playersScript(
  options: Pick<PlayerOptions, 'controllerName' | 'serves' | 'dataPlane' | 'controller'> = {},
): Script {
  return {
    script: fileURLToPath(new URL('players.main.ts', import.meta.url)),
    args: [JSON.stringify(options)],
    name: 'players',
    ready: true,
  };
}
