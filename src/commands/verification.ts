import type { CheckId } from '../api/ids.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { MODELS_ANNOTATION } from '../api/names.ts';
import { isUnread, listOf } from '../api/read.ts';
import { describeRef, refKey, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_POOL, HTTP_ROUTE, MODEL, OBJECTIVE, V1_POOL, type Resource } from '../api/resource.ts';
import type { Check, Verification } from '../api/verification.ts';
import { EXIT, UserError } from '../api/errors.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { referencesOf } from '../inventory/references.ts';
import { Checklist, mayList } from '../verify/evidence.ts';
import { probe, probeCheck, type ProbeTarget } from '../verify/probe.ts';
import { wayFor, waysTo } from '../verify/probeWay.ts';
import { gatewaysOf, subjectOf, verdictOf, verifyPools } from '../verify/verify.ts';
import { text, type Args } from './command.ts';
import { durationMs } from './flags.ts';
import type { World } from './session.ts';

export const PROBE_FLAGS = {
  model: { type: 'string', describe: 'Model to ask for (default: those of the InferenceModels)' },
  prompt: { type: 'string', default: 'Say hello.', describe: 'Prompt of the request' },
  address: { type: 'string', describe: 'HOST:PORT to send to instead of the address of the Gateway' },
  probes: { type: 'string', default: '1', describe: 'Requests for each model' },
  'probe-timeout': { type: 'string', default: '30s', describe: 'How long one request may take' },
  probe: { type: 'boolean', default: true, describe: 'Send real requests (--no-probe: none)' },
} as const;

/** All checks for these pools, from objects and from real requests. */
export async function verifyEntries(
  entries: readonly PoolEntry[],
  world: World,
  args: Args,
): Promise<Verification> {
  const { inventory, snapshot } = world;
  const checks = [...unreadChecks(entries, world), ...verifyPools(entries, inventory, snapshot)];
  if (args['probe'] !== false) checks.push(...(await probeAll(entries, inventory, args)));
  return { verdict: verdictOf(checks), checks };
}

const DECISIVE: readonly (readonly [id: CheckId, resource: Resource])[] = [
  ['pools-readable', ALPHA_POOL],
  ['pools-readable', V1_POOL],
  ['models-readable', MODEL],
  ['objectives-readable', OBJECTIVE],
  ['routes-readable', HTTP_ROUTE],
];

// A list that could not be read may hide a route to a pool or a model of it: then "all passed" would be a guess.
function unreadChecks(entries: readonly PoolEntry[], { snapshot }: World): Check[] {
  const [first] = entries;
  if (!first) return [];
  return DECISIVE.flatMap(([id, resource]) => {
    const read = listOf(snapshot, resource);
    if (!isUnread(read)) return [];
    const list = new Checklist(resource.kind, subjectOf(first));
    list.add(id, 'unknown', `${resource.kind}s could not be read: ${read.message}`, mayList(resource));
    return list.checks;
  });
}

async function probeAll(entries: readonly PoolEntry[], inventory: Inventory, args: Args): Promise<Check[]> {
  const count = Number(text(args, 'probes'));
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new UserError(
      `--probes ${JSON.stringify(text(args, 'probes'))} is not a whole number from 1 to 1000.`,
    );
  const { targets, skipped } = probeTargets(entries, inventory, args);
  const checks: Check[] = [...skipped];
  for (const target of targets) {
    const results = [];
    for (let sent = 0; sent < count; sent++) results.push(await probe(target));
    checks.push(probeCheck(target, results));
  }
  return checks;
}

