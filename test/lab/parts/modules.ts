// Upstream's own files (CRDs, charts), read where Go keeps them: pinned, checked, never committed here.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { load } from 'js-yaml';
import { cacheRoot } from './cache.ts';
import { go, LabError } from './go.ts';
import { gatewayApi, gie, type GieVersion, type Module } from './versions.ts';

/** The folder with the module's files (read-only); fetched when it isn't there yet. */
export async function moduleDir(module: Module): Promise<string> {
  return cached(module) ?? (await download(module));
}

/** Each CRD file of a release, in upstream's order; what its released manifest is made of. */
export async function crdFiles(...[set, version]: ['gateway-api'] | ['gie', GieVersion]): Promise<string[]> {
  const module = set === 'gateway-api' ? gatewayApi : gie(version);
  const dir = join(await moduleDir(module), 'config', 'crd');
  const kustomization = load(readFileSync(join(dir, 'kustomization.yaml'), 'utf8'));
  return (kustomization as { resources: string[] }).resources.map((file) => join(dir, file));
}

/** Upstream's helm chart `inferencepool` of a release, as a folder that helm can install from. */
export async function chartDir(version: GieVersion): Promise<string> {
  const charts = join(await moduleDir(gie(version)), 'config', 'charts');
  const library = join(charts, 'epplib');
  const chart = join(charts, 'inferencepool');
  return existsSync(library) ? withLibrary(version, chart, library) : chart;
}

// From v1.4.0 on the chart depends on one beside it, which `helm package` puts into it for the release.
function withLibrary(version: GieVersion, chart: string, library: string): string {
  const dir = join(cacheRoot(), 'charts', version);
  const whole = join(dir, 'inferencepool');
  if (existsSync(whole)) return whole;
  mkdirSync(dir, { recursive: true });
  const scratch = mkdtempSync(join(dir, 'tmp-'));
  copyFiles(chart, scratch);
  copyFiles(library, join(scratch, 'charts', 'epplib'));
  try {
    renameSync(scratch, whole);
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    if (!existsSync(whole)) throw error; // another process was faster
  }
  return whole;
}

// Not cpSync, which would copy the module cache's read-only modes, too.
function copyFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyFiles(source, target);
    else writeFileSync(target, readFileSync(source));
  }
}

// Looked up without go, so that a cached lab needs neither go nor its 50 ms.
function cached({ path, version, sum }: Module): string | undefined {
  const gopath = process.env['GOPATH']?.split(delimiter)[0] || join(homedir(), 'go');
  const cache = process.env['GOMODCACHE'] || join(gopath, 'pkg', 'mod');
  const dir = join(cache, `${path}@${version}`);
  const hash = join(cache, 'cache', 'download', path, '@v', `${version}.ziphash`);
  // Go unpacks into a folder with this file beside its zip while it is at it.
  const partial = join(cache, 'cache', 'download', path, '@v', `${version}.partial`);
  if (!existsSync(dir) || !existsSync(hash) || existsSync(partial)) return undefined;
  return readFileSync(hash, 'utf8').trim() === sum ? dir : undefined;
}

async function download({ path, version, sum }: Module): Promise<string> {
  // We check the sum ourselves, so that the checksum database need not be reachable.
  const env = { GOFLAGS: '-mod=mod', GONOSUMDB: '*' };
  const out = await go(['mod', 'download', '-json', `${path}@${version}`], { cwd: tmpdir(), env });
  const { Dir, Sum } = JSON.parse(out) as { Dir: string; Sum: string };
  if (Sum !== sum) {
    throw new LabError(`${path}@${version} is not the one we know: its sum is ${Sum}, expected ${sum}.`);
  }
  return Dir;
}
