// A runner for control-plane.spec.ts to kill: starts a lab, says its name, then waits for what comes.
import { startLab } from '../lab.ts';

const script = new URL('fixture-player.ts', import.meta.url).pathname;
const lab = await startLab({ quiet: true, extra: [{ script, ready: true }] });
process.send?.(lab.name);
setInterval(() => undefined, 1000);
