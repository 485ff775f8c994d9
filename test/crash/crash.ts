// One crash: a command is killed at a point, run again, and everything is as if nothing had happened.
import { expect } from 'chai';
import { parseManifests, type KubeObject } from '../lab/kube.ts';
import { differences, comparable } from '../e2e/everything.ts';
import type { Scene } from './scenes.ts';
import { describePoint, Folder, type Point, type Stage } from './stage.ts';

/** @throws an AssertionError that names the point */
export async function survive(stage: Stage, scene: Scene, point: Point): Promise<void> {
  const where = `${scene.name}, ${describePoint(point, scene.writes)}`;
  await stage.rewind(scene.from);
  const folder = new Folder();
  try {
    const killed = await stage.killed(scene.args, folder.path, point);
    expect(killed.reached, `${where}: it ended by itself: ${killed.stderr}`).to.equal(true);
    for (const { name, text } of folder.files()) expectWhole(name, text, where);
    const again = await stage.done(scene.args, folder.path).catch((error: Error) => {
      throw new Error(`${where}: run again: ${error.message}\nkilled: ${killed.stderr}`);
    });
    await stage.expectLike(scene.end, `${where}\nkilled: ${killed.stderr}\nagain: ${again.stderr}`);
    if (scene.backup !== null) expectHolds(folder, scene.backup, where);
  } finally {
    folder.remove();
  }
}

/** What is there under the name of a backup is all of it, as its own first line says. */
export function expectWhole(name: string, text: string, where: string): void {
  expect(name, `${where}: left behind`).to.match(/^infpool-backup-\S+\.yaml$|^backup\.yaml$/);
  const count = Number(/^# kubectl infpool backup, .*, (\d+) objects\.$/m.exec(text)?.[1]);
  expect(parseManifests(text), `${where}: objects in ${name}`).to.have.length(count);
}

/** Between them the files hold everything that a cleanup without a crash would have kept. */
function expectHolds(folder: Folder, reference: string, where: string): void {
  const held = folder.files().flatMap(({ text }) => parseManifests(text));
  const wanted = comparable(parseManifests(reference));
  // The first file that has an object has it as it was.
  const first = comparable(held.toReversed() as KubeObject[]);
  expect(differences(first, wanted), `${where}: the backups`).to.deep.equal([]);
}
