// Every command under the role that is made for it, on a real API server's RBAC: it does its work with that role and nothing
// more, and without any one of the rights it says which is missing before anything is written.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import { targetName, type Permission } from '../../src/access/permission.ts';
import { ROLES } from '../../src/access/roles.ts';
import { qualifiedName, RESOURCES, type Resource } from '../../src/api/resource.ts';
import { certificate, startGate, type Gate } from '../lab/connect/gate.ts';
import type { KubeError } from '../lab/kube.ts';
import type { PolicyRule } from '../lab/lab.ts';
import { comparable, differences, everything } from '../e2e/everything.ts';
import type { Bench } from '../e2e/support.ts';
import { kubectl } from '../lab/scenarios/commands.ts';
import { handIn } from '../support/figures.ts';
import { faults, lacking, schemaOf } from '../support/schemas.ts';
import { rightsUsed } from './requests.ts';
import { removals, rightsOf, type Effect, type Removal } from './removals.ts';
import { Rights } from './rights.ts';
import { CLEANUP_LINE, commandLines, CRDS_LINE, stage, withoutAlpha, type CommandLine } from './stage.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'plugin', 'rbac');
const LOOKS = new Set(['detect', 'status', 'verify', 'report', 'convert', 'crds']);
const NAMES = [...LOOKS, 'crds install', 'convert --apply', 'split', 'rollback', 'migrate', 'restore'];
NAMES.push('cleanup --helm-uninstall', 'migrate --cleanup');

const label = ({ verb, resource }: Permission) => `${verb} ${targetName(resource)}`;

/** What helm needs of a release only where that holds it; a role of several gives one of the reasons. */
const HELD = new Set(
  rightsOf(['helm-uninstall'])
    .filter(({ why }) => why.startsWith('where the release holds'))
    .map(label),
);

