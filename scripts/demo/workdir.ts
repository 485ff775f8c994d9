// The folder that the demo's commands are typed in: what a person would have downloaded, and later the backup.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../test/lab/lab.ts';
import type { Ingredients } from './ingredients.ts';

/**
 * `./inferencepool` is upstream's chart, `./manifests.yaml` what its release page offers under that name.
 * It is inside of the lab's folder, and goes with it.
 */
export function makeWorkdir(lab: Lab, { chart, crds }: Ingredients): string {
  const path = join(lab.dir, 'demo');
  mkdirSync(path);
  symlinkSync(chart, join(path, 'inferencepool'));
  writeFileSync(join(path, 'manifests.yaml'), crds.map((file) => readFileSync(file, 'utf8')).join('\n---\n'));
  return path;
}
