import type { FindingPages } from '../api/page.ts';
import { gie, ISTIO_TASK } from '../api/sources.ts';

const chart = (release: string, file: string) => gie(release, `config/charts/inferencepool/${file}`);

export const OPTION_PAGES = {
  'unknown-models-pass': {
    title: 'v1 lets every model name through',
    severity: ['info'],
    means:
      'With alpha endpoint pickers up to v0.4 a request for a model without an InferenceModel got 404, so the InferenceModels were a list of what is allowed. In v1 there is no such list.',
    known: 'It is so for every v1 pool; it is said where InferenceModels are converted.',
    matters:
      'Names that were refused at the picker now reach the model servers, which answer 404 themselves, or serve a base model that nobody was meant to reach.',
    cure: [
      'If you relied on it, match the names at the route (by a header that your clients send) or in front of the Gateway.',
    ],
    sources: [
      gie('v0.3.0', 'docs/proposals/002-api-proposal/README.md'),
      gie('v1.0.0', 'docs/proposals/002-api-proposal/README.md'),
    ],
  },
  'epp-by-user': {
    title: 'Nothing here installs the endpoint pickers of the v1 pools',
    severity: ['warning'],
    means:
      'You chose --epp none. The v1 pools name pickers that have to be there already, or that you bring; the alpha ones cannot serve a v1 pool.',
    known: 'The flag.',
    matters:
      'A picker that is left with the alpha group finds no endpoints: the route is Accepted, and every request gets 503. split refuses to send traffic before the picker is ready.',
    cure: [
      'Install an endpoint picker of the release with --pool-name, --pool-namespace and --pool-group=inference.networking.k8s.io, then:',
      '$ kubectl infpool verify POOL -n NAMESPACE --no-probe',
      'Or let the chart bring it:',
      '$ kubectl infpool convert POOL -n NAMESPACE --epp chart --apply',
    ],
    sources: [chart('v1.0.0', 'templates/epp-deployment.yaml')],
  },
  'provider-not-in-chart': {
    title: 'The chart of this release does not know Istio',
    severity: ['error'],
    means:
      'The chart of v1.0.0 has no provider.name=istio, and so makes no DestinationRule for its endpoint picker.',
    known: 'The release, and the provider that you gave or that runs here.',
    matters:
      'Istio talks to the picker over TLS; without the rule that says how, every request of the v1 pool fails.',
    cure: ['Take v1.0.1 or later:', '$ kubectl infpool convert POOL -n NAMESPACE --release v1.0.1'],
    past: 'Nothing goes past it.',
    sources: [chart('v1.0.1', 'templates/istio.yaml'), ISTIO_TASK],
  },
  'heavy-requests': {
    title: 'Each new endpoint picker asks for 4 CPUs and 8 GiB',
    severity: ['warning'],
    means: "From v1.4.0 on the chart's default requests are that large.",
    known: 'The release, and how many pools get a new picker.',
    matters:
      'Where no node has the room the picker stays Pending, and phase 1 waits until its timeout. On a cluster that adds nodes by itself it costs a node.',
    cure: [
      'See what is free:',
      '$ kubectl describe nodes',
      'Or ask for less:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply --set inferenceExtension.resources.requests.cpu=1 --set inferenceExtension.resources.requests.memory=2Gi',
    ],
    sources: [chart('v1.4.0', 'values.yaml')],
  },
  'traces-always': {
    title: 'The chart turns tracing on where it means to turn it off',
    severity: ['info'],
    means:
      'The chart of v1.1.0 writes "--tracing false"; a flag of that kind takes its value after an equals sign only, so tracing is on.',
    known: "The chart's template and the picker's flags, for each release.",
    matters:
      'The picker tries to send traces to localhost:4317 and logs now and then that it cannot. Nothing else.',
    cure: [
      'Take another release to be rid of it:',
      '$ kubectl infpool convert POOL -n NAMESPACE --release v1.3.1',
    ],
    sources: [gie('v1.1.0', 'cmd/epp/runner/runner.go'), chart('v1.1.0', 'templates/epp-deployment.yaml')],
  },
  'monitoring-off': {
    title: "The v1 chart does not collect the picker's metrics unless told to",
    severity: ['warning'],
    means:
      'On GKE the alpha chart always made a ClusterPodMonitoring. The v1 chart makes a PodMonitoring only with a value that is off by default.',
    known: 'The labels of the alpha pool say that it is of the chart; the values of each chart are known.',
    matters:
      'Dashboards, alerts and autoscaling by these metrics find nothing for the v1 pool, and nothing says so.',
    cure: [
      'Pass it on to the chart; the finding names the value of your release:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply --set inferenceExtension.monitoring.prometheus.enabled=true',
    ],
    sources: [chart('v0.3.0', 'templates/gke.yaml'), chart('v1.3.0', 'templates/gke.yaml')],
  },
  'metrics-unreadable': {
    title: "Nobody can read the endpoint picker's metrics",
    severity: ['info'],
    means:
      'From v1.3.0 on the picker asks for a token before it shows its metrics, and while monitoring is off the chart gives it no right to check one.',
    known: "The chart's templates, for each release.",
    matters:
      'Whatever scrapes it is refused. We cannot read how many requests it picked either, so the gates of migrate go by probes alone.',
    cure: [
      'Let the chart make its monitoring:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply --set inferenceExtension.monitoring.prometheus.enabled=true',
      'Or ask for no token:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply --set inferenceExtension.monitoring.prometheus.auth.enabled=false',
    ],
    sources: [chart('v1.3.0', 'templates/epp-deployment.yaml'), chart('v1.3.0', 'templates/rbac.yaml')],
  },
  'model-server-type': {
    title: 'The chart takes the model servers for vLLM',
    severity: ['warning', 'info'],
    means:
      "A pool does not say what its servers are. The chart configures its picker for vLLM's metrics unless told otherwise. It is a warning where the pool's labels name another server.",
    known: "The pool's labels are searched for the names of servers.",
    matters:
      'A picker that reads the wrong metrics sees no load and no queue: it still picks, but at random, and the latency under load is worse.',
    cure: [
      'If the servers are vLLM, nothing. Else say what they are (the finding lists what the release knows):',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply --set inferencePool.modelServerType=triton-tensorrt-llm',
    ],
    sources: [chart('v1.5.0', 'values.yaml'), chart('v1.4.0', 'templates/epp-deployment.yaml')],
  },
} satisfies FindingPages;
