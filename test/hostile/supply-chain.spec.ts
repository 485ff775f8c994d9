// Where the code of others comes in: packages, their scripts, actions of workflows.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { load } from 'js-yaml';
import { ALLOWED } from '../../scripts/check/allowed.ts';
import { askRegistry, judge, readReport, type Audit } from '../../scripts/check/audit.ts';

const root = join(import.meta.dirname, '..', '..');
const textOf = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

interface Locked {
  integrity?: string;
  resolved?: string;
  link?: boolean;
  hasInstallScript?: boolean;
  optionalDependencies?: Record<string, string>;
}

describe('the lockfile', () => {
  const lock = JSON.parse(textOf('package-lock.json')) as {
    lockfileVersion: number;
    packages: Record<string, Locked>;
  };
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

  it('holds every package by its content, and names no place to get it from', () => {
    expect(packages.length).to.be.greaterThan(100);
    for (const [path, { integrity, resolved, link }] of packages) {
      expect(integrity, path).to.match(/^sha512-[\w+/]{86}==$/);
      expect({ resolved, link }, path).to.deep.equal({ resolved: undefined, link: undefined });
    }
  });

  it('needs no install scripts: the one package that has one brings its binaries as packages, too', () => {
    expect(textOf('.npmrc')).to.match(/^ignore-scripts=true$/m);
    const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(scripted.map(([path]) => path)).to.deep.equal(['node_modules/esbuild']);
    const binaries = Object.keys(scripted[0]![1].optionalDependencies ?? {});
    for (const platform of ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64']) {
      expect(binaries).to.include(`@esbuild/${platform}`);
      expect(lock.packages).to.have.property(`node_modules/@esbuild/${platform}`);
    }
  });

  it('is of exact versions, from the registry alone', () => {
    const manifest = JSON.parse(textOf('package.json')) as Record<string, Record<string, string>>;
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'])
      for (const [name, version] of Object.entries(manifest[kind]!))
        expect(version, name).to.match(/^\d+\.\d+\.\d+$/);
    for (const name of Object.keys(manifest['scripts']!))
      expect(name, 'a script that npm runs by itself').not.to.match(/^(pre|post)|^prepare|install$/);
  });
});

describe('the workflows', () => {
  const folder = join(root, '.github', 'workflows');
  interface Step {
    uses?: string;
    with?: Record<string, unknown>;
  }
  interface Workflow {
    on: Record<string, unknown>;
    jobs: Record<string, { uses?: string; container?: unknown; services?: unknown; steps?: Step[] }>;
  }

  for (const file of readdirSync(folder)) {
    const text = textOf('.github', 'workflows', file);
    const workflow = load(text) as Workflow;
    const jobs = Object.values(workflow.jobs);

    it(`${file}: every action is pinned by a commit, with its version beside it`, () => {
      const used = jobs.flatMap(({ uses, steps = [] }) => [uses, ...steps.map((step) => step.uses)]);
      for (const action of used.filter((name) => name !== undefined)) {
        if (action.startsWith('./')) continue;
        expect(action).to.match(/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40}$/);
        const line = text.split('\n').find((candidate) => candidate.includes(action));
        expect(line).to.match(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
      expect(jobs.filter(({ container, services }) => container ?? services)).to.deep.equal([]);
    });

    it(`${file}: code of a pull request never meets a secret, and no checkout keeps a token`, () => {
      expect(Object.keys(workflow.on)).not.to.include.members(['pull_request_target']);
      expect(Object.keys(workflow.on)).not.to.include.members(['workflow_run']);
      for (const step of jobs.flatMap(({ steps = [] }) => steps))
        if (step.uses?.startsWith('actions/checkout@'))
          expect(step.with).to.have.property('persist-credentials', false);
    });
  }
});

const advisory = (id: string, name: string) => ({
  source: 1,
  name,
  title: 'Bad thing',
  url: `https://github.com/advisories/${id}`,
  severity: 'high',
});
const report = (...via: object[]) =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(via.map((entry, index) => [`p${index}`, { via: ['other', entry] }])),
    metadata: { vulnerabilities: { total: via.length }, dependencies: { total: 720 } },
  });
