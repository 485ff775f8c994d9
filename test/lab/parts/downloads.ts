// What a person would have downloaded of a release: where the internet is not to be had, `--chart` and `--crds-from`.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartDir, crdFiles } from './modules.ts';
import type { GieVersion } from './versions.ts';

/** Writes `FOLDER/inferencepool`, upstream's chart, and `FOLDER/manifests.yaml`, its CRDs as the release page has them. */
export async function downloads(folder: string, release: GieVersion): Promise<void> {
  const [chart, crds] = [await chartDir(release), await crdFiles('gie', release)];
  mkdirSync(folder, { recursive: true });
  cpSync(chart, join(folder, 'inferencepool'), { recursive: true, force: true });
  writeFileSync(
    join(folder, 'manifests.yaml'),
    crds.map((file) => readFileSync(file, 'utf8')).join('\n---\n'),
  );
}