/** One target for each Gateway and model that these pools are reached by; and what could not be probed, and why. */
export function probeTargets(
  entries: readonly PoolEntry[],
  inventory: Inventory,
  args: Args,
): { targets: ProbeTarget[]; skipped: Check[] } {
  const targets = new Map<string, ProbeTarget>();
  const skipped: Check[] = [];
  const skip = (subject: Ref, evidence: string) => {
    const list = new Checklist('Requests', subject);
    list.add('probe', 'skip', evidence, '');
    skipped.push(...list.checks);
  };
  for (const entry of entries) {
    const models = modelsOf(entry, inventory, args);
    const routes = routesOf(entry, inventory);
    if (routes.length === 0) skip(subjectOf(entry), 'No route leads to it yet: no request to send');
    else if (models.length === 0)
      skip(
        subjectOf(entry),
        'No InferenceModel is left to take a model name from; give --model NAME to send a request',
      );
    for (const route of models.length === 0 ? [] : routes) {
      const ways = waysTo(route, keysOf(entry));
      if (ways.length === 0) {
        skip(subjectOf(entry), `${describeRef(refOf(route))}: ${NO_WAY}`);
        continue;
      }
      for (const place of placesOf(route, inventory, args)) {
        if ('problem' in place) skip(place.subject, place.problem);
        else
          for (const model of models) {
            const target = {
              ...place,
              ...wayFor(model, ways)!,
              model,
              prompt: text(args, 'prompt') ?? '',
              timeoutMs: durationMs('probe-timeout', text(args, 'probe-timeout') ?? '30s'),
            };
            const { host, port, hostname, path, headers } = target;
            targets.set(JSON.stringify([host, port, hostname, path, headers, model]), target);
          }
      }
    }
  }
  return { targets: [...targets.values()], skipped };
}

function modelsOf(entry: PoolEntry, inventory: Inventory, args: Args): string[] {
  const asked = text(args, 'model');
  if (asked !== undefined) return [asked];
  const named = entry.models.map((model) => String(objectOf(inventory, model)?.['spec']?.modelName ?? ''));
  const left = [...new Set(named.filter((name) => name !== ''))];
  return left.length > 0 ? left : rememberedModels(entry, inventory);
}

// Once the InferenceModels are gone, the v1 pool remembers what they were asked for.
function rememberedModels(entry: PoolEntry, inventory: Inventory): string[] {
  const text = entry.v1
    ? objectOf(inventory, entry.v1)?.metadata.annotations?.[MODELS_ANNOTATION]
    : undefined;
  try {
    const names: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

const NO_WAY =
  'none of its rules that lead to this pool takes a request that could be made up here: they ask for another path, or for values by regular expression';

function keysOf(entry: PoolEntry): Set<string> {
  return new Set([entry.ref, entry.v1].flatMap((pool) => (pool ? [refKey(pool)] : [])));
}

function routesOf(entry: PoolEntry, inventory: Inventory): KubeObject[] {
  const wanted = keysOf(entry);
  return objectsOf(inventory, HTTP_ROUTE).filter((route) =>
    referencesOf(route).some(
      (reference) => reference.relation === 'backendRef' && wanted.has(refKey(reference.pool)),
    ),
  );
}

type Place =
  Pick<ProbeTarget, 'subject' | 'scheme' | 'host' | 'port' | 'hostname'> | { problem: string; subject: Ref };

function placesOf(route: KubeObject, inventory: Inventory, args: Args): Place[] {
  const hostname = String((route['spec']?.hostnames ?? [])[0] ?? '').replace(/^\*\./, 'probe.');
  const address = text(args, 'address');
  return gatewaysOf(route).map((subject): Place => {
    if (address !== undefined) return { subject, hostname, ...parseAddress(address) };
    const gateway = objectOf(inventory, subject);
    const host = (gateway?.['status']?.addresses ?? [])[0]?.value as string | undefined;
    if (!host) return { subject, problem: `${describeRef(subject)} has no address` };
    const listeners = (gateway?.['spec']?.listeners ?? []) as { port: number; protocol: string }[];
    const listener = listeners.find((candidate) => candidate.protocol === 'HTTP');
    if (!listener)
      return { subject, problem: 'It has no HTTP listener; give --address HOST:PORT to probe it' };
    return { subject, scheme: 'http', host, port: listener.port, hostname };
  });
}

function parseAddress(address: string): { scheme: 'http' | 'https'; host: string; port: number } {
  const match = /^(?:(https?):\/\/)?(\[[0-9a-fA-F:]+\]|[^:/]+)(?::(\d+))?$/.exec(address);
  if (!match)
    throw new UserError(`--address ${JSON.stringify(address)} is not HOST:PORT.`, { exitCode: EXIT.error });
  const scheme = match[1] === 'https' ? 'https' : 'http';
  return {
    scheme,
    host: match[2]!.replace(/^\[|\]$/g, ''),
    port: Number(match[3] ?? (scheme === 'https' ? 443 : 80)),
  };
}
