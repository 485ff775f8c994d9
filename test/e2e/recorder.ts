// What was written to some kinds, in the order of the API server's own clock, to say what was there before what.
import type { Kube, KubeObject } from '../lab/kube.ts';

const KINDS = [
  ['gateway.networking.k8s.io/v1', 'httproutes'],
  ['gateway.networking.k8s.io/v1beta1', 'referencegrants'],
  ['networking.gke.io/v1', 'healthcheckpolicies'],
  ['networking.gke.io/v1', 'gcpbackendpolicies'],
  ['networking.gke.io/v1', 'gcptrafficdistributionpolicies'],
] as const;

export class Recorder {
  private readonly kube: Kube;
  private readonly abort = new AbortController();
  private readonly events: { plural: string; object: KubeObject }[] = [];

  constructor(kube: Kube) {
    this.kube = kube;
  }

  /** Returns once what is there now is noted. */
  async start(): Promise<void> {
    const counts = await Promise.all(
      KINDS.map(async ([apiVersion, plural]) => (await this.kube.list(apiVersion, plural)).length),
    );
    for (const [apiVersion, plural] of KINDS)
      void this.kube.watch(
        apiVersion,
        plural,
        (_, object) => this.events.push({ plural, object }),
        this.abort.signal,
      );
    const expected = counts.reduce((sum, count) => sum + count, 0);
    while (this.events.length < expected) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** The resourceVersion, comparable over all kinds, at which this was first so; Infinity: it never was. */
  first(plural: string, holds: (object: KubeObject) => boolean): number {
    const found = this.events.filter((event) => event.plural === plural && holds(event.object));
    return Math.min(...found.map(({ object }) => Number(object.metadata['resourceVersion'])));
  }

  stop(): void {
    this.abort.abort();
  }
}
