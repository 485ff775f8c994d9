import { createHash } from 'node:crypto';
import { UserError } from '../api/errors.ts';
import type { Finding } from '../api/finding.ts';
import { Charts } from './charts.ts';
import {
  loadManifests,
  type Loaded,
  type LoadedObject,
  type LoadError,
  type Source,
  type Wanted,
} from './load.ts';
import {
  alphaCrdFinding,
  foreignFinding,
  kustomizationFinding,
  outsideFinding,
  templateFinding,
} from './mentions.ts';
import { decodeText, readRegularFile, Unreadable } from './read.ts';
import { walk, type Tree, type TreeFile } from './tree.ts';
import { ALPHA_GROUP, ALPHA_POOL, CRD, MODEL, qualifiedName } from '../api/resource.ts';

const ALPHA_CRDS = [ALPHA_POOL, MODEL].map(qualifiedName);

/** A file that holds objects of the kinds that were asked for. */
export interface ManifestFile {
  readonly file: TreeFile;
  readonly digest: string;
  readonly objects: readonly LoadedObject[];
}

/** What could have held alpha objects and was not looked into. */
export interface Unseen {
  /** A file, with the line where there is one; or a chart. */
  readonly where: string;
  readonly message: string;
}

export interface LoadedTree {
  readonly tree: Tree;
  /** How many manifest files were read. */
  readonly read: number;
  readonly documents: number;
  readonly files: readonly ManifestFile[];
  /** Documents and files that are broken: `file:line: message`. They make the exit code 1. */
  readonly problems: readonly string[];
  readonly unseen: readonly Unseen[];
  readonly findings: readonly Finding[];
}

/**
 * Everything that the arguments of -f name, file by file; of each only what is wanted is kept. `stdin` is what came in for
 * `-`. Throws a UserError where a file that is named itself can't be read.
 */
export function loadTree(
  paths: readonly string[],
  { recursive, wanted, stdin }: { recursive: boolean; wanted: Wanted; stdin: string },
): LoadedTree {
  const tree = walk(
    paths.filter((path) => path !== '-'),
    recursive,
  );
  const loading = new TreeLoading(tree, wanted);
  for (const file of tree.files) if (file.manifest) loading.file(file);
  if (paths.includes('-')) loading.stdin(stdin);
  return loading.end();
}

class TreeLoading {
  readonly #tree: Tree;
  readonly #wanted: Wanted;
  readonly #charts: Charts;
  readonly #files: ManifestFile[] = [];
  readonly #problems: string[] = [];
  readonly #unseen: Unseen[] = [];
  readonly #findings: Finding[] = [];
  #read = 0;
  #documents = 0;

  constructor(tree: Tree, wanted: Wanted) {
    this.#tree = tree;
    this.#wanted = wanted;
    this.#charts = new Charts(tree.charts);
  }

  file(file: TreeFile): void {
    let text: string;
    let bytes: Buffer;
    try {
      ({ bytes } = readRegularFile(file.real));
      text = decodeText(bytes);
    } catch (cause) {
      if (!(cause instanceof Unreadable)) throw cause;
      if (file.given)
        throw new UserError(`${file.path} could not be read: ${cause.message}.`, { hint: cause.hint, cause });
      this.#problem(file.path, `${cause.message}.`);
      return;
    }
    this.#read++;
    const chart = this.#charts.owner(file.real);
    if (chart !== null) {
      this.#charts.add(chart, file.real, text);
      return;
    }
    const loaded = loadManifests(file.path, text, this.#wanted);
    this.#take(file, loaded);
    this.#mentions(loaded, text);
    if (loaded.objects.length > 0)
      this.#files.push({ file, digest: digestOf(bytes), objects: loaded.objects });
  }

  stdin(text: string): void {
    this.#read++;
    const file = { path: 'stdin', real: 'stdin', target: '', given: true, manifest: true };
    const loaded = loadManifests('stdin', text, this.#wanted);
    this.#take(file, loaded);
    this.#files.push({ file, digest: '', objects: loaded.objects });
  }

  end(): LoadedTree {
    for (const { path, why, state } of this.#tree.passed)
      if (state === 'unread') this.#problem(path, `${why}.`);
      else this.#findings.push(outsideFinding(path, why));
    for (const { chart, files } of this.#charts.suspects())
      this.#unseen.push({ where: chart, message: `a Helm chart with v1alpha2 in ${files.join(', ')}` });
    return {
      tree: this.#tree,
      read: this.#read,
      documents: this.#documents,
      files: this.#files,
      problems: this.#problems,
      unseen: this.#unseen,
      findings: [...this.#charts.findings(), ...this.#findings],
    };
  }

  #take(file: TreeFile, { documents, errors }: Loaded): void {
    this.#documents += documents;
    for (const error of errors) this.#error(file, error);
  }

  // Kinds that are none of ours by themselves.
  #mentions({ passed }: Loaded, text: string): void {
    const at = ({ file, line }: Source) => `${file}:${line}`;
    const kustomization = [...passed].find(([kind]) => kind.startsWith('kustomize.config.k8s.io/'));
    if (kustomization && text.includes(ALPHA_GROUP))
      this.#findings.push(kustomizationFinding(at(kustomization[1])));
    const crd = passed.get(`${CRD.group}/${CRD.kind}`);
    if (crd && ALPHA_CRDS.some((name) => text.includes(name))) this.#findings.push(alphaCrdFinding(at(crd)));
  }

  #error(file: TreeFile, error: LoadError): void {
    const { source, message, reason, text } = error;
    const where = `${source.file}:${source.line}`;
    if (reason === 'foreign' && (!file.given || isKustomization(file.target))) {
      if (text.includes(ALPHA_GROUP)) this.#findings.push(foreignFinding(where));
    } else if (reason === 'broken' && text.includes('{{')) {
      this.#findings.push(templateFinding(where, source.file));
      if (text.includes(ALPHA_GROUP))
        this.#unseen.push({ where, message: 'a template that mentions v1alpha2 and is not rendered' });
    } else this.#problem(where, message);
  }

  #problem(where: string, message: string): void {
    this.#problems.push(`${where}: ${message}`);
    this.#unseen.push({ where, message });
  }
}

// kustomize does without apiVersion and kind.
function isKustomization(target: string): boolean {
  return /(?:^|[\\/])kustomization\.ya?ml$/.test(target);
}

/** Of a file's bytes: two that are equal were not changed. */
export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
