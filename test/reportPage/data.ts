// Reports to render: of a cluster with a bit of everything, of an empty one, of fifty pools, of a hostile one.
import type { Finding } from '../../src/api/finding.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { RecordedLook, RecordedRun } from '../../src/api/record.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { livePicture } from '../../src/commands/picture.ts';
import { toMermaid } from '../../src/picture/mermaid.ts';
import { toSvg } from '../../src/picture/svg.ts';
import type { ReportData } from '../../src/report/reportData.ts';
import { timelineOf } from '../../src/rollout/timeline.ts';
import { snapshot } from '../support/snapshot.ts';
import { FAILING, OBJECTS, plan, verification } from '../report/world.ts';
import { BROKEN, fifty } from '../picture/scenes.ts';

const START = Date.parse('2026-11-24T10:00:00Z');

const at = (second: number) => new Date(START + second * 1000).toISOString();

function look(second: number, percent: number, more: Partial<RecordedLook> = {}): RecordedLook {
  const ms = [40, 44, 48, 52].map((base) => base + ((second * 7) % 11));
  return {
    at: at(second),
    percent,
    sent: 4,
    failed: 0,
    ms,
    picked: Math.round((second * percent) / 20),
    failing: [],
    ...more,
  };
}

const looks = (from: number, count: number, percent: number) =>
  Array.from({ length: count }, (_, index) => look(from + index, percent));

/** Before, ten and fifty percent; at fifty requests fail, and it goes back. */
export const ROLLED_BACK: RecordedRun = {
  startedAt: at(0),
  endedAt: at(95),
  outcome: 'rolledBack',
  because: '2 of 12 requests failed (model "review": 503 no healthy upstream)',
  pools: ['llm/food'],
  steps: [
    {
      wanted: 0,
      from: at(1),
      to: at(5),
      verdict: 'pass',
      because: '16 requests, 0 failed',
      looks: looks(1, 4, 0),
    },
    {
      wanted: 10,
      from: at(5),
      to: at(50),
      verdict: 'pass',
      because: '160 requests, 0 failed; the v1 endpoint picker counted 16',
      looks: looks(8, 40, 10),
    },
    {
      wanted: 50,
      from: at(50),
      to: at(90),
      verdict: 'fail',
      because: '2 of 12 requests failed',
      looks: [
        ...looks(52, 30, 50),
        look(83, 50, { failed: 1, ms: [50, 51, 900] }),
        look(84, 50, { failed: 1, ms: [50, 51, 1200], failing: ['epp-endpoints'] }),
      ],
    },
  ],
};

export const DONE: RecordedRun = {
  startedAt: at(200),
  endedAt: at(320),
  outcome: 'done',
  because: '',
  pools: ['llm/food'],
  steps: [10, 50, 100].map((wanted, index) => ({
    wanted,
    from: at(200 + 40 * index),
    to: at(238 + 40 * index),
    verdict: 'pass',
    because: '120 requests, 0 failed',
    looks: looks(202 + 40 * index, 34, wanted),
  })),
};

export function reportOf(objects: readonly KubeObject[], more: Partial<ReportData> = {}): ReportData {
  const read = snapshot(objects, { gitVersion: 'v1.33.5-gke.1200000' });
  const inventory = buildInventory(read);
  const { pools } = inventory;
  const picture = (id: string, title: string) => {
    const one = livePicture({ title, inventory, pools, snapshot: read });
    return { svg: toSvg(one, { id, styled: false }), mermaid: toMermaid(one) };
  };
  return {
    generatedAt: at(400),
    server: 'https://203.0.113.7:6443',
    version: 'v0.1.0',
    scope: 'in all namespaces',
    release: 'v1.0.1',
    inventory,
    pools,
    status: pools.map(({ ref, v1, phase, trafficPercentV1 }) => ({
      ref,
      v1,
      phase,
      trafficPercentV1,
      next: phase === 'Done' ? '' : 'kubectl infpool split 10 -n llm',
    })),
    findings: inventory.findings,
    verification: null,
    now: picture('picture-now', 'Now'),
    planned: picture('picture-planned', 'As planned'),
    phases: [],
    timelines: [],
    ...more,
  };
}

const NOTHING = { objects: [], steps: [], findings: [] };

/** A bit of everything: each severity, each verdict of a check, each kind of step, two runs. */
export function everything(): ReportData {
  const more: Finding[] = (['error', 'warning', 'info'] as const).map((severity) => ({
    id: 'epp-by-user',
    severity,
    ref: null,
    field: 'spec.extensionRef',
    message: 'Nothing here installs its endpoint picker.',
    hint: 'Install it, then: kubectl infpool verify',
  }));
  return reportOf(
    [...OBJECTS, ...BROKEN.filter(({ kind }) => kind !== 'GatewayClass' && kind !== 'Gateway')],
    {
      findings: [...plan().findings, ...more],
      verification: verification(FAILING),
      phases: [
        {
          title: 'v1 beside alpha',
          what: 'CRDs, pools, objectives. No traffic moves.',
          plan: plan(),
          missing: '',
        },
        {
          title: 'traffic',
          what: 'The routes as they will be.',
          plan: { ...NOTHING, steps: plan().steps.filter(({ action }) => action === 'patchRoute') },
          missing: '',
        },
        { title: 'cleanup', what: 'What goes.', plan: NOTHING, missing: 'helm is not on PATH. Install it.' },
      ],
      timelines: [ROLLED_BACK, DONE].map(timelineOf),
    },
  );
}

export function ofFifty(): ReportData {
  return reportOf(fifty());
}

export function empty(): ReportData {
  return reportOf([], { planned: null });
}