const NONE: Audit = { state: 'answered', advisories: [] };
const allowed = (until: string, more: object = {}) => ({
  advisory: 'GHSA-1',
  package: 'a',
  reason: 'Only reached by a server, which we never start.',
  until,
  ...more,
});

describe('the audit', () => {
  const TODAY = '2026-11-23';
  const found = readReport(report(advisory('GHSA-1', 'a')));

  it('fails for what is known, and names it', () => {
    expect(judge(found, [], TODAY, false)).to.deep.equal({
      ok: false,
      word: 'FAIL',
      lines: ['a: high: Bad thing (https://github.com/advisories/GHSA-1)'],
    });
    expect(judge(readReport(report()), [], TODAY, true)).to.deep.equal({ ok: true, word: 'ok  ', lines: [] });
  });

  for (const printed of [
    '',
    'x',
    'null',
    '{}',
    '{"message":"405 Method Not Allowed","error":{"summary":"","detail":""}}',
    '{"vulnerabilities":{}}',
    '{"vulnerabilities":{},"metadata":{"vulnerabilities":{"total":0},"dependencies":{"total":0}}}',
    '{"vulnerabilities":{"a":{"via":["b"]}},"metadata":{"vulnerabilities":{"total":1},"dependencies":{"total":9}}}',
  ])
    it(`never takes this for "none": ${printed}`, () => {
      const audit = readReport(printed);
      expect(audit.state).to.equal('unknown');
      const offline = judge(audit, [], TODAY, false);
      expect(offline).to.include({ ok: true, word: '?   ' });
      expect(offline.lines[0]).to.match(/^could not check for known vulnerabilities: ./);
      expect(judge(audit, [], TODAY, true)).to.include({ ok: false, word: 'FAIL' });
    });

  it('lets pass what is allowed, for its package and until its day', () => {
    expect(judge(found, [allowed(TODAY)], TODAY, true).ok).to.be.true;
    for (const [entry, why] of [
      [allowed('2026-11-22'), /was allowed until 2026-11-22/],
      [allowed('2027-11-23'), /more than half a year/],
      [allowed('soon'), /no date/],
      [allowed(TODAY, { reason: 'later' }), /gives no reason/],
      [allowed(TODAY, { package: 'b' }), /a: high/],
      [allowed(TODAY, { advisory: 'GHSA-2' }), /a: high/],
    ] as const) {
      const { ok, lines } = judge(found, [entry], TODAY, false);
      expect(ok).to.be.false;
      expect(lines.join('\n')).to.match(why);
    }
    expect(judge(NONE, [allowed(TODAY)], TODAY, false).lines[0]).to.match(/take it out/);
    expect(judge({ state: 'unknown', why: 'x' }, [allowed('2020-01-01')], TODAY, false).ok).to.be.false;
  });

  it('allows nothing today that is out of date', () => {
    const today = new Date().toISOString().slice(0, 10);
    expect(judge({ state: 'unknown', why: 'not asked' }, ALLOWED, today, false).ok).to.be.true;
  });

  it('asks npm, and knows nothing where there is none or it hangs up', async function () {
    if (process.platform === 'win32') return this.skip();
    const folder = mkdtempSync(join(tmpdir(), 'infpool-audit-'));
    const npm = join(folder, 'npm');
    writeFileSync(npm, `#!/bin/sh\necho '${report(advisory('GHSA-1', 'a'))}'\nexit 1\n`);
    chmodSync(npm, 0o755);
    expect(await askRegistry(npm)).to.deep.equal(found);
    writeFileSync(npm, '#!/bin/sh\nexit 1\n');
    expect(await askRegistry(npm)).to.have.property('state', 'unknown');
    expect(await askRegistry(join(folder, 'gone'))).to.have.property('state', 'unknown');
    rmSync(folder, { recursive: true });
  });
});
