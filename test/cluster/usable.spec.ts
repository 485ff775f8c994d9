import { expect } from 'chai';
import fc from 'fast-check';
import { impersonationHeaders } from '../../src/cluster/impersonation.ts';
import type { ClusterEntry, UserEntry } from '../../src/cluster/kubeconfig-entries.ts';
import { requireKnownProvider, requireUsableCluster, requireUsableUser } from '../../src/cluster/usable.ts';
import { certificate } from './api-server.ts';

const told = (work: () => void): string => {
  try {
    work();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};
const exec = { command: 'login', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' };

describe('a kubeconfig entry that kubectl refuses', () => {
  const users: [user: UserEntry, told: RegExp][] = [
    [{}, /^$/],
    [{ token: 't' }, /^$/],
    [{ exec }, /^$/],
    [
      { exec: { ...exec, interactiveMode: 'Sometimes' } },
      /^The kubeconfig's user "me" has an exec plugin whose interactiveMode/,
    ],
    [{ exec: { ...exec, command: '' } }, /without a command$/],
    [{ exec: { ...exec, env: [{ name: '', value: 'x' }] } }, /environment variable without a name$/],
    [{ token: 't', password: 'p' }, /a token and a password/],
    [{ 'client-certificate-data': 'AAAA' }, /without its client-key or client-key-data$/],
    [{ 'client-certificate-data': 'AAAA', 'client-key-data': 'A' }, /client-key-data that is no base64$/],
    [{ 'client-certificate-data': 'AAAA', 'client-key-data': 'AA\n==\n' }, /^$/],
    [
      { 'client-certificate': certificate('client.crt'), 'client-key': '/gone' },
      /^Cannot read \/gone, the client-key of user "me": there is no such file$/,
    ],
    // Without a certificate nobody looks at a key.
    [{ 'client-key': '/gone' }, /^$/],
  ];
  for (const [user, message] of users)
    it(`is the user ${JSON.stringify(user)}: ${message.source}`, () => {
      expect(told(() => requireUsableUser('me', user))).to.match(message);
    });

  const clusters: [cluster: ClusterEntry, told: RegExp][] = [
    [{}, /^$/],
    [{ 'certificate-authority': certificate('ca.crt') }, /^$/],
    [{ 'certificate-authority': '/gone' }, /^Cannot read \/gone, the certificate-authority of cluster "c"/],
    [{ 'certificate-authority': certificate('ca.crt'), 'certificate-authority-data': 'AAAA' }, /both/],
    [
      { 'certificate-authority-data': '!' },
      /^The kubeconfig's cluster "c" has certificate-authority-data that is no base64$/,
    ],
  ];
  for (const [cluster, message] of clusters)
    it(`is the cluster ${JSON.stringify(cluster)}: ${message.source}`, () => {
      expect(told(() => requireUsableCluster('c', cluster))).to.match(message);
    });

  it('is every auth-provider but oidc', () => {
    expect(told(() => requireKnownProvider({ 'auth-provider': { name: 'oidc' } }))).to.equal('');
    for (const name of ['gcp', 'azure', 'openstack', 'constructor'])
      expect(told(() => requireKnownProvider({ 'auth-provider': { name } }))).to.include(`"${name}"`);
  });
});

describe('impersonated extra fields', () => {
  it('have names that a header can have, and that decode to what they were', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (key) => {
        const headers = Object.keys(impersonationHeaders({ as: 'bob', 'as-user-extra': { [key]: ['v'] } }));
        const name = headers.find((header) => header.startsWith('Impersonate-Extra-'))!;
        expect(name).to.match(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
        expect(decodeURIComponent(name.slice('Impersonate-Extra-'.length))).to.equal(key.toWellFormed());
      }),
    );
  });
});
