import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { UserError } from '../../src/api/errors.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig-files.ts';

describe('kubeconfig files', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(name: string, text: string): string {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  const load = (...files: string[]) =>
    loadKubeconfig({ KUBECONFIG: files.join(delimiter) }, undefined, folder);

  const one = `
current-context: ""
clusters:
- {name: shared, cluster: {server: "https://one"}}
users:
- {name: jane, user: {token: one}}
contexts:
- {name: one, context: {cluster: shared, user: jane}}
`;
  const two = `
current-context: two
clusters:
- {name: shared, cluster: {server: "https://two", certificate-authority: ca.crt}}
- {name: second, cluster: {server: "https://second"}}
contexts:
- {name: two, context: {cluster: second, namespace: ns}}
`;

  it('are merged, and the first definition of a name wins as a whole', () => {
    const config = load(file('one', one), file('two', two));
    expect([...config.clusters.keys()]).to.deep.equal(['shared', 'second']);
    expect(config.clusters.get('shared')).to.deep.equal({ server: 'https://one' });
    expect([...config.contexts.keys()]).to.deep.equal(['one', 'two']);
  });

  it('give the current context of the first that has one', () => {
    expect(load(file('one', one), file('two', two)).currentContext).to.equal('two');
  });

  it('may be missing or empty in KUBECONFIG', () => {
    const config = load(join(folder, 'missing'), file('empty', '\n'), file('two', two), '');
    expect(config.currentContext).to.equal('two');
  });

  it('must be there when --kubeconfig names one', () => {
    const missing = join(folder, 'missing');
    expect(() => loadKubeconfig({ KUBECONFIG: file('two', two) }, missing, folder)).to.throw(
      UserError,
      missing,
    );
  });

  it('are read from the home folder when nothing else is said', () => {
    file('.kube/config', two);
    expect(loadKubeconfig({}, undefined, folder).currentContext).to.equal('two');
    expect(loadKubeconfig({ KUBECONFIG: '' }, undefined, folder).currentContext).to.equal('two');
  });

  it('have paths relative to themselves', () => {
    const text = `
clusters: [{name: c, cluster: {certificate-authority: pki/ca.crt}}]
users:
- {name: files, user: {client-certificate: jane.crt, client-key: /abs/jane.key, tokenFile: ../token}}
- {name: near, user: {exec: {command: ./login}}}
- {name: far, user: {exec: {command: gke-gcloud-auth-plugin}}}
`;
    const config = load(file('sub/config', text), file('other/config', text));
    expect(config.clusters.get('c')).to.deep.equal({
      'certificate-authority': join(folder, 'sub/pki/ca.crt'),
    });
    expect(config.users.get('files')).to.deep.equal({
      'client-certificate': join(folder, 'sub/jane.crt'),
      'client-key': '/abs/jane.key',
      tokenFile: join(folder, 'token'),
    });
    expect(config.users.get('near')!.exec!.command).to.equal(join(folder, 'sub/login'));
    expect(config.users.get('far')!.exec!.command).to.equal('gke-gcloud-auth-plugin');
  });

  it('that are broken are named, with the line', () => {
    const broken = file('broken', 'clusters:\n- name: a\n  cluster: {server: [}\n');
    expect(() => load(file('one', one), broken)).to.throw(UserError, `${broken}:3 is not valid YAML`);
  });

  it('that hold something else are named', () => {
    const list = file('list', '- a\n');
    expect(() => load(list)).to.throw(UserError, `${list} holds no kubeconfig`);
    const odd = file('odd', 'clusters: {a: b}\n');
    expect(() => load(odd)).to.throw(UserError, `${odd} is malformed: \`clusters\` is not a list`);
    const nameless = file('nameless', 'users: [{user: {}}]\n');
    expect(() => load(nameless)).to.throw(UserError, '`users[0]` has no name');
  });

  it('may hold entries without content, which nobody uses', () => {
    const config = load(
      file('hollow', 'clusters: [{name: c}]\nusers: [{name: u, user: null}]\ncontexts: null\n'),
    );
    expect(config.users.get('u')).to.deep.equal({});
  });
});
