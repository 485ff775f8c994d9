// The migration, as the manual has it and as a newcomer would type it. Each step: what is typed, what it
// prints, the state after it, and what must be so.
import { readdirSync } from 'node:fs';
import * as cluster from './cluster.ts';
import { must } from './expect.ts';
import { blank } from './screen.ts';
import { addressFlag, look, ours, showTraffic, verifyLine, type Play } from './typing.ts';

export interface DemoStep {
  title: string;
  /** why, in a sentence or two */
  why: string;
  act(play: Play): Promise<void>;
}

const alphaPools = 'inferencepools.inference.networking.x-k8s.io';
const alphaModels = 'inferencemodels.inference.networking.x-k8s.io';
const v1Pools = 'inferencepools.inference.networking.k8s.io';
const modelColumns = 'custom-columns=NAME:.metadata.name,MODEL:.spec.modelName,CRITICALITY:.spec.criticality';
const objectives = 'inferenceobjectives.inference.networking.x-k8s.io';

export const steps: DemoStep[] = [
  {
    title: 'Is a migration needed?',
    why: 'One read-only command in place of two lists, and it names what hangs on each pool.',
    async act(play) {
      await ours(play, 'detect');
      await look(play, `kubectl get ${alphaPools}`, `kubectl get ${alphaModels} -o ${modelColumns}`);
      blank();
      const names = await cluster.alphaNames(play.stage);
      must('one alpha pool and four InferenceModels are there', names.length === 5, names);
    },
  },
  {
    title: 'What would be made?',
    why: 'The v1 objects, with every loss and doubt told before anything is touched.',
    async act(play) {
      await ours(play, 'convert', { lines: 32 });
      blank();
      const crds = await cluster.inferenceCrds(play.stage);
      must('nothing was written: no v1 CRD is there', crds.length === 2, crds);
    },
  },
  {
    title: 'Phase 1: the v1 pool beside the alpha one',
    why: "CRDs by the version gate, upstream's chart by helm, one InferenceObjective for each model. No traffic moves. (--chart and --crds-from keep the demo off the internet; without them upstream's registry and release page are used.)",
    async act(play) {
      const { stage } = play;
      const from = '--chart ./inferencepool --crds-from ./manifests.yaml';
      await ours(play, `convert --apply --yes ${from}`, { live: true });
      await look(play, `kubectl get ${v1Pools}`, `kubectl get ${objectives}`, 'kubectl get deployments.apps');
      blank();
      const pools = await cluster.v1Pools(stage);
      must(`the v1 pool ${stage.ga} is there`, pools.join() === stage.ga, pools);
      const found = await cluster.priorities(stage);
      const wanted = { 'base-model': 2, 'food-review': 0, 'cad-fabricator': -1, 'tweet-summary': 0 };
      const same = Object.entries(wanted).every(([name, priority]) => found[name] === priority);
      must('each model has its InferenceObjective, with the priority of its criticality', same, found);
      must('its endpoint picker is ready', await cluster.isReady(stage, `${stage.ga}-epp`));
      must('the alpha pool and its models are as before', (await cluster.alphaNames(stage)).length === 5);
    },
  },
  {
    title: 'Does it work?',
    why: "Statuses at the current generation, the endpoint picker's arguments and port, endpoints, policies, and one real request for each model.",
    act: (play) => ours(play, verifyLine(play)),
  },
  {
    title: 'Phase 2: ten percent',
    why: 'Two backendRefs change, and nothing else of the route. The original is kept for rollback.',
    async act(play) {
      await ours(play, 'split 10 --yes', { live: true });
      await showTraffic(play, 10);
    },
  },
  {
    title: 'Half of it',
    why: 'The same command with another number; "kubectl infpool rollback" would take it all back.',
    async act(play) {
      await ours(play, 'split 50 --yes', { live: true });
      await showTraffic(play, 50);
    },
  },
  {
    title: 'Does it still work?',
    why: 'Now the route has both pools, so their own statuses are checked as well.',
    act: (play) => ours(play, verifyLine(play)),
  },
  {
    title: 'Phase 3: everything to v1',
    why: 'At 100 the finished route names the v1 pool only: some controllers still pick a pool of weight 0.',
    async act(play) {
      await ours(play, 'split 100 --yes', { live: true });
      await showTraffic(play, 100);
    },
  },
  {
    title: 'Is v1 well, alone?',
    why: 'Before anything is deleted, once more.',
    act: (play) => ours(play, verifyLine(play)),
  },
  {
    title: 'Where are we?',
    why: 'The phase of each pool and the next command, at any moment and from any machine.',
    act: (play) => ours(play, 'status'),
  },
  {
    title: 'Clean up',
    why: 'A backup first, then models, then the release that Helm owns, then the two alpha CRDs, since no object of them is left in any namespace.',
    async act(play) {
      const { stage, shell } = play;
      await ours(play, `cleanup --helm-uninstall --crds --yes${addressFlag(stage)}`, { live: true });
      const crds = 'kubectl get customresourcedefinitions.apiextensions.k8s.io -o name';
      await look(play, `${crds} | grep inference`, 'ls', 'helm list --short');
      blank();
      const left = (await cluster.inferenceCrds(stage)).sort();
      must(
        'the two alpha CRDs are gone, and every alpha object with them',
        left.join() === [objectives, v1Pools].join(),
        left,
      );
      must("InferenceObjective's CRD, of the same API group, is still there", left.includes(objectives));
      const backups = readdirSync(shell.cwd).filter((file) => file.startsWith('infpool-backup-'));
      must('there is a backup to restore from', backups.length === 1, backups);
    },
  },
  {
    title: 'Is anything left?',
    why: 'The question of the beginning again.',
    act: (play) => ours(play, 'detect'),
  },
];
