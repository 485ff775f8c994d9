// Pictures and the report by the built binary on a lab: before a migration, and after one that kept its record.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import type { MigrationRecord } from '../../src/api/record.ts';
import { noBrowser, startBrowser } from '../browser/chromium.ts';
import { openPage, violations } from '../browser/page.ts';
import { parseDot } from '../picture/dotGrammar.ts';
import { parseXml } from '../picture/xmlGrammar.ts';
import type { PolicyRule } from '../lab/lab.ts';
import { faults, schemaOf } from '../support/schemas.ts';
import { Bench, expectOneLine, offline, versionsOf } from './support.ts';

const NS = 'reported';

describe('the report', function () {
  this.timeout(120_000);
  let bench: Bench;
  let files: string[];
  const path = (name: string) => join(bench.cwd, name);
  const page = (name = 'report.html') => readFileSync(path(name), 'utf8');

  before(async () => {
    bench = await Bench.start();
    await bench.preview(NS);
    files = await offline();
  });
  after(() => bench?.end());

  it('detect and status draw, and only the picture is on stdout', async () => {
    for (const command of ['detect', 'status']) {
      const svg = (await bench.done([command, '-o', 'svg'])).stdout;
      expect(parseXml(svg.replace(/<style>[^<]*<\/style>/, '').trim()).name).to.equal('svg');
      expect(svg)
        .to.include(`${NS}-preview`)
        .and.include('InferencePool v1alpha2')
        .and.not.include('× broken');
      parseDot((await bench.done([command, '-o', 'dot'])).stdout);
      expect((await bench.done([command, '-o', 'mermaid'])).stdout).to.match(
        /^---\ntitle: .*\n(?:[ a-z].*\n)*---\nflowchart LR\n/,
      );
    }
  });

  it('one picture can not be watched', async () => {
    expectOneLine(await bench.infpool(['status', '-o', 'svg', '--watch']), /-o svg is one picture/);
  });

  it('draws manifests, too, and judges nothing of them', async () => {
    const yaml = (await bench.done(['convert', '-n', NS])).stdout;
    const { stdout } = await bench.done(['detect', '-f', '-', '-o', 'mermaid'], { input: yaml });
    expect(stdout).to.include('flowchart LR').and.not.include('broken');
  });

  it('before a migration: verdict, both pictures, the plan of all three phases with diffs; nothing is written to the cluster', async () => {
    const kinds: [string, string][] = [
      ['inference.networking.x-k8s.io/v1alpha2', 'inferencepools'],
      ['inference.networking.x-k8s.io/v1alpha2', 'inferencemodels'],
      ['gateway.networking.k8s.io/v1', 'httproutes'],
    ];
    const all = async () =>
      versionsOf((await Promise.all(kinds.map(([api, plural]) => bench.lab.admin.list(api, plural)))).flat());
    const was = await all();
    const { stdout, stderr } = await bench.done(['report', '-o', 'report.html', ...files]);
    expect(stdout).to.equal('');
    expect(stderr).to.include(`The report is in ${path('report.html')}`);
    expect(await all()).to.deep.equal(was);
    const html = page();
    expect(html)
      .to.include('Migration needed')
      .and.include('id="picture-now-title"')
      .and.include('id="picture-planned-title"');
    const [now, planned] = html.split('id="planned"') as [string, string];
    expect(now).to.include('InferencePool v1alpha2').and.not.include(`${NS}-ga`);
    expect(planned.slice(0, planned.indexOf('id="findings"')))
      .to.include(`${NS}-ga`)
      .and.not.include('InferencePool v1alpha2');
    expect(html)
      .to.match(/helm install/)
      .and.match(/patch httproutes/)
      .and.match(/delete inferencemodels|uninstall/);
    expect(html).not.to.include('Not known');
    expect(statSync(path('report.html')).mode & 0o777).to.equal(0o600);
  });

  it('is made anew over itself, and over nothing else', async () => {
    await bench.done(['report', '-o', 'report.html', '--no-probe', ...files]);
    writeFileSync(path('notes.html'), 'mine');
    const refused = await bench.infpool(['report', '-o', 'notes.html', ...files]);
    expectOneLine(refused, /is not a report of ours/, 3);
    expect(page('notes.html')).to.equal('mine');
    await bench.done(['report', '-o', 'notes.html', '--force', '--no-probe', ...files]);
    expect(page('notes.html')).to.match(/^<!doctype html>/);
  });

  it('refuses what it can not make, before it reads anything', async () => {
    expectOneLine(await bench.infpool(['report', '-o', 'report.pdf']), /neither html nor markdown/);
    expectOneLine(
      await bench.infpool(['report', '--record', 'nowhere.json']),
      /There is no file nowhere\.json/,
    );
    writeFileSync(path('other.json'), '{}');
    expectOneLine(await bench.infpool(['report', '--record', 'other.json']), /not a record/);
    expectOneLine(
      await bench.infpool(['migrate', '-n', NS, '--record', 'other.json', '--yes']),
      /not a record/,
    );
  });

  it('says what of the plan could not be made, and the rest', async () => {
    const { stdout } = await bench.done(['report', '--no-probe', '--crds-from', path('no-such-folder')]);
    expect(stdout)
      .to.include('Not known: ')
      .and.include('no-such-folder')
      .and.include('Phase 2')
      .and.match(/patch httproutes/);
  });

  it('for a user who may not look says so, in the file and by exit code 4', async () => {
    await bench.lab.addUser('blind', []);
    const { code } = await bench.infpool(['report', '-o', 'blind.html', '--no-probe'], { user: 'blind' });
    expect(code).to.equal(4);
    expect(page('blind.html'))
      .to.include('could not be read')
      .and.include('Unknown')
      .and.not.include('No migration needed');
  });

  it('needs the rights of its role and no more; what a Helm release holds, which is in Secrets, is said to be not known', async () => {
    const { stdout: role } = await bench.done(['auth', 'report']);
    const rules = loadAll(role).flatMap((one) => (one as { rules?: PolicyRule[] }).rules ?? []);
    await bench.lab.addUser('reporter', rules);
    const { stdout, code } = await bench.infpool(['report', '--no-probe', ...files], { user: 'reporter' });
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/helm install/)
      .and.match(/patch httproutes/)
      .and.not.include('Could not check');
    expect(stdout.match(/^Not known: .*/gm) ?? []).to.have.length(1);
    expect(stdout.indexOf('Not known: ')).to.be.above(stdout.indexOf('Phase 3'));
  });

  it('after a migration that kept its record: weights, requests and gates over time', async () => {
    const { stderr } = await bench.done([
      'migrate',
      '-n',
      NS,
      '--steps',
      '50,100',
      '--interval',
      '2s',
      '--record',
      'run.json',
      '--yes',
      ...files,
    ]);
    expect(stderr).to.include('kubectl infpool report -o report.html --record');
    const record = JSON.parse(readFileSync(path('run.json'), 'utf8')) as MigrationRecord;
    expect(faults(schemaOf('migrationRecord'), record)).to.equal('');
    const [run] = record.runs;
    expect(run).to.include({ outcome: 'done' });
    expect(run!.steps.map(({ wanted, verdict }) => [wanted, verdict])).to.deep.equal([
      [0, 'pass'],
      [50, 'pass'],
      [100, 'pass'],
    ]);
    for (const { wanted, looks } of run!.steps) {
      expect(looks.reduce((sum, { sent }) => sum + sent, 0)).to.be.at.least(5);
      expect(looks.at(-1)!.percent ?? 0).to.equal(wanted);
    }
    await bench.done(['report', '-o', 'report.html', '--record', 'run.json', ...files]);
    expect(page())
      .to.include('How the migration went')
      .and.include('Share of v1 by the routes')
      .and.include('√</span> done');
    const { stdout } = await bench.done(['report', '-o', 'markdown', '--record', 'run.json', ...files]);
    expect(stdout).to.include('## Run 1 of the migration: done').and.include('```mermaid');
    const beside = readdirSync(dirname(path('run.json'))).filter((name) => name.includes('run.json'));
    expect(beside).to.deep.equal(['run.json']);
  });

  it('in a browser says nothing on the console, asks for nothing, and axe finds nothing', async function () {
    if (noBrowser() !== undefined) this.skip();
    const browser = await startBrowser();
    try {
      for (const scheme of ['light', 'dark'] as const) {
        const {
          page: shown,
          said,
          asked,
        } = await openPage(browser, path('report.html'), { width: 1280, scheme, media: 'screen' });
        expect({ said, asked }).to.deep.equal({ said: [], asked: [] });
        expect(await violations(shown)).to.deep.equal([]);
      }
    } finally {
      await browser.close();
    }
  });
});
