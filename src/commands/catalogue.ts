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
    summary: 'Show whether v1alpha2 is in use, where, and what depends on it',
    load: async () => (await import('./detect.ts')).detect,
  },
  {
    name: 'convert',
    summary: 'Print the v1 objects for the alpha ones; with --apply, install them',
    load: async () => (await import('./convert.ts')).convert,
  },
  {
    name: 'verify',
    summary: 'Check that it works: Gateway, routes, pools, endpoint pickers, pods, a real request',
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'split',
    summary: "Send N percent of the alpha pools' traffic to their v1 counterparts",
    load: async () => (await import('./split.ts')).split,
  },
  {
    name: 'status',
    summary: 'Show the phase of each pool, its traffic, and the next command to run',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'report',
    summary: 'Write one file to hand in: verdict, picture, findings, plan with diffs, checks, timeline',
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'migrate',
    summary: 'Do it all: install v1, move traffic step by step, roll back if a gate fails',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'cleanup',
    summary: 'Delete what remains of v1alpha2, in the right order, after a backup',
    load: async () => (await import('./cleanup.ts')).cleanup,
  },
  {
    name: 'rollback',
    summary: 'Put the original backendRefs back, exactly, from the annotation',
    load: async () => (await import('./rollback.ts')).rollback,
  },
  {
    name: 'restore',
    summary: 'Put back what cleanup deleted, from its backup',
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'crds',
    summary: 'Show which inference CRDs are installed, and what this cluster needs',
    load: async () => (await import('./crds.ts')).crds,
  },
  {
    name: 'auth',
    summary: 'Print the rights that a command needs, as a role; with --check, show which you have',
    load: async () => (await import('./auth.ts')).auth,
  },
  {
    name: 'explain',
    summary: 'Explain a finding or a check: what it means, how we know, how to fix it',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'version',
    summary: 'Print the version of this plugin and of the server',
    load: async () => (await import('./version.ts')).version,
  },
  {
    name: 'completion',
    summary: 'Print the script that lets a shell complete commands, flags and names',
    load: async () => (await import('./completion.ts')).completion,
  },
];

export function allCommands(): Promise<Command[]> {
  return Promise.all(CATALOGUE.map((entry) => entry.load()));
}
