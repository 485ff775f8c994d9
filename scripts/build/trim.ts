// An esbuild plugin that keeps out of the bundle what we never run, and puts off until first use what
// we rarely run. A command is over in a tenth of a second, so what is loaded at start-up counts.
import type { OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { dirname, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loaded when one of their exports is first used. Of all of them we use named exports only. */
const lazy = [
  'hpagent', // proxy-url in a kubeconfig
  'jsonpath-plus', // the old gcp and azure auth providers
  'openid-client', // the oidc auth provider, when its token has expired
  'socks', // proxy-url in a kubeconfig, socks5://
  'socks-proxy-agent', // the same
];

/** Never called. */
const unused = [
  'cliui', // yargs' help; ours is helpText.ts
  'string-width', // the same, and at its loading it builds tables for 22 ms
  'undici', // client-node's fetch transport; ours is node:https
];

export const trim: Plugin = {
  name: 'trim',
  setup(build) {
    leaveOut(build);
    putOff(build);
    quietAssert(build);
  },
};

/**
 * client-node's KubeConfig imports the generated client (1,000 files) for `makeApiClient` and undici for
 * the client's requests. Using one of these in the binary is a mistake of ours, and says so.
 */
function leaveOut(build: PluginBuild): void {
  const stub = (path: string): OnResolveResult => ({ path, namespace: 'left-out' });
  build.onResolve({ filter: /^\.\/gen\/index\.js$/ }, ({ importer }) =>
    /@kubernetes[\\/]client-node[\\/]dist[\\/]config\.js$/.test(importer) ? stub('client-node/gen') : null,
  );
  build.onResolve({ filter: exactly(unused) }, ({ path }) => stub(path));
  build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
    // A function, for whoever imports the default. The others on its prototype, because esbuild copies a module's own
    // properties, and here any name is one.
    contents: `
      const get = (_, name) => name === '__esModule' ? undefined : function () {
        throw new Error(String(name) + ' of ${path} is not in the binary; see scripts/build/trim.ts');
      };
      module.exports = Object.setPrototypeOf(get(undefined, 'default'), new Proxy({}, { get }));`,
  }));
}

/** A module of getters in place of the real one: `import { x } from 'm'` reads `m.x` where x is used. */
function putOff(build: PluginBuild): void {
  build.onResolve({ filter: exactly(lazy) }, (args) => inPlaceOf(build, 'lazy', args));
  build.onLoad({ filter: /.*/, namespace: 'lazy' }, async ({ pluginData: real }) => {
    const exported = (await import(pathToFileURL(real as string).href)) as object;
    const getters = Object.keys(exported)
      .filter((name) => name !== 'default' && /^[\w$]+$/.test(name))
      .map((name) => `get ${name}() { return real().${name}; },`);
    return standIn(real as string, [
      'const real = () => require(REAL);',
      'module.exports = {',
      ...getters,
      '};',
    ]);
  });
}

/** yargs hands two of assert's functions on and calls neither; loading assert takes 3 ms. */
function quietAssert(build: PluginBuild): void {
  build.onResolve({ filter: /^assert$/ }, ({ importer }) =>
    /yargs[\\/]lib[\\/]platform-shims/.test(importer) ? { path: 'assert', namespace: 'quiet-assert' } : null,
  );
  build.onLoad({ filter: /.*/, namespace: 'quiet-assert' }, () => ({
    contents: `
      const later = (name) => (...values) => require('node:assert')[name](...values);
      export const notStrictEqual = later('notStrictEqual');
      export const strictEqual = later('strictEqual');`,
  }));
}

const resolving = Symbol('our own question to esbuild');

/** Another module under this name, which is told the file that esbuild would have taken. */
async function inPlaceOf(
  build: PluginBuild,
  namespace: string,
  { path, kind, importer, resolveDir, pluginData }: OnResolveArgs,
): Promise<OnResolveResult | null> {
  if (pluginData === resolving) return null;
  const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: resolving });
  if (found.errors.length > 0) return { errors: found.errors };
  // The name shows up in the bundle, so it mustn't say where the checkout is. And no .mjs at its end: the
  // stand-in can be CommonJS.
  const name = relative(build.initialOptions.absWorkingDir ?? '', found.path).replace(/\.\w+$/, '');
  return { path: name, namespace, pluginData: found.path };
}

function standIn(real: string, lines: string[]): OnLoadResult {
  return { contents: lines.join('\n').replaceAll('REAL', JSON.stringify(real)), resolveDir: dirname(real) };
}

const exactly = (names: string[]): RegExp => new RegExp(`^(${names.join('|')})$`);
