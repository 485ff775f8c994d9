import { lstatSync, readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { UserError } from '../api/errors.ts';
import { systemMessage, whatIs } from './read.ts';

/** One regular file below a `-f` argument, or the argument itself. */
export interface TreeFile {
  /** As a person would write it: the argument and what is below it. */
  readonly path: string;
  /** Without symbolic links: no file is read twice. */
  readonly real: string;
  /** Relative to the argument: where it goes below --output-dir. */
  readonly target: string;
  /** True where the argument names the file itself. */
  readonly given: boolean;
  /** By its name; what is not is only copied. */
  readonly manifest: boolean;
}

/** A symbolic link to something inside of the argument. */
export interface TreeLink {
  readonly target: string;
  /** What it says, relative to the folder that it is in. */
  readonly to: string;
}

/** What was passed over without being looked at, and why: a clause. */
export interface Passed {
  readonly path: string;
  readonly why: string;
  /** `unread`: it may hold manifests. */
  readonly state: 'unread' | 'outside';
}

export interface Tree {
  readonly files: readonly TreeFile[];
  readonly links: readonly TreeLink[];
  readonly passed: readonly Passed[];
  /** Folders with a Chart.yaml, without symbolic links, and as a person would write them. */
  readonly charts: ReadonlyMap<string, string>;
  /** The real folders given as arguments. */
  readonly roots: readonly string[];
}

const MANIFEST = /\.(?:ya?ml|json)$/;

/**
 * What the arguments of -f name, as kubectl sees it: a file is taken whatever its name, a folder with its *.yaml, *.yml and
 * *.json, and with `recursive` with all below. Neither hidden folders nor node_modules, and no link that leads out.
 * Throws a UserError where an argument is not there.
 */
export function walk(paths: readonly string[], recursive: boolean): Tree {
  const walker = new Walker(recursive);
  for (const path of paths) walker.argument(path);
  return walker;
}

class Walker implements Tree {
  readonly files: TreeFile[] = [];
  readonly links: TreeLink[] = [];
  readonly passed: Passed[] = [];
  readonly charts = new Map<string, string>();
  readonly roots: string[] = [];
  readonly #recursive: boolean;
  readonly #seen = new Set<string>();
  #root = '';

  constructor(recursive: boolean) {
    this.#recursive = recursive;
  }

  argument(path: string): void {
    const real = realOf(path);
    const stats = statSync(real);
    if (stats.isDirectory()) {
      this.#root = real;
      this.roots.push(real);
      this.#folder(path, real, '', this.#recursive);
      return;
    }
    const chart = chartAbove(real);
    if (chart) this.charts.set(chart, relativeTo(chart, real, path));
    this.#add({ path, real, target: basename(path), given: true, manifest: true });
  }

  #add(file: TreeFile): void {
    if (this.#seen.has(file.real)) return;
    this.#seen.add(file.real);
    this.files.push(file);
  }

  #folder(path: string, real: string, target: string, deep: boolean): void {
    if (this.#seen.has(`${real}${sep}`)) return;
    this.#seen.add(`${real}${sep}`);
    let entries: Dirent[];
    try {
      entries = readdirSync(real, { withFileTypes: true });
    } catch (cause) {
      this.passed.push({ path, why: systemMessage(cause), state: 'unread' });
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const isChart = entries.some(({ name }) => name === 'Chart.yaml');
    if (isChart) this.charts.set(real, path);
    // Links last: what they lead to is then known by its own name, if it has one here.
    const links = entries.filter((entry) => entry.isSymbolicLink());
    for (const entry of entries)
      if (!entry.isSymbolicLink()) {
        const into = deep || (isChart && entry.name === 'templates');
        this.#entry(entry, join(path, entry.name), join(real, entry.name), join(target, entry.name), into);
      }
    for (const { name } of links) this.#link(join(path, name), join(real, name), join(target, name));
  }

  #entry(entry: Dirent, path: string, real: string, target: string, into: boolean): void {
    if (entry.isDirectory()) {
      if (into && !isSkipped(entry.name)) this.#folder(path, real, target, into);
    } else if (entry.isFile())
      this.#add({ path, real, target, given: false, manifest: MANIFEST.test(entry.name) });
    else if (MANIFEST.test(entry.name))
      this.passed.push({ path, why: `it is ${whatIs(entry)}`, state: 'unread' });
  }

  #link(path: string, link: string, target: string): void {
    const name = basename(path);
    let real: string;
    try {
      real = realpathSync(link);
    } catch (cause) {
      if (MANIFEST.test(name))
        this.passed.push({
          path,
          why: `it is a symbolic link, and ${systemMessage(cause)}`,
          state: 'unread',
        });
      return;
    }
    const stats = statSync(real);
    if (!isInside(real, this.#root)) {
      if (MANIFEST.test(name) || (stats.isDirectory() && this.#recursive && !isSkipped(name)))
        this.passed.push({ path, why: `it is a symbolic link that leads out, to ${real}`, state: 'outside' });
      return;
    }
    const to = relative(dirname(link), real) || '.';
    if (stats.isDirectory()) {
      if (isSkipped(name) || !this.#recursive) return;
      if (isReachable(join(relative(this.#root, real), 'x'), true)) this.links.push({ target, to });
      else this.#folder(path, real, target, true);
    } else if (stats.isFile()) {
      // What it leads to may be out of reach by itself, as in a mounted ConfigMap (..data).
      if (isReachable(relative(this.#root, real), this.#recursive)) this.links.push({ target, to });
      else this.#add({ path, real, target, given: false, manifest: MANIFEST.test(name) });
    }
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new UserError(`${path} could not be read: ${systemMessage(cause)}.`, { cause });
  }
}

function isSkipped(folder: string): boolean {
  return folder.startsWith('.') || folder === 'node_modules';
}

/** True where a walk comes upon it without the link. */
function isReachable(path: string, recursive: boolean): boolean {
  const folders = path.split(sep).slice(0, -1);
  return folders.length === 0 || (recursive && !folders.some(isSkipped));
}

export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** The nearest folder above with a Chart.yaml: of a template, of values, or of what else a chart holds. */
function chartAbove(real: string): string | null {
  for (let folder = dirname(real); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      if (lstatSync(join(folder, 'Chart.yaml')).isFile()) return folder;
    } catch {
      continue;
    }
  }
  return null;
}

function relativeTo(folder: string, real: string, path: string): string {
  const depth = relative(folder, real).split(sep).length;
  if (path.split(sep).length <= depth) return folder;
  let shown = path;
  for (let level = 0; level < depth; level++) shown = dirname(shown);
  return shown;
}
