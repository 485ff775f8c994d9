import type { Command } from './command.ts';

/** A command that is not loaded yet: what help says of it is all that a start-up needs to know of the others. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/** In the order in which they are used. */
export const CATALOGUE: readonly Entry[] = [
  {
    name: 'detect',
    summary: 'Is v1alpha2 in use, where, and what hangs on it',
    load: async () => (await import('./detect.ts')).detect,
  },
  {
    name: 'convert',
    summary: 'The v1 objects for the alpha ones; with --apply, phase 1',
    load: async () => (await import('./convert.ts')).convert,
  },
  {
    name: 'verify',
    summary: 'Does it work: Gateway, routes, pools, endpoint pickers, pods, a real request',
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'split',
    summary: "Send N percent of the alpha pools' traffic to their v1 counterparts",
    load: async () => (await import('./split.ts')).split,
  },
  {
    name: 'status',
    summary: 'Phase of each pool, its traffic, and the next command to run',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'report',
    summary: 'One file to hand in: verdict, picture, findings, plan with diffs, checks, timeline',
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'migrate',
    summary: 'The whole way: phase 1, traffic step by step with gates, rollback by itself',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'cleanup',
    summary: 'Delete what remains of v1alpha2, in the right order, after a backup',
    load: async () => (await import('./cleanup.ts')).cleanup,
  },
  {
    name: 'rollback',
    summary: 'The original backendRefs back, exactly, from the annotation',
    load: async () => (await import('./rollback.ts')).rollback,
  },
  {
    name: 'restore',
    summary: 'Put back what cleanup deleted, from its backup',
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'crds',
    summary: 'Which inference CRDs are installed, and what this cluster needs',
    load: async () => (await import('./crds.ts')).crds,
  },
  {
    name: 'auth',
    summary: 'What a command needs of RBAC, as a role; with --check, what of it you have',
    load: async () => (await import('./auth.ts')).auth,
  },
  {
    name: 'explain',
    summary: 'What a finding or a check means, how we know, and how to cure it',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'version',
    summary: 'Version of this plugin and of the server',
    load: async () => (await import('./version.ts')).version,
  },
  {
    name: 'completion',
    summary: 'The script that lets a shell complete commands, flags and names',
    load: async () => (await import('./completion.ts')).completion,
  },
];

export function allCommands(): Promise<Command[]> {
  return Promise.all(CATALOGUE.map((entry) => entry.load()));
}
