// Writes go.mod and go.sum of the modules in this folder from ../parts/versions.ts. Needs the module proxy.
//   node test/lab/go/update.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { go } from '../parts/go.ts';
import { moduleDir } from '../parts/modules.ts';
import { goModules, type Module } from '../parts/versions.ts';

// The language version (which also sets Go's compatibility defaults) is upstream's own.
// k8s.io/kubernetes requires its staging modules at v0.0.0 and replaces them by folders of its own tree,
// which don't count when it is a dependency. Those published for the same release take their place.
async function goMod(name: string, module: Module): Promise<string> {
  const upstream = readFileSync(join(await moduleDir(module), 'go.mod'), 'utf8');
  const language = /^go \S+$/m.exec(upstream)?.[0];
  const version = module.version.replace(/^v1\./, 'v0.');
  const staged = [...upstream.matchAll(/^\t(k8s\.io\/\S+) v0\.0\.0$/gm)];
  const replaces = staged.map(([, path]) => `\t${path} => ${path} ${version}\n`).join('');
  return [
    `module lab/${name}\n`,
    `${language}\n`,
    `require ${module.path} ${module.version}\n`,
    ...(replaces === '' ? [] : [`replace (\n${replaces})\n`]),
  ].join('\n');
}

for (const [name, module] of Object.entries(goModules)) {
  const cwd = join(import.meta.dirname, name);
  writeFileSync(join(cwd, 'go.mod'), await goMod(name, module));
  await go(['mod', 'tidy'], { cwd, env: { GOFLAGS: '-mod=mod' }, onLine: (line) => console.error(line) });
  const sums = readFileSync(join(cwd, 'go.sum'), 'utf8');
  if (!sums.includes(`${module.path} ${module.version} ${module.sum}\n`)) {
    throw new Error(`${name}/go.sum and versions.ts disagree about the sum of ${module.path}`);
  }
}
