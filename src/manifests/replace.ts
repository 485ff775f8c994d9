import { chownSync, lstatSync, renameSync, rmSync, statSync } from 'node:fs';
import { EXIT, UserError } from '../api/errors.ts';
import { writeBeside } from './beside.ts';
import { digestOf } from './loadTree.ts';
import { readRegularFile, systemMessage } from './read.ts';

/** New content for a file that was read. */
export interface Replacement {
  /** For messages. */
  readonly path: string;
  readonly real: string;
  /** Of what was read. */
  readonly digest: string;
  readonly text: string;
}

/**
 * Each file whole or not at all: into a new file beside it, which then takes its name and has its mode. None is touched
 * unless all are still as they were read (UserError, exit 3). Where one can't be written a UserError says which were.
 */
export function replaceFiles(files: readonly Replacement[]): void {
  for (const file of files) refuseChanged(file);
  const written: string[] = [];
  for (const file of files) {
    try {
      refuseChanged(file);
      replaceFile(file.real, file.text);
    } catch (cause) {
      const before =
        written.length === 0 ? 'Nothing was written.' : `Written before it: ${written.join(', ')}.`;
      if (cause instanceof UserError)
        throw new UserError(`${cause.message} ${before}`, {
          hint: cause.hint,
          exitCode: cause.exitCode,
          cause,
        });
      throw new UserError(`${file.path} could not be written: ${systemMessage(cause)}. ${before}`, { cause });
    }
    written.push(file.path);
  }
}

function refuseChanged({ path, real, digest }: Replacement): void {
  let now: string;
  try {
    now = digestOf(readRegularFile(real).bytes);
  } catch {
    now = '';
  }
  if (now !== digest)
    throw new UserError(`Refused: ${path} was changed since it was read.`, {
      exitCode: EXIT.refused,
      hint: 'Run it again.',
    });
}

function replaceFile(real: string, text: string): void {
  const { mode, uid, gid } = statSync(real);
  const beside = writeBeside(real, Buffer.from(text, 'utf8'), mode);
  try {
    // Whoever runs as root must not take the file from its owner; nobody else may give it away.
    if (statSync(beside).uid !== uid || statSync(beside).gid !== gid) keepOwner(beside, uid, gid);
    renameSync(beside, real);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw cause;
  }
}

function keepOwner(path: string, uid: number, gid: number): void {
  try {
    chownSync(path, uid, gid);
  } catch {
    return;
  }
}

/** What is there, links not followed; null where nothing is. */
export function whatIsAt(path: string): ReturnType<typeof lstatSync> | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}
