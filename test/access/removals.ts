// A command line with all the rights of its roles, and with each of them taken away in turn.
import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { targetName, union, type Permission } from '../../src/access/permission.ts';
import { ROLES } from '../../src/access/roles.ts';
import type { Bench } from '../e2e/support.ts';
import { tryHere, type Tried } from './here.ts';
import type { Rights } from './rights.ts';
import type { CommandLine } from './stage.ts';

/** `refused`, `unsure` and `told` name the verb and the resource; `nothing`: it was not needed for this. */
export type Effect = 'refused' | 'unsure' | 'told' | 'nothing' | 'wrong';

export interface Removal {
  readonly permission: Permission;
  readonly effect: Effect;
  readonly tried: Tried;
  /** Files that were left in the working directory, such as a backup. */
  readonly files: readonly string[];
}

export function rightsOf(roles: readonly string[]): Permission[] {
  return union(...roles.map((id) => ROLES.find((role) => role.id === id)!.permissions));
}

/** Runs at a time: each is mostly waiting for the API server. */
const AT_ONCE = 4;

export async function removals(
  bench: Bench,
  rights: Rights,
  line: CommandLine,
  wanted: (permission: Permission) => boolean,
): Promise<{ whole: Tried; removed: Removal[] }> {
  const all = rightsOf(line.roles);
  const run = async (held: readonly Permission[]) => {
    const cwd = mkdtempSync(join(bench.cwd, 'run-'));
    const tried = await tryHere(bench.lab, [...line.args, ...rights.flags(held)], cwd);
    return { tried, files: readdirSync(cwd) };
  };
  const { tried: whole } = await run(all);
  const queue = all.filter(wanted);
  const removed: Removal[] = [];
  const worker = async () => {
    for (let permission = queue.shift(); permission; permission = queue.shift()) {
      const without = permission;
      const { tried, files } = await run(all.filter((one) => one !== without));
      removed.push({ permission, effect: effectOf(permission, tried, whole), tried, files });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { whole, removed };
}

function effectOf({ verb, resource }: Permission, tried: Tried, whole: Tried): Effect {
  const said = tried.stdout + tried.stderr;
  const quoted = new RegExp(`[Yy]ou may not "${verb}" ${escaped(targetName(resource))}[ /]`);
  const answered = new RegExp(`cannot ${verb} resource \\\\?"${resource.plural}\\\\?"`);
  const advised = new RegExp(`Allow "${verb}" on ${escaped(targetName(resource))}`);
  // Several that are refused alike are one line: their names, then what of them is refused.
  const together = new RegExp(`${escaped(targetName(resource))}[/,:].* cannot ${verb} them `);
  const named = [quoted, answered, advised, together].some((pattern) => pattern.test(said));
  // What helm may not read ends it with helm's own words; whom we act as stands in the command, too.
  const byHelm = tried.code === 1 && /^error: `helm (?:--kube-\S+ \S+ )*(?:list|get) /m.test(tried.stderr);
  if (tried.wrote === null && (tried.code === 3 || byHelm)) return named ? 'refused' : 'wrong';
  if (tried.wrote === null && tried.code === 4) return named ? 'unsure' : 'wrong';
  if (tried.code !== whole.code) return 'wrong';
  // A claim that is left out is no longer the first write.
  if (named && (tried.wrote === null) === (whole.wrote === null)) return 'told';
  return tried.wrote === whole.wrote ? 'nothing' : 'wrong';
}

function escaped(text: string): string {
  return text.replaceAll('.', '\\.');
}
