import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import { may, permissionKey, union } from '../../src/access/permission.ts';
import { ROLES } from '../../src/access/roles.ts';
import { clusterRoleYaml, namespacedYaml, rulesOf } from '../../src/access/yaml.ts';
import { HTTP_ROUTE, RESOURCES, V1_POOL } from '../../src/api/resource.ts';
import { CATALOGUE } from '../../src/commands/catalogue.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'plugin', 'rbac');

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}
interface Role {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules: Rule[];
}
const rolesIn = (yaml: string) => loadAll(yaml) as Role[];

/** `verb plural.group name…`, as many as the rules say. */
const rightsIn = ({ rules }: Role) =>
  rules.flatMap(({ apiGroups, resources, resourceNames = [], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((plural) =>
        verbs.map((verb) => [verb, group ? `${plural}.${group}` : plural, ...resourceNames].join(' ')),
      ),
    ),
  );

describe('the roles of the commands', () => {
  it('are the files of plugin/rbac (UPDATE_GOLDEN=1 writes them)', () => {
    const files = new Map(ROLES.map((role) => [`${role.id}.yaml`, clusterRoleYaml(role)]));
    if (process.env['UPDATE_GOLDEN'] === '1') {
      rmSync(FOLDER, { recursive: true, force: true });
      mkdirSync(FOLDER, { recursive: true });
      for (const [name, yaml] of files) writeFileSync(join(FOLDER, name), yaml);
    }
    expect(readdirSync(FOLDER).sort()).to.deep.equal([...files.keys()].sort());
    for (const [name, yaml] of files) expect(readFileSync(join(FOLDER, name), 'utf8'), name).to.equal(yaml);
  });

  it('are one for each command that asks a cluster for more than everybody may', () => {
    const commands = new Set(ROLES.map(({ command }) => command.split(' ')[0]));
    const without = CATALOGUE.map(({ name }) => name).filter((name) => !commands.has(name));
    for (const name of without) expect(name).to.match(/^(auth|version|explain|view)$/);
  });

  for (const role of ROLES)
    it(`${role.id}: the YAML grants the table, and nothing else`, () => {
      const [whole] = rolesIn(clusterRoleYaml(role));
      const table = role.permissions.map(permissionKey).sort();
      expect(rightsIn(whole!).sort()).to.deep.equal(table);

      const parts = rolesIn(namespacedYaml(role, 'team'));
      expect(parts.flatMap(rightsIn).sort()).to.deep.equal(table);
      for (const { kind, metadata } of parts)
        expect(metadata.namespace).to.equal(kind === 'Role' ? 'team' : undefined);
    });

  it('know no wildcard, and only helm reads Secrets', () => {
    for (const { id, permissions } of ROLES)
      for (const { verb, resource } of permissions) {
        expect(`${verb} ${resource.plural} ${resource.group}`).not.to.include('*');
        if (resource.plural === 'secrets') expect(id).to.match(/^helm-/);
        expect(verb).not.to.match(/^(escalate|bind|impersonate|deletecollection)$/);
      }
  });

  it('of what only looks, write nothing', () => {
    for (const id of ['detect', 'status', 'verify', 'report', 'convert', 'crds', 'completion']) {
      const role = ROLES.find((candidate) => candidate.id === id)!;
      for (const { verb } of role.permissions) expect(verb).to.match(/^(get|list|watch)$/);
    }
  });

  it('name the CRDs that they touch, but where RBAC can not', () => {
    for (const { permissions } of ROLES)
      for (const { verb, resource, names } of permissions)
        if (resource.plural === 'customresourcedefinitions' && verb !== 'create')
          expect(names).to.include('inferencepools.inference.networking.x-k8s.io');
  });

  it('put what lies in no namespace, and what is looked for in all of them, into the ClusterRole', () => {
    const cleanup = ROLES.find(({ id }) => id === 'cleanup')!;
    const [inside, wide] = rolesIn(namespacedYaml(cleanup, 'team'));
    expect(inside!.kind).to.equal('Role');
    expect(rightsIn(inside!)).to.include('delete inferencepools.inference.networking.x-k8s.io');
    expect(rightsIn(inside!).filter((right) => right.startsWith('list'))).to.deep.equal([]);
    expect(rightsIn(wide!)).to.include('list inferencepools.inference.networking.x-k8s.io');
    const namespaced = new Map(
      RESOURCES.map(({ plural, group, namespaced }) => [`${plural}.${group}`, namespaced]),
    );
    for (const right of rightsIn(inside!)) expect(namespaced.get(right.split(' ')[1]!)).not.to.equal(false);
  });
});

describe('rights', () => {
  it('for two reasons are one, and needed if they are for either', () => {
    const optional = may(['list'], [HTTP_ROUTE], 'advice', { need: 'optional' });
    const needed = may(['list'], [HTTP_ROUTE], 'traffic');
    for (const both of [union(optional, needed), union(needed, optional)]) {
      expect(both).to.have.length(1);
      expect(both[0]).to.include({ need: 'needed', why: 'traffic' });
    }
  });

  it('to some objects are part of those to all', () => {
    const some = may(['get'], [V1_POOL], 'one', { names: ['a'] });
    expect(union(some, may(['get'], [V1_POOL], 'all')).map(({ names }) => names)).to.deep.equal([[]]);
    expect(union(some, may(['list'], [V1_POOL], 'all'))).to.have.length(2);
  });

  it('for one reason are a rule, where they are for the same verbs of one group', () => {
    const rights = [...may(['get', 'list'], [HTTP_ROUTE], 'a'), ...may(['list'], [V1_POOL], 'a')];
    expect(rulesOf(rights).map(({ resources, verbs }) => [resources, verbs])).to.deep.equal([
      [['httproutes'], ['get', 'list']],
      [['inferencepools'], ['list']],
    ]);
  });
});
