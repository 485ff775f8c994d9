import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { advisoryReferences } from '../../src/inventory/advisory/advisory.ts';
import { alphaPool, byHelm, object, v1Pool } from '../support/objects.ts';

const alpha = alphaPool();
const v1 = v1Pool();
const advised = (objects: readonly KubeObject[], next: KubeObject | null = v1) =>
  advisoryReferences(objects, [{ alpha, v1: next ? refOf(next) : null }]);

const byName = { matchLabels: { inferencepool: 'food-epp' } };
const byApp = { matchLabels: { app: 'picker' } };
const monitor = (kind: r.Resource, spec: object, meta = {}) => object(kind, 'metrics', { spec }, meta);

/** The endpoint picker of a pool: its Service and the Deployment behind. */
function picker(name: string, labels: Record<string, string>): KubeObject[] {
  const selector = { run: name };
  return [
    object(r.SERVICE, name, { spec: { selector } }, { labels }),
    object(r.DEPLOYMENT, name, { spec: { template: { metadata: { labels: { ...labels, ...selector } } } } }),
  ];
}

const KINDS = [r.SERVICE_MONITOR, r.POD_MONITOR, r.POD_MONITORING, r.CLUSTER_POD_MONITORING];

describe('a monitor of the alpha endpoint picker', () => {
  for (const kind of KINDS) {
    it(`is told of a ${kind.kind} whose selector says the picker's name`, () => {
      const { references, findings } = advised([monitor(kind, { selector: byName }), v1]);
      expect(references).to.deep.equal([
        {
          from: refOf(monitor(kind, {})),
          path: 'spec.selector',
          relation: 'monitoring',
          pool: refOf(alpha),
        },
      ]);
      expect(findings.map(({ id, severity }) => [id, severity])).to.deep.equal([
        ['monitor-of-alpha-picker', 'warning'],
      ]);
      expect(findings[0]!.message)
        .to.include('"food-epp"')
        .and.include('"food-ga-epp"')
        .and.include('go blank');
      const get = `kubectl get ${kind.namespaced ? '-n llm ' : ''}${r.qualifiedName(kind)}/metrics -o yaml`;
      expect(findings[0]!.hint).to.match(new RegExp(`: ${get.replaceAll('.', '\\.')}$`));
    });

    it(`is told of a ${kind.kind} by the labels of the picker where they were read`, () => {
      const known = picker('food-epp', { app: 'picker' });
      expect(advised([monitor(kind, { selector: byApp }), ...known]).references).to.have.length(1);
      const other = picker('food-epp', { app: 'other' });
      expect(advised([monitor(kind, { selector: byApp }), ...other]).references).to.deep.equal([]);
      expect(advised([monitor(kind, { selector: byApp })]).references).to.deep.equal([]);
    });
  }

  it('is nothing to do where the v1 picker is collected from already, by the same one or another', () => {
    const pickers = [
      ...picker('food-epp', { app: 'picker' }),
      ...picker('food-ga-epp', { app: 'picker' }),
      v1,
    ];
    for (const kind of KINDS) {
      const { references, findings } = advised([monitor(kind, { selector: byApp }), ...pickers]);
      expect([references.length, findings.length], kind.kind).to.deep.equal([1, 0]);
    }
    const old = monitor(r.POD_MONITORING, { selector: byName });
    const next = object(r.SERVICE_MONITOR, 'next', {
      spec: { selector: { matchLabels: { x: 'food-ga-epp' } } },
    });
    expect(advised([old, v1]).findings).to.have.length(1);
    expect(advised([old, next, v1]).findings).to.deep.equal([]);
  });

  it('is something to do where there is no v1 pool yet', () => {
    const { findings } = advised([monitor(r.POD_MONITOR, { selector: byName })], null);
    expect(findings[0]!.hint).to.include('of the v1 picker');
  });

  it('is told by its own name and labels where only those say whose it is', () => {
    const selector = { matchLabels: { component: 'epp' } };
    const labels = { 'app.kubernetes.io/name': 'food-epp' };
    expect(advised([monitor(r.SERVICE_MONITOR, { selector }, { labels })]).references).to.have.length(1);
    expect(
      advised([object(r.SERVICE_MONITOR, 'food-epp', { spec: { selector } })]).references,
    ).to.have.length(1);
  });

  it('reaches no further than its namespaces', () => {
    const at = (kind: r.Resource, namespace: string, namespaceSelector?: object) =>
      advised([monitor(kind, { selector: byName, namespaceSelector }, { namespace })]).references.length;
    for (const kind of [r.SERVICE_MONITOR, r.POD_MONITOR]) {
      expect(at(kind, 'monitoring')).to.equal(0);
      expect(at(kind, 'monitoring', { any: true })).to.equal(1);
      expect(at(kind, 'monitoring', { matchNames: ['llm'] })).to.equal(1);
      expect(at(kind, 'llm', { matchNames: ['web'] })).to.equal(0);
    }
    expect(at(r.POD_MONITORING, 'monitoring')).to.equal(0);
    expect(at(r.POD_MONITORING, 'monitoring', { any: true })).to.equal(0);
  });

  it('is none that takes whatever there is: it will take the v1 picker, too', () => {
    for (const selector of [{}, { matchLabels: {} }, { matchExpressions: [] }])
      expect(
        advised([monitor(r.POD_MONITORING, { selector }), ...picker('food-epp', {})]).references,
      ).to.have.length(0);
  });

  it("that came with the pool's chart is left to the v1 chart", () => {
    const pool = alphaPool('food', {}, byHelm('food'));
    const ours = monitor(r.CLUSTER_POD_MONITORING, { selector: byName }, byHelm('food'));
    const { findings } = advisoryReferences([ours], [{ alpha: pool, v1: refOf(v1) }]);
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['info']);
    expect(findings[0]!.hint).to.include('inferenceExtension.monitoring.prometheus.enabled=true');
    const theirs = monitor(r.CLUSTER_POD_MONITORING, { selector: byName }, byHelm('observability'));
    const [told] = advisoryReferences([theirs], [{ alpha: pool, v1: refOf(v1) }]).findings;
    expect(told).to.include({ severity: 'warning' });
    expect(told!.message).to.include('It belongs to Helm release observability');
  });
});
