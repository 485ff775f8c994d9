// Several stages at once: most of a crash is waiting, for helm and for controllers.
import { survive } from './crash.ts';
import type { Write } from './line.ts';
import { Actor, type SceneName } from './scenes.ts';
import type { Point } from './stage.ts';

export class Troupe {
  private readonly actors: readonly Actor[];

  private constructor(actors: readonly Actor[]) {
    this.actors = actors;
  }

  static async start(count: number): Promise<Troupe> {
    return new Troupe(await Promise.all(Array.from({ length: count }, () => Actor.start())));
  }

  async end(): Promise<void> {
    await Promise.all(this.actors.map(({ stage }) => stage.end()));
  }

  /**
   * Tries every point that `choose` finds in the scene.
   * @returns how many were tried
   * @throws one Error with all that went wrong
   */
  async survive(name: SceneName, choose: (writes: readonly Write[]) => Point[]): Promise<number> {
    const scenes = await Promise.all(this.actors.map((actor) => actor.play(name)));
    const due = choose(scenes[0]!.writes);
    const count = due.length;
    const failures: string[] = [];
    await Promise.all(
      this.actors.map(async ({ stage }, index) => {
        for (let point = due.shift(); point; point = due.shift())
          await survive(stage, scenes[index]!, point).catch((error: Error) => failures.push(error.message));
      }),
    );
    if (failures.length > 0)
      throw new Error(`${failures.length} of ${count} points:\n${failures.join('\n\n')}`);
    return count;
  }
}
