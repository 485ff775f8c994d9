import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import * as r from '../../src/api/resource.ts';
import { inventoryReport } from '../../src/report/inventory.ts';
import { planReport } from '../../src/report/plan.ts';
import { statusReport } from '../../src/report/status.ts';
import { verificationReport } from '../../src/report/verification.ts';
import { healthy } from '../support/healthy.ts';
import { inventory } from '../support/snapshot.ts';
import { FAILING, plan, status, verification, world } from './world.ts';

type Json = Record<string, unknown>;

const FOLDER = join(import.meta.dirname, '..', '..', 'src', 'report', 'schema');
const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
  allErrors: true,
});

function schema(kind: string): Json {
  return JSON.parse(readFileSync(join(FOLDER, `${kind}.schema.json`), 'utf8')) as Json;
}

/** As a reader of the JSON gets it. */
const asJson = (report: Json) => JSON.parse(JSON.stringify(report)) as Json;

const REPORTS: Record<string, [name: string, report: Json][]> = {
  inventory: [
    ['a bit of everything', inventoryReport(world())],
    ['GKE that owns the v1 pool', inventoryReport(world('v1.34.0-gke.1626000'))],
    ['nothing', inventoryReport(inventory([]))],
    ['nothing installed', inventoryReport(inventory([], { notInstalled: r.RESOURCES }))],
    ['nothing readable', inventoryReport(inventory([], { forbidden: r.RESOURCES, gitVersion: '' }))],
    ['a stack that works', inventoryReport(inventory(healthy()))],
  ],
  plan: [
    ['a step of each kind', planReport(plan())],
    ['nothing to do', planReport({ objects: [], steps: [], findings: [] })],
  ],
  verification: [
    ['all well', verificationReport(verification())],
    ['failures', verificationReport(verification(FAILING))],
    ['nothing to verify', verificationReport({ verdict: 'unknown', checks: [] })],
  ],
  status: [
    ['all phases', statusReport(status())],
    ['no pool', statusReport({ pools: [] })],
  ],
};

/** Every object in a report, with the path to it: ['pools', 0, 'ref']. */
function* objectsIn(
  value: unknown,
  path: (string | number)[] = [],
): Generator<[path: (string | number)[], object: Json]> {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* objectsIn(item, [...path, index]);
  else if (value !== null && typeof value === 'object') {
    yield [path, value as Json];
    for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, [...path, key]);
  }
}

/** The same report with one object changed. */
function changed(report: Json, path: readonly (string | number)[], change: (object: Json) => void): Json {
  const copy = structuredClone(report);
  change(path.reduce<unknown>((at, key) => (at as Json)[key], copy) as Json);
  return copy;
}

for (const [kind, reports] of Object.entries(REPORTS))
  describe(`the schema of ${kind}`, () => {
    let validate: ValidateFunction;
    before(() => {
      validate = ajv.compile(schema(kind));
    });

    for (const [name, report] of reports)
      it(`takes the report: ${name}`, () => {
        expect(validate(asJson(report)), JSON.stringify(validate.errors, null, 2)).to.be.true;
      });

    it('takes fields that were added', () => {
      const more = changed(asJson(reports[0]![1]), [], (object) => (object['added'] = 1));
      expect(validate(more)).to.be.true;
    });

    it('is of draft 2020-12 and says what it describes', () => {
      expect(schema(kind)).to.include({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
      expect(schema(kind)['description']).to.contain('kubectl infpool');
    });

    it('misses every field that cli.md names', () => {
      const report = asJson(reports[0]![1]);
      for (const [path, fields] of NAMED[kind]!)
        for (const field of fields) {
          const without = changed(report, path, (object) => delete object[field]);
          expect(validate(without), `${path.join('.')} without ${field}`).to.be.false;
        }
    });

    it('takes no other word where the words are fixed', () => {
      const report = asJson(reports[0]![1]);
      let tried = 0;
      for (const [path, object] of objectsIn(report))
        for (const field of ['verdict', 'phase', 'severity', 'relation', 'serves', 'action', 'apiVersion']) {
          const isOurs = field !== 'apiVersion' || path.length === 0;
          if (!isOurs || typeof object[field] !== 'string') continue;
          tried++;
          expect(
            validate(changed(report, path, (one) => (one[field] = 'Other'))),
            `${path.join('.')}.${field}`,
          ).to.be.false;
        }
      expect(tried).to.be.greaterThan(1);
    });
  });

const REF = ['group', 'version', 'kind', 'namespace', 'name'];
const FINDING = ['id', 'severity', 'ref', 'field', 'message', 'hint'];
const ALWAYS: [(string | number)[], string[]] = [[], ['apiVersion', 'kind']];

// "Shapes of the JSON reports" in cli.md: where, and which fields.
const NAMED: Record<string, [path: (string | number)[], fields: string[]][]> = {
  inventory: [
    ALWAYS,
    [[], ['verdict', 'pools', 'models', 'crds', 'gateways', 'server', 'unread', 'findings']],
    [
      ['pools', 0],
      ['ref', 'v1', 'phase', 'trafficPercentV1', 'models', 'references', 'owner'],
    ],
    [['pools', 0, 'ref'], REF],
    [['pools', 1, 'v1'], REF],
    [['pools', 0, 'models', 0], REF],
    [
      ['pools', 0, 'references', 0],
      ['from', 'path', 'relation'],
    ],
    [
      ['models', 0],
      ['ref', 'modelName', 'pool'],
    ],
    [
      ['gateways', 0],
      ['ref', 'controller', 'serves'],
    ],
    [['server'], ['gitVersion', 'gke']],
    [['findings', 0], FINDING],
  ],
  plan: [
    ALWAYS,
    [[], ['objects', 'steps', 'findings']],
    [
      ['steps', 0],
      ['action', 'ref', 'reason', 'manifest', 'live'],
    ],
    [
      ['steps', 2],
      ['verb', 'release', 'namespace', 'args'],
    ],
    [
      ['steps', 3],
      ['manifest', 'live'],
    ],
    [['steps', 5], ['condition']],
    [
      ['steps', 6],
      ['resourceVersion', 'patch', 'before', 'after'],
    ],
    [['steps', 7], ['before']],
    [['steps', 8], ['manifest']],
    [['findings', 0], FINDING],
  ],
  verification: [
    ALWAYS,
    [[], ['verdict', 'checks']],
    [
      ['checks', 0],
      ['id', 'group', 'subject', 'verdict', 'evidence', 'hint'],
    ],
  ],
  status: [
    ALWAYS,
    [[], ['pools']],
    [
      ['pools', 0],
      ['ref', 'v1', 'phase', 'trafficPercentV1', 'next'],
    ],
  ],
};
