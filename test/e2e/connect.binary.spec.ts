// Connecting exactly as kubectl does: the real kubectl and the built binary in the same situations, the same user at the
// API server, and an error of ours wherever kubectl has one.
import { copyFileSync, mkdirSync } from 'node:fs';
import { expect } from 'chai';
import { BROKEN } from '../lab/connect/broken.ts';
import { Crossroads, type Outcome } from '../lab/connect/crossroads.ts';
import { certificate, refuse } from '../lab/connect/gate.ts';
import { GOOD, type Situation } from '../lab/connect/situations.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { binary } from './support.ts';

describe('connecting as kubectl does', function () {
  this.timeout(60_000);
  let lab: Lab;
  let at: Crossroads;

  before(async () => {
    lab = await startLab({ quiet: true, controllerManager: false });
    at = await Crossroads.start(lab, binary);
  });
  afterEach(() => {
    at.gate.answering = () => false;
    at.gate.take();
  });
  after(async () => {
    at?.end();
    await lab?.down();
  });

  const whoami = ({ env, args = [] }: Situation) =>
    at.kubectl(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}', ...args], env);
  const said = ({ code, stdout, stderr }: Outcome) => `exit ${code}\n${stdout}${stderr}`;

  describe('works with', () => {
    for (const [what, user, build] of GOOD)
      it(`${what}, as ${user}`, async () => {
        const situation = build(at);
        const kubectl = await whoami(situation);
        expect({ code: kubectl.code, user: kubectl.stdout }, kubectl.stderr).to.deep.equal({ code: 0, user });
        const theirs = at.gate.takeIdentities();
        const asked = [...at.http.asked.splice(0), ...at.socks.asked.splice(0)];
        const proxyPassword = at.http.authorization;

        const ours = await at.infpool(['version', ...(situation.args ?? [])], situation.env);
        expect({ code: ours.code, stderr: ours.stderr }, said(ours)).to.deep.equal({ code: 0, stderr: '' });
        expect(at.gate.takeIdentities()).to.deep.equal(theirs);
        expect(theirs).to.have.length(1);
        expect([...new Set([...at.http.asked.splice(0), ...at.socks.asked.splice(0)])]).to.deep.equal([
          ...new Set(asked),
        ]);
        expect(at.http.authorization).to.equal(proxyPassword);
      });

    it('the service account of a pod', async function () {
      const account = at.at('account');
      mkdirSync(account);
      copyFileSync(certificate('ca.crt'), `${account}/ca.crt`);
      at.write('account/token', at.token);
      at.write('account/namespace', 'serving');
      const kubectl = await at.inPod('kubectl', ['get', 'pods', '-v=0'], account);
      if (!kubectl) return this.skip();
      expect(kubectl.code, said(kubectl)).to.equal(0);
      const theirs = at.gate.takeIdentities();
      const ours = await at.inPod('infpool', ['version'], account);
      expect(ours!.code, said(ours!)).to.equal(0);
      expect(at.gate.takeIdentities()).to.deep.equal(theirs);
      const inside = await at.inPod('infpool', ['__complete', 'cleanup', ''], account);
      expect(inside!.code).to.equal(0);
      const paths = at.gate.take().map(({ path }) => path);
      expect(paths.map((path) => /\/namespaces\/([^/]+)\//.exec(path)?.[1])).to.deep.equal([
        'serving',
        'serving',
      ]);
    });

    it('the namespace of the context, unless -n is given', async () => {
      const env = { KUBECONFIG: at.kubeconfig({ user: at.admin, context: { namespace: 'serving' } }) };
      const namespaces = () =>
        [...new Set(at.gate.take().map(({ path }) => /\/namespaces\/([^/]+)\//.exec(path)?.[1]))].filter(
          (name) => name !== undefined,
        );
      for (const [args, namespace] of [
        [[], 'serving'],
        [['-n', 'other'], 'other'],
      ] as const) {
        await at.kubectl(['get', 'pods', ...args], env);
        expect(namespaces()).to.deep.equal([namespace]);
        await at.infpool(['__complete', 'cleanup', ...args, ''], env);
        expect(namespaces()).to.deep.equal([namespace]);
      }
    });
  });

  describe('refuses, and says why,', () => {
    for (const { what, told, build } of BROKEN)
      it(what, async () => {
        const { env, args = [] } = build(at);
        const kubectl = await whoami({ env, args });
        expect(kubectl.code, `kubectl: ${said(kubectl)}`).not.to.equal(0);
        const ours = await at.infpool(['detect', ...args], env);
        expect(ours.stderr).to.match(told);
        expect({ code: ours.code, stdout: ours.stdout }, said(ours)).to.deep.equal({ code: 1, stdout: '' });
        expect(ours.stderr, 'the next step').to.match(/\n {2}→ \S/);
        expect(ours.stderr).not.to.match(/^ +at /m);
        expect(ours.stderr).not.to.match(/secret|bug of ours/);
      });

    it('a server that does not answer within --request-timeout', async () => {
      at.gate.answering = () => true;
      const env = { KUBECONFIG: at.kubeconfig({ user: at.admin }) };
      const kubectl = await whoami({ env, args: ['--request-timeout', '1s'] });
      expect(kubectl.code).not.to.equal(0);
      const began = Date.now();
      const ours = await at.infpool(['detect', '--request-timeout', '1s'], env);
      expect(ours.stderr).to.match(/no (full )?answer within 1 s/);
      expect({ code: ours.code, stdout: ours.stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(Date.now() - began).to.be.below(5000);
    });
  });

  describe('when credentials change', () => {
    it('a plugin is asked once more after a 401, and not again', async () => {
      at.write('count', '');
      const user = at.plugin(`echo x >>${at.at('count')}; echo "$CREDENTIAL"`);
      const env = { KUBECONFIG: at.kubeconfig({ user }) };
      let refused = 0;
      at.gate.answering = (_seen, response) => {
        if (refused++ > 0) return false;
        refuse(response);
        return true;
      };
      const once = await at.infpool(['version'], env);
      expect(once.code, said(once)).to.equal(0);
      at.gate.take();
      at.gate.answering = (_seen, response) => {
        refuse(response);
        return true;
      };
      const never = await at.infpool(['version'], env);
      expect(never.code).not.to.equal(0);
      expect(at.gate.take()).to.have.length(2);
    });

    it('a token file is read again after a 401', async () => {
      const tokenFile = at.write('token', 'over');
      const env = { KUBECONFIG: at.kubeconfig({ user: { tokenFile } }) };
      at.gate.answering = ({ authorization }) => {
        if (authorization === 'Bearer over') at.write('token', at.token);
        return false;
      };
      const { code, stderr } = await at.infpool(['version'], env);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    });
  });
});
