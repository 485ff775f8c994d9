// Where a part is: KUBEBUILDER_ASSETS if it is there, else our cache, else built into the cache.
import { accessSync, constants, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { identify } from '../control-plane/processes.ts';
import { cacheRoot } from './cache.ts';
import { go, LabError } from './go.ts';
import { withLock } from './lock.ts';
import { reported, reportTo, type Report } from './progress.ts';
import { moduleDir } from './modules.ts';
import { parts, partVersion, type Part, type PartName } from './versions.ts';
import { unpackWheel } from './wheel.ts';

export const partNames = Object.keys(parts) as PartName[];

/** Its path if it can be used now, without building anything. */
export function findPart(name: PartName): string | undefined {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const candidates = [...(assets ? [join(assets, name)] : []), join(cacheDir(name), name)];
  return candidates.find(isExecutable);
}

/**
 * Paths of all the parts asked for; what is missing is built, one after the other (Go itself uses every core).
 * @throws LabError when one can't be built, saying what to do
 */
export async function ensureParts<Name extends PartName>(
  names: readonly Name[],
  report: Report = reportTo(process.stderr),
): Promise<Record<Name, string>> {
  const found = {} as Record<Name, string>;
  for (const name of names) found[name] = findPart(name) ?? (await build(name, report));
  return found;
}

async function build(name: PartName, report: Report): Promise<string> {
  if (process.platform === 'win32') throw new LabError('The lab runs on Linux and macOS only.');
  const dir = cacheDir(name);
  const part: Part = parts[name];
  const title = `building ${name} ${partVersion(name)} (once, about ${part.minutes} min on two cores)`;
  return reported(report, title, (detail) =>
    withLock(
      `${dir}.lock`,
      (owner) => detail(`waiting for process ${owner}, which is at it`),
      async () => {
        const bin = join(dir, name);
        if (isExecutable(bin)) return bin; // by the process we waited for
        const scratch = cleanScratch(dir);
        const out = join(scratch, name);
        if ('requirements' in part) await unpackWheel(part, out, detail);
        else await compile(part, out, detail);
        rmSync(dir, { recursive: true, force: true });
        renameSync(scratch, dir);
        return bin;
      },
    ),
  );
}

type Compiled = Exclude<Part, { requirements: string }>;

async function compile(part: Compiled, out: string, detail: (text: string) => void): Promise<void> {
  let packages = 0;
  const ldflags = `-s -w ${part.ldflags ?? ''}`.trim();
  // prettier-ignore
  const args = ['build', '-v', '-trimpath', '-buildvcs=false', '-ldflags', ldflags, '-o', out, part.command];
  await go(args, {
    // Go builds in its (read-only) module cache as well as anywhere: it writes nothing there.
    cwd:
      'upstream' in part
        ? await moduleDir(part.upstream)
        : fileURLToPath(new URL(`../go/${part.module}`, import.meta.url)),
    onLine: (line) => {
      if (line.startsWith('go: downloading ')) detail(line.slice(4));
      else detail(`${++packages} packages compiled, last ${line}`);
    },
  });
}

/** A fresh folder beside the final one, after removing those that killed builders left. */
function cleanScratch(dir: string): string {
  const parent = join(dir, '..');
  mkdirSync(parent, { recursive: true });
  for (const entry of readdirSync(parent)) {
    const pid = /\.tmp-(\d+)$/.exec(entry)?.[1];
    if (pid && !identify(Number(pid))) rmSync(join(parent, entry), { recursive: true, force: true });
  }
  const scratch = `${dir}.tmp-${process.pid}`;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch);
  return scratch;
}

function cacheDir(name: PartName): string {
  return join(cacheRoot(), name, `${partVersion(name)}-${process.platform}-${process.arch}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