/** @param wanted which rights are taken away, of which command */
export function accessSuite(wanted: (name: string, permission: Permission) => boolean): void {
  let bench: Bench;
  let gate: Gate;
  let rights: Rights;
  let lines: Record<string, CommandLine>;
  const effects: Effect[] = [];
  /** By command: rights whose removal changed nothing. */
  const unneeded = new Map<string, Set<string>>();
  const users = new Map<string, string>();
  /** `list` of kinds that are asked for and not installed: nobody misses those. */
  const absent = new Set<string>();

  before(async () => {
    bench = await stage();
    gate = await startGate(bench.lab);
    rights = await Rights.grant(
      bench.lab.admin,
      ROLES.flatMap(({ permissions }) => permissions),
    );
    lines = await commandLines(bench);
    for (const resource of RESOURCES)
      if (!(await isServed(resource))) absent.add(`list ${qualifiedName(resource)}`);
  });
  after(async () => {
    gate?.stop();
    await bench?.end();
  });

  async function isServed({ group, version, plural }: Resource): Promise<boolean> {
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    return bench.lab.admin.request('GET', `${path}/${plural}?limit=1`).then(
      () => true,
      (error: KubeError) => error.status !== 404,
    );
  }

  const all = async () => comparable(await everything(bench.lab.admin));

  async function withoutEach(name: string, line: CommandLine): Promise<void> {
    const before = await all();
    const { whole, removed } = await removals(bench, rights, line, (permission) => wanted(name, permission));
    expect(whole.wrote === null, whole.stderr).to.equal(LOOKS.has(name));
    if (LOOKS.has(name)) expect(whole.code, whole.stderr).to.equal(0);
    for (const removal of removed) {
      effects.push(removal.effect);
      expectSaid(name, removal);
    }
    const nothing = removed.filter(({ effect }) => effect === 'nothing');
    unneeded.set(name, new Set(nothing.map(({ permission }) => label(permission))));
    expect(differences(await all(), before)).to.deep.equal([]);
  }

  function expectSaid(name: string, { permission, effect, tried, files }: Removal): void {
    const what = `${name} without ${label(permission)}: exit ${tried.code}, ${tried.wrote}\n${tried.stderr}`;
    expect(effect, what).not.to.equal('wrong');
    if (effect === 'told') expect(permission.need, what).to.equal('optional');
    if (effect !== 'refused' && effect !== 'unsure') return;
    expect(files, what).to.deep.equal([]);
    // Optional is also what only some releases of a chart take, and this one does.
    if (!LOOKS.has(name) && !HELD.has(label(permission))) expect(permission.need, what).to.equal('needed');
    if (/\[not-allowed\]/.test(tried.stderr)) expect(tried.stderr).to.include('kubectl infpool auth');
  }

  /** Somebody with just what the files of these roles grant. */
  async function userWith(roles: readonly string[]): Promise<string> {
    const name = roles.join('-and-');
    const known = users.get(name);
    if (known !== undefined) return known;
    const rules = roles.flatMap((role) =>
      loadAll(readFileSync(join(FOLDER, `${role}.yaml`), 'utf8')).flatMap(
        (document) => (document as { rules: PolicyRule[] }).rules,
      ),
    );
    await bench.lab.addUser(name, rules);
    const { token } = bench.lab.kube(name).options;
    const path = join(bench.cwd, `kubeconfig-${name}`);
    const cluster = { server: gate.url, 'certificate-authority': certificate('ca.crt') };
    const config = {
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    users.set(name, path);
    return path;
  }

  async function passes(name: string, { roles, args }: CommandLine): Promise<void> {
    const KUBECONFIG = await userWith(roles);
    gate.take();
    const { stderr } = await bench.done([...args], { env: { KUBECONFIG } });
    expect(stderr).not.to.match(/could not check|forbidden/);
    const used = rightsUsed(gate.take());
    const unmissed = [...(unneeded.get(name) ?? [])].filter((right) => used.has(right));
    const optional = new Set(
      roles
        .flatMap((id) => ROLES.find((role) => role.id === id)!.permissions)
        .filter(({ need }) => need === 'optional')
        .map(label),
    );
    // What it really asks for is missed beforehand, not half-way.
    expect(unmissed.filter((right) => !optional.has(right) && !absent.has(right))).to.deep.equal([]);
  }

  for (const name of NAMES)
    it(`${name}: without any one of its rights it says which, and writes nothing`, () =>
      withoutEach(name, lines[name]!));

  for (const name of NAMES)
    it(`${name}: does its work with its role and nothing more`, () => passes(name, lines[name]!));

  it('cleanup: does its work with its role and nothing more', () => passes('cleanup', CLEANUP_LINE));

  it('cleanup --crds: does its work with its roles, and without any one right of them nothing', async () => {
    await withoutAlpha(bench);
    const before = await all();
    const { removed } = await removals(
      bench,
      rights,
      CRDS_LINE,
      (one) =>
        // The rest is cleanup's own.
        one.names.length > 0 && wanted('cleanup --crds', one),
    );
    for (const removal of removed) {
      effects.push(removal.effect);
      expectSaid('cleanup --crds', removal);
    }
    expect(differences(await all(), before)).to.deep.equal([]);
    await passes('cleanup --crds', CRDS_LINE);
  });

  it('auth: what it prints is taken by kubectl, for all namespaces and for one', async () => {
    for (const scope of [[], ['-n', 'side']]) {
      const { stdout } = await bench.done(['auth', ...scope]);
      await kubectl(bench.lab, ['apply', '--dry-run=server', '-f', '-'], stdout);
    }
  });

  it('auth --check: says what somebody has, and by exit 2 what they lack', async () => {
    const env = { KUBECONFIG: await userWith(['split']) };
    expect((await bench.done(['auth', 'split', '--check'], { env })).stderr).to.include(
      'every right that is needed',
    );
    const { code, stdout, stderr } = await bench.infpool(['auth', 'split', 'crds-install', '--check'], {
      env,
    });
    expect(code, stderr).to.equal(2);
    expect(stdout).to.match(/^crds-install +patch +customresourcedefinitions\.apiextensions\.k8s\.io +no /m);
    expect(stderr).to.include('kubectl infpool auth crds-install | kubectl apply -f -');
    const json = await bench.infpool(['auth', 'split', 'crds-install', '--check', '-o', 'json'], { env });
    expect(json.code, json.stderr).to.equal(2);
    const validate = schemaOf('accessCheck');
    expect(faults(validate, JSON.parse(json.stdout))).to.equal('');
    for (const [path, without] of lacking(JSON.parse(json.stdout)))
      expect(validate(without), path).to.equal(false);
  });

  it('hands in what it counted', function () {
    const count = (effect: Effect) => effects.filter((one) => one === effect).length;
    expect(count('wrong')).to.equal(0);
    // Figures of a run that failed would not be those of this table.
    if (this.test!.parent!.tests.some((test) => test.isFailed())) return;
    handIn('access', {
      place: 5,
      tried: 'rights of a role taken away, one at a time',
      count: effects.length,
      outcome: `${count('refused')} refused before any write, ${count('unsure')} "could not check" (exit 4), ${count('told')} went on and said so, ${count('nothing')} not needed there; 0 half-way`,
    });
  });
}
