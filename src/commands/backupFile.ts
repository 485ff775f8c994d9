import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, link, open, rename, unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UserError } from '../api/errors.ts';
import { canonicalJson } from '../api/json.ts';
import type { KubeObject } from '../api/object.ts';
import { refKey, refOf } from '../api/ref.ts';
import { backupFileName, backupHeader, backupOf } from '../cleanup/backup.ts';
import type { CleanupPlan } from '../cleanup/plan.ts';
import { readManifestFile } from '../manifests/source.ts';
import { toYamlStream } from '../report/yaml.ts';
import { text, type Args } from './command.ts';
import type { Context } from './context.ts';

/** Where the backup goes: where the user says, or into a new file with the time in its name. */
export function backupPath(args: Args, context: Context): string {
  const given = text(args, 'backup');
  if (given !== undefined) return resolve(context.cwd, given);
  const path = resolve(context.cwd, backupFileName(context.now()));
  // A second run within the same second: after one that was killed, say.
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? path : path.replace(/\.yaml$/, `-${count}.yaml`);
    if (!existsSync(candidate)) return candidate;
  }
}

/**
 * Writes what will be gone to a new file, before anything is deleted. Under this name there is all of it or nothing, whatever
 * kills us or the machine meanwhile. A file that is there already is never overwritten, but it will do if it is a backup that
 * has all of this: the same command was killed after it had written it.
 * @param underWay the same run puts something in the place of what goes
 */
export async function writeBackup(
  path: string,
  plan: Pick<CleanupPlan, 'backup'>,
  server: string,
  context: Context,
  underWay = false,
): Promise<void> {
  const objects = plan.backup.flatMap((object): KubeObject[] => {
    const kept = backupOf(object);
    return kept ? [kept] : [];
  });
  try {
    const header = backupHeader(context.now(), server, objects.length, underWay);
    await writeNew(path, `${header}${toYamlStream(objects)}`);
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    if (exists && holds(path, objects)) {
      context.stderr.write(`Backup of ${objects.length} objects: ${path} has them already\n`);
      return;
    }
    throw new UserError(
      `The backup ${path} could not be written: ${exists ? 'the file is there already' : (cause as Error).message}. Nothing was deleted.`,
      {
        hint: 'Choose another path: --backup FILE',
        cause,
      },
    );
  }
  context.stderr.write(`Backup of ${objects.length} objects: ${path}\n`);
}

/** @throws an error with code EEXIST where there is something of this name */
async function writeNew(path: string, content: string): Promise<void> {
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  // Readable by its owner only.
  const file = await open(partial, 'wx', 0o600);
  try {
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await name(partial, path);
  } finally {
    await unlink(partial).catch(() => undefined); // a rename has taken it away
  }
  await syncFolder(dirname(path));
}

/** Where the file system has no hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EACCES']);

// A link, unlike a rename, never replaces what is there.
async function name(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const taken = await access(path).then(
      () => true,
      () => false,
    );
    if (taken) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' });
    await rename(partial, path);
  }
}

// So that the name, too, outlives a loss of power. Not every system lets a folder be opened.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function holds(path: string, objects: readonly KubeObject[]): boolean {
  try {
    const { objects: there, errors } = readManifestFile(path);
    if (errors.length > 0) return false;
    const known = new Map(there.map(({ object }) => [refKey(refOf(object)), canonicalJson(object)]));
    return objects.every((object) => known.get(refKey(refOf(object))) === canonicalJson(object));
  } catch {
    return false;
  }
}
