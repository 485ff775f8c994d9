// An admission webhook of the cluster, served on loopback: it decides on writes of HTTPRoutes.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { certificate } from '../lab/connect/gate.ts';
import type { Json, Kube, KubeObject } from '../lab/kube.ts';

/** What it says of a write: let it pass, refuse it with these words, or change it by a JSON patch. */
export type Decision = { refuse: string } | { patch: readonly Json[] } | null;

export interface Webhook {
  /** Writes that it decided on. */
  readonly asked: number;
  /** From now on it closes the connection without a word. */
  broken: boolean;
  stop(): Promise<void>;
}

interface Options {
  readonly name: string;
  readonly namespace: string;
  decide(object: KubeObject, user: string): Decision;
}

export async function startWebhook(
  kube: Kube,
  kind: 'Validating' | 'Mutating',
  { name, namespace, decide }: Options,
): Promise<Webhook> {
  const self = { asked: 0, broken: false };
  const server = createServer(
    { cert: readFileSync(certificate('server.crt')), key: readFileSync(certificate('server.key')) },
    (request, response) => {
      if (self.broken) return request.socket.destroy();
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        self.asked += 1;
        const review = JSON.parse(body) as Json;
        const { uid, object, userInfo } = review.request as Json;
        const decision = decide(object as KubeObject, String((userInfo as Json).username));
        const answer = { uid, allowed: !(decision && 'refuse' in decision), ...detailsOf(decision) };
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer }),
        );
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name },
    webhooks: [
      {
        name,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        timeoutSeconds: 5,
        clientConfig: {
          url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
          caBundle: readFileSync(certificate('ca.crt')).toString('base64'),
        },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        rules: [
          {
            apiGroups: ['gateway.networking.k8s.io'],
            apiVersions: ['*'],
            operations: ['UPDATE'],
            resources: ['httproutes'],
          },
        ],
      },
    ],
  };
  await kube.apply(configuration as KubeObject);
  return Object.assign(self, {
    async stop() {
      await kube.delete({ apiVersion: configuration.apiVersion, kind: configuration.kind, name });
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}

function detailsOf(decision: Decision): Json {
  if (decision === null) return {};
  if ('refuse' in decision) return { status: { code: 403, message: decision.refuse } };
  return { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(decision.patch)).toString('base64') };
}
