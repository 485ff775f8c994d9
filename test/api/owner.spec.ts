import { expect } from 'chai';
import type { Owner } from '../../src/api/inventory.ts';
import { describeOwner, ownerAdvice } from '../../src/api/owner.ts';

const owner = (kind: Owner['kind'], more: Partial<Owner> = {}): Owner => ({
  kind,
  name: 'x',
  namespace: 'a',
  ...more,
});

describe('describing an owner', () => {
  for (const [kind, text] of [
    ['Helm', 'Helm release x'],
    ['ArgoCD', 'Argo CD application x'],
    ['Flux', 'Flux x'],
    ['ConfigSync', 'Config Sync x'],
    ['Fleet', 'Rancher Fleet bundle x'],
    ['ApplySet', 'ApplySet x'],
    ['Inventory', 'the inventory (kpt live or the like) x'],
    ['Controller', 'controller x'],
    ['FieldManager', 'field manager x'],
  ] as const satisfies [Owner['kind'], string][])
    it(`says "${text}"`, () => expect(describeOwner(owner(kind))).to.equal(text));

  it('names the kind of a Flux object and the group of a controller', () => {
    const flux = (toolkit: string) => describeOwner(owner('Flux', { group: `${toolkit}.toolkit.fluxcd.io` }));
    expect(flux('kustomize')).to.equal('Flux Kustomization x');
    expect(flux('helm')).to.equal('Flux HelmRelease x');
    const route = owner('Controller', { name: 'AIGatewayRoute/llm', group: 'aigateway.envoyproxy.io' });
    expect(describeOwner(route)).to.equal('controller AIGatewayRoute/llm (aigateway.envoyproxy.io)');
  });

  it('says so where an application is meant that the object does not name', () => {
    expect(describeOwner(owner('ArgoCD', { name: '' }))).to.equal('an Argo CD application');
    expect(describeOwner(owner('ConfigSync', { name: '' }))).to.equal('Config Sync');
    expect(describeOwner(owner('Flux', { group: 'notification.toolkit.fluxcd.io' }))).to.equal('Flux x');
  });
});

describe('what to change instead of an owned object', () => {
  const controller = (name: string, group: string) => ownerAdvice(owner('Controller', { name, group }));

  for (const [name, group, command, words] of [
    [
      'AIGatewayRoute/r',
      'aigateway.envoyproxy.io',
      'aigatewayroutes.aigateway.envoyproxy.io/r',
      'backendRefs',
    ],
    ['LLMInferenceService/s', 'serving.kserve.io', 'llminferenceservice.serving.kserve.io/s', 'KServe'],
    ['InferenceService/s', 'serving.kserve.io', 'inferenceservice.serving.kserve.io/s', 'upgrade KServe'],
    ['RayService/s', 'ray.io', 'rayservice.ray.io/s', 'KubeRay'],
    ['Rollout/r', 'argoproj.io', 'rollouts.argoproj.io/r', 'canary'],
    ['Canary/c', 'flagger.app', 'canaries.flagger.app/c', 'spec.service'],
    ['Widget/w', 'example.com', 'widget.example.com/w', 'Its controller writes it'],
  ] as const)
    it(`is the ${name.split('/')[0]} of a ${group} controller`, () => {
      const advice = controller(name, group);
      expect(advice).to.include(words);
      expect(advice).to.match(new RegExp(`: kubectl edit -n a ${command.replaceAll('.', '\\.')}$`));
    });

  it('is the chart, whose values nobody can tell from here', () => {
    const advice = ownerAdvice(owner('Helm'));
    expect(advice)
      .to.include('cannot be told')
      .and.match(/helm get values x -n a$/);
  });

  it('is a source in Git, with the command that tells which', () => {
    expect(ownerAdvice(owner('ArgoCD', { namespace: '' }))).to.match(
      /kubectl get applications\.argoproj\.io -A --field-selector metadata\.name=x -o yaml$/,
    );
    expect(ownerAdvice(owner('ArgoCD'))).to.match(/kubectl get applications\.argoproj\.io x -n a -o yaml$/);
    expect(ownerAdvice(owner('ArgoCD', { name: '', namespace: '' }))).to.match(
      /applications\.argoproj\.io -A$/,
    );
    const flux = (toolkit: string) => ownerAdvice(owner('Flux', { group: `${toolkit}.toolkit.fluxcd.io` }));
    expect(flux('kustomize')).to.match(/kustomizations\.kustomize\.toolkit\.fluxcd\.io x -n a -o yaml$/);
    expect(flux('helm')).to.match(/helmreleases\.helm\.toolkit\.fluxcd\.io x -n a -o yaml$/);
    expect(ownerAdvice(owner('ConfigSync'))).to.include('rootsyncs.configsync.gke.io');
    expect(ownerAdvice(owner('Fleet'))).to.include('gitrepos.fleet.cattle.io');
    expect(ownerAdvice(owner('Inventory'))).to.include('kpt live apply');
    expect(ownerAdvice(owner('ApplySet'))).to.include('manifests');
  });

  it('is what a field manager applies, by the name people know it by', () => {
    const by = (name: string) => ownerAdvice(owner('FieldManager', { name }));
    expect(by('argocd-controller')).to.include('Argo CD');
    expect(by('pulumi-kubernetes-1a2b')).to.include('Pulumi');
    for (const name of ['HashiCorp', 'terraform-provider']) expect(by(name)).to.include('Terraform');
    for (const name of ['kustomize-controller', 'helm-controller']) expect(by(name)).to.include(' Flux ');
    for (const name of ['rollouts-controller', 'argo-rollouts', 'gatewayAPI'])
      expect(by(name)).to.include('Argo Rollouts');
    expect(by('flagger')).to.include('Flagger');
    expect(by('crossplane-kubernetes')).to.include('Crossplane');
    expect(by('configsync.gke.io')).to.include('Config Sync');
    for (const name of ['my-argocd-x', 'my-helm-controller', 'flagger-2', 'my-pulumi', 'not-terraform'])
      expect(by(name)).to.include(` ${name} `);
    expect(by('house-operator')).to.include('house-operator');
  });

  it('never puts what is no name into a command', () => {
    for (const kind of ['Helm', 'ArgoCD', 'Flux', 'FieldManager'] as const)
      expect(ownerAdvice(owner(kind, { name: '$(reboot)', namespace: '`reboot`' }))).to.not.include('reboot');
    expect(controller('Widget/$(reboot)', 'example.com')).to.not.include('reboot');
    expect(ownerAdvice(owner('Helm', { name: '--all' }))).to.include('helm upgrade NAME CHART -n a');
  });

  it('is edited where it lies, and without a namespace where it lies in none', () => {
    const nowhere = owner('Controller', { name: 'Widget/w', namespace: '', group: 'example.com' });
    expect(ownerAdvice(nowhere)).to.equal(
      'Its controller writes it: change the Widget: kubectl edit widget.example.com/w',
    );
    const core = owner('Controller', { name: 'ReplicaSet/w' });
    expect(ownerAdvice(core)).to.equal(
      'Its controller writes it: change the ReplicaSet: kubectl edit -n a replicaset/w',
    );
  });
});
