import { fileURLToPath } from 'node:url';
import type { GatewayOptions } from '../gateway/controller.ts';
import type { Script } from '../lab.ts';

/** The players as a script that lives and dies with the lab. */
export function playersScript(options: Pick<GatewayOptions, 'controllerName' | 'serves'> = {}): Script {
  return {
    script: fileURLToPath(new URL('players.main.ts', import.meta.url)),
    args: [JSON.stringify(options)],
    name: 'players',
    ready: true,
  };
}
