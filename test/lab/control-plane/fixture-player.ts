// A script that a lab runs in control-plane.spec.ts: has a process of its own and never ends by itself.
import { spawn } from 'node:child_process';

const child = spawn('sleep', ['600'], { stdio: 'ignore' });
process.send?.({ child: child.pid, server: process.env['LAB_SERVER'], args: process.argv.slice(2) });
setInterval(() => undefined, 1000);
