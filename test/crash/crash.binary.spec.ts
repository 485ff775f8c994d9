// SIGKILL where it is most likely to hurt; at every write it is crash.reliability.spec.ts.
import { expect } from 'chai';
import type { Moment, Write } from './line.ts';
import type { SceneName } from './scenes.ts';
import type { Point } from './stage.ts';
import { Troupe } from './troupe.ts';

const MINUTE = 60_000;

/** A moment of the first write whose text has this in it; `by` where two have. */
type Chosen = [moment: Moment, text: string, by?: Write['by']];

const POINTS: [name: SceneName, why: string, chosen: Chosen[]][] = [
  [
    'convert --apply',
    'between kinds, helm and our marks on its pool',
    [
      ['after', '/customresourcedefinitions/'],
      ['during', '/secrets', 'helm'],
      ['after', '/secrets/', 'helm'],
      ['after', '/inferenceobjectives/'],
    ],
  ],
  ['convert --apply', 'with helm dead in the midst of an install', [['after', '/deployments', 'helm']]],
  [
    'split 10',
    'with one route of two warm',
    [
      ['before', '/httproutes/assistant'],
      ['after', '/httproutes/assistant'],
    ],
  ],
  ['rollback', 'with one route of two back', [['before', '/httproutes/assistant']]],
  [
    'cleanup --crds --helm-uninstall',
    'with a helm that goes on by itself, or whose pool is gone',
    [
      ['during', '/secrets/', 'helm'],
      ['after', '/inferencepools/', 'helm'],
      ['after', '/customresourcedefinitions/'],
    ],
  ],
  [
    'cleanup --crds --ignore-owner',
    'with the endpoint picker half gone',
    [
      ['after', '/referencegrants/'],
      ['after', '/clusterroles/'],
      ['after', '/deployments/'],
      ['after', '/inferencepools/'],
    ],
  ],
  [
    'restore',
    'with kinds and no objects, or with a pool and no models',
    [
      ['after', '/customresourcedefinitions'],
      ['after', '/inferencepools'],
    ],
  ],
  [
    'migrate --cleanup',
    'with all of it done, or all but the CRDs, and its claim still there',
    [
      ['before', '/customresourcedefinitions/inferencemodels'],
      ['before', '/leases/'],
    ],
  ],
  [
    'migrate --simple',
    'with models gone, or the alpha pool, or its kind, or all there but a route',
    [
      ['after', '/inferencemodels/'],
      ['during', '/secrets/', 'helm'],
      ['after', '/inferencepools/', 'helm'],
      ['before', '/secrets', 'helm'],
      ['before', '/httproutes/assistant'],
      ['before', '/leases/'],
    ],
  ],
];

describe('SIGKILL at a write', function () {
  // All of them take less than three minutes; a busy machine is no failure.
  this.timeout(10 * MINUTE);
  let troupe: Troupe;

  before(async () => {
    troupe = await Troupe.start(2);
  });
  after(() => troupe?.end());

  for (const [name, why, chosen] of POINTS)
    it(`of ${name}, ${why}: run again, it ends as without the crash`, () =>
      troupe.survive(name, (writes) => chosen.map((one) => find(one, writes))));
});

function find([moment, text, by = 'infpool']: Chosen, writes: readonly Write[]): Point {
  const write = writes.findIndex((candidate) => candidate.by === by && candidate.text.includes(text));
  return write < 0 ? expect.fail(`nothing is written to ${text} by ${by}`) : { write, moment };
}
