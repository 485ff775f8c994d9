// The commands that write, in the order of a migration, each from the state that the one before left.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../lab/kube.ts';
import { offline } from '../e2e/support.ts';
import type { Write } from './line.ts';
import { Folder, Stage, type Point } from './stage.ts';

export interface Scene {
  readonly name: SceneName;
  readonly args: readonly string[];
  readonly from: readonly KubeObject[];
  readonly end: readonly KubeObject[];
  /** What it writes when nobody stops it. */
  readonly writes: readonly Write[];
  /** The text of the file that a cleanup leaves behind. */
  readonly backup: string | null;
}

interface Entry {
  /** Whose end it begins at; none: the preview. */
  readonly from?: SceneName;
  readonly args: (actor: Actor) => Promise<string[]>;
}

export type SceneName =
  | 'convert --apply'
  | 'split 10'
  | 'split 0'
  | 'split 100'
  | 'rollback'
  | 'cleanup --crds --helm-uninstall'
  | 'cleanup --crds --ignore-owner'
  | 'restore'
  | 'migrate --cleanup'
  | 'migrate --simple';

const phaseOne = async () => ['-n', 'mine', '--yes', ...(await offline())];
const cleanup = ['cleanup', '-n', 'mine', '--yes', '--crds'];
const SCENES: Record<SceneName, Entry> = {
  'convert --apply': { args: async () => ['convert', '--apply', ...(await phaseOne())] },
  'split 10': { from: 'convert --apply', args: async () => ['split', '10', '-A', '--yes'] },
  'split 0': { from: 'split 10', args: async () => ['split', '0', '-A', '--yes'] },
  'split 100': { from: 'split 10', args: async () => ['split', '100', '-A', '--yes'] },
  rollback: { from: 'split 100', args: async () => ['rollback', '-A', '--yes'] },
  'cleanup --crds --helm-uninstall': {
    from: 'split 100',
    args: async () => [...cleanup, '--helm-uninstall'],
  },
  'cleanup --crds --ignore-owner': { from: 'split 100', args: async () => [...cleanup, '--ignore-owner'] },
  restore: {
    from: 'cleanup --crds --ignore-owner',
    args: async (actor) => ['restore', '--yes', '-f', await actor.backup('cleanup --crds --ignore-owner')],
  },
  'migrate --cleanup': {
    args: async () => [
      ...['migrate', '--steps', '50,100', '--interval', '0s', '--cleanup', '--crds', '--helm-uninstall'],
      ...(await phaseOne()),
    ],
  },
  'migrate --simple': { args: async () => ['migrate', '--simple', '--crds', ...(await phaseOne())] },
};

export const SCENE_NAMES = Object.keys(SCENES) as SceneName[];

/** A stage, and what was played on it without a crash: what its crashes are held to. */
export class Actor {
  readonly stage: Stage;
  private readonly preview: readonly KubeObject[];
  private readonly played = new Map<SceneName, Scene>();

  private constructor(stage: Stage, preview: readonly KubeObject[]) {
    this.stage = stage;
    this.preview = preview;
  }

  static async start(): Promise<Actor> {
    const stage = await Stage.start();
    try {
      await stage.preview();
      return new Actor(stage, await stage.record());
    } catch (error) {
      await stage.end();
      throw error;
    }
  }

  /** Plays what comes before it, too; once. */
  async play(name: SceneName): Promise<Scene> {
    const known = this.played.get(name);
    if (known) return known;
    const { from, args } = SCENES[name];
    const scene = await this.through(
      name,
      from ? (await this.play(from)).end : this.preview,
      await args(this),
    );
    this.played.set(name, scene);
    return scene;
  }

  /** The path of a copy of what a cleanup left. */
  async backup(name: SceneName): Promise<string> {
    const path = join(this.stage.bench.cwd, 'backup.yaml');
    writeFileSync(path, (await this.play(name)).backup!);
    return path;
  }

  private async through(
    name: SceneName,
    from: readonly KubeObject[],
    args: readonly string[],
  ): Promise<Scene> {
    const { stage } = this;
    await stage.rewind(from);
    const folder = new Folder();
    try {
      await stage.done(args, folder.path);
      const writes = [...stage.line.writes];
      await stage.settled();
      const backup = folder.files()[0]?.text ?? null;
      return { name, args, from, writes, backup, end: await stage.record() };
    } finally {
      folder.remove();
    }
  }
}

/** Before and after each write, and in the midst of helm's. */
export function pointsOf(writes: readonly Write[]): Point[] {
  const helms = writes.flatMap(({ by }, write) => (by === 'helm' ? [write] : []));
  const orphans = new Set([helms[0], helms[Math.floor(helms.length / 2)], helms.at(-1)]);
  return writes.flatMap((_, write): Point[] => [
    { write, moment: 'before' },
    ...(orphans.has(write) ? [{ write, moment: 'during' } as const] : []),
    { write, moment: 'after' },
  ]);
}
