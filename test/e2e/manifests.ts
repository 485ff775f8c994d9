// What the specs of manifests by the built binary share.
import { spawn } from 'node:child_process';
import { binary, run, type Outcome } from './support.ts';

export const POOL = `# The pool of our chat.
apiVersion: inference.networking.x-k8s.io/v1alpha2
kind: InferencePool
metadata:
  name: chat   # its name
spec:
  targetPortNumber: 8000
  selector:
    app: "vllm"
  extensionRef: {name: chat-epp}
`;
export const ROUTE = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: chat}
spec:
  parentRefs: [{name: gw}]
  rules:
    - backendRefs:   # all of it
        - group: inference.networking.x-k8s.io
          kind: InferencePool
          name: chat
`;

export function deployment(name: string, namespace: string): string {
  const container = (index: number) =>
    `      - name: c${index}\n        image: "repo/${name}:1.${index}"\n        args: ["--port", "8000"]\n        resources: {requests: {cpu: 100m, memory: 128Mi}}\n`;
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec:\n      containers:\n${[0, 1].map(container).join('')}`;
}

/** The binary, with the most memory that it had. */
export async function measured(args: string[], cwd: string): Promise<Outcome & { bytes: number }> {
  const script = `import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)`;
  const outcome = await run('python3', ['-S', '-c', script, binary, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] },
  });
  const kilobytes = Number(outcome.stderr.trimEnd().split('\n').at(-1));
  return { ...outcome, bytes: kilobytes * (process.platform === 'darwin' ? 1 : 1024) };
}

/** As somebody whom file modes bind. */
export function asUser(args: string[], uid: number | undefined, cwd: string): Promise<Outcome> {
  const child = spawn(binary, args, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: '/' },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  child.stdin.end();
  return new Promise((resolve, reject) =>
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr })),
  );
}
