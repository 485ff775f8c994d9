import { mkdirSync, readlinkSync, realpathSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { EXIT, UserError } from '../api/errors.ts';
import { holds, writeContentBeside, type Content } from './contents.ts';
import { systemMessage } from './read.ts';
import { whatIsAt } from './replace.ts';
import { isInside, type Tree, type TreeFile } from './tree.ts';

/** What goes below the folder of --output-dir. */
export interface Output {
  readonly file: TreeFile;
  /** Null: byte for byte as it is. */
  readonly text: string | null;
}

interface Planned {
  readonly path: string;
  readonly content: Content;
  readonly mode: number;
}

/**
 * Writes the tree below `folder`. Everything is checked before anything is written: nothing goes into what was read, onto
 * another file, or through a link out of the folder (UserError, exit 3). Files that are there and are equal stay; with
 * `force` others are written over. Returns how many were written.
 */
export function writeTree(
  folder: string,
  tree: Tree,
  outputs: readonly Output[],
  { recursive, force }: { recursive: boolean; force: boolean },
): number {
  const root = realTarget(resolve(folder));
  refuseInput(folder, root, tree, recursive);
  const inputs = new Set(tree.files.map(({ real }) => real));
  const planned = new Map<string, Planned & { from: string }>();
  for (const output of outputs) plan(output, root, planned, inputs);
  const existing = [...planned.values()].filter(differs);
  if (existing.length > 0 && !force)
    throw refused(`${named(existing.map(({ path }) => path))} there already, with different content.`, {
      hint: 'Give another --output-dir, or --force to write over them.',
    });
  let written = 0;
  for (const one of planned.values()) if (write(one)) written++;
  for (const { target, to } of tree.links) link(join(root, target), to, root);
  return written;
}

function plan(
  { file, text }: Output,
  root: string,
  planned: Map<string, Planned & { from: string }>,
  inputs: ReadonlySet<string>,
): void {
  const path = join(root, file.target);
  // Targets are made of names found in folders, so this can't be; if it ever is, it must not be written.
  if (!isInside(path, root) || path === root) throw refused(`${file.path} would be written to ${path}.`);
  refuseLinks(path, root);
  const content = { bytes: text === null ? null : Buffer.from(text, 'utf8'), source: file.real };
  const other = planned.get(path);
  if (
    other &&
    !(content.bytes ? other.content.bytes?.equals(content.bytes) : holds(file.real, other.content))
  )
    throw refused(`${other.from} and ${file.path} would both become ${path}.`, {
      hint: 'Give one -f at a time, or the folder that they are in.',
    });
  if (inputs.has(path))
    throw refused(`${path} is among what is read.`, { hint: 'Give another --output-dir, or --in-place.' });
  planned.set(path, { path, content, mode: statSync(file.real).mode, from: file.path });
}

function refuseInput(folder: string, root: string, tree: Tree, recursive: boolean): void {
  for (const input of tree.roots)
    if (root === input || (recursive && isInside(root, input)))
      throw refused(`--output-dir ${folder} is within what is read.`, {
        hint: 'Give a folder elsewhere, or --in-place to change the files themselves.',
      });
}

/** The folder with the links above it resolved, whether it is there or not. */
function realTarget(folder: string): string {
  if (whatIsAt(folder)) return realpathSync(folder);
  const above = dirname(folder);
  return above === folder ? folder : join(realTarget(above), basename(folder));
}

// Neither a folder on the way nor the file itself may be a link: it could lead out.
function refuseLinks(path: string, root: string): void {
  const parts = path
    .slice(root.length)
    .split(sep)
    .filter((part) => part !== '');
  let at = root;
  for (const [index, part] of parts.entries()) {
    at = join(at, part);
    const stats = whatIsAt(at);
    if (!stats) return;
    if (stats.isSymbolicLink())
      throw refused(`${at} is a symbolic link.`, { hint: 'Remove it, or give another --output-dir.' });
    const isLast = index === parts.length - 1;
    if (isLast ? !stats.isFile() : !stats.isDirectory())
      throw refused(`${at} is there already, and is no ${isLast ? 'file' : 'folder'}.`);
  }
}

function differs({ path, content }: Planned): boolean {
  return whatIsAt(path) !== null && !holds(path, content);
}

function write({ path, content, mode }: Planned): boolean {
  try {
    if (whatIsAt(path) && holds(path, content)) return false;
    mkdirSync(dirname(path), { recursive: true });
    const beside = writeContentBeside(path, content, mode);
    try {
      renameSync(beside, path);
    } catch (cause) {
      rmSync(beside, { force: true });
      throw cause;
    }
    return true;
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${path} could not be written: ${systemMessage(cause)}.`, { cause });
  }
}

function link(path: string, to: string, root: string): void {
  if (!isInside(resolve(dirname(path), to), root)) return;
  const there = whatIsAt(path);
  if (there?.isSymbolicLink() && readlinkSync(path) === to) return;
  if (there) throw new UserError(`${path} could not be written: something else is there.`);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(to, path);
}

function refused(message: string, { hint = '' } = {}): UserError {
  return new UserError(`Refused, nothing was written: ${message}`, { exitCode: EXIT.refused, hint });
}

const NAMED = 4;

function named(paths: readonly string[]): string {
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '';
  return `${paths.slice(0, NAMED).join(', ')}${more} ${paths.length === 1 ? 'is' : 'are'}`;
}
