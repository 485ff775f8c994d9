// What the bundle must not hold, checked on esbuild's own account of it.
import type { Metafile } from 'esbuild';
import { isBuiltin } from 'node:module';
import { BuildError } from './error.ts';

/** In bytes; a twentieth more than it is now. Past it something big has come in, and start-up is likely to show it. */
const limit = 2_500_000;

/** The generated client; rxjsStub.js is six lines that the handwritten part uses. */
const generated = /@kubernetes\/client-node\/dist\/gen\/(?!rxjsStub\.js$)/;

export function audit(metafile: Metafile): void {
  const [output] = Object.values(metafile.outputs);
  if (!output) throw new BuildError('esbuild wrote nothing.');

  const intruders = Object.keys(output.inputs).filter((file) => generated.test(file));
  if (intruders.length > 0)
    throw new BuildError(
      `the bundle holds ${intruders.length} files of @kubernetes/client-node's generated client, which costs ` +
        'half a second at every start:\n' +
        `${wayTo(metafile, output.entryPoint ?? '', intruders[0]!)}\n` +
        "Import '@kubernetes/client-node/dist/config.js' and the like, not the package's index.",
    );

  const outside = output.imports.filter(({ path, external }) => external && !isBuiltin(path));
  if (outside.length > 0)
    throw new BuildError(
      `a single executable can load nothing but itself and Node's own modules, but the bundle wants ${outside
        .map(({ path }) => path)
        .join(', ')}.`,
    );

  if (output.bytes > limit)
    throw new BuildError(
      `the bundle has ${kilobytes(output.bytes)}, over the limit of ${kilobytes(limit)}. The largest parts:\n` +
        `${largest(output.inputs)}\nLeave something out (scripts/build/trim.ts), or raise the limit.`,
    );
}

/** The shortest chain of imports from one file to another, a line each. */
function wayTo(metafile: Metafile, from: string, to: string): string {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const file of cameFrom.keys())
    for (const { path } of metafile.inputs[file]?.imports ?? [])
      if (!cameFrom.has(path)) cameFrom.set(path, file);
  const way: string[] = [];
  for (let file: string | undefined = to; file !== undefined; file = cameFrom.get(file)) way.unshift(file);
  return way.map((file, depth) => `${'  '.repeat(depth + 1)}${file}`).join('\n');
}

function largest(inputs: Record<string, { bytesInOutput: number }>): string {
  const sizes = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'our own';
    sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
  }
  return [...sizes]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 10)
    .map(([name, bytes]) => `  ${kilobytes(bytes).padStart(9)}  ${name}`)
    .join('\n');
}

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} kB`;
