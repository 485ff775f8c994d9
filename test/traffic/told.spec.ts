// What a person reads about a route that could not be split, or not be put back as it was: by golden file.
import { ORIGINAL_REFS_ANNOTATION } from '../../src/api/names.ts';
import type { GatewayEntry } from '../../src/api/inventory.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import type { rulesOf } from '../../src/inventory/backendRefs.ts';
import { rollbackRoute, splitRoute } from '../../src/traffic/split.ts';
import { shiftSteps } from '../../src/traffic/steps.ts';
import { decideStrategy, type Strategy } from '../../src/traffic/strategy.ts';
import { expectGolden } from '../support/golden.ts';
import { alphaPool, gateway, route, rule, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';
import type { Finding } from '../../src/api/finding.ts';

const food = { alpha: refOf(alphaPool()), v1: refOf(v1Pool()) };
const pairs = [food];
const split = (subject: KubeObject, percent: number) => splitRoute(subject, pairs, pairs, percent);

function told(worlds: readonly (readonly [what: string, findings: readonly Finding[]])[]): string {
  return worlds
    .map(([what, findings]) =>
      [
        `${what}:`,
        ...findings.map(
          ({ id, severity, ref, field, message, hint }) =>
            `  ${severity} ${id} at ${[ref?.kind, ref?.name, field].join(' ').trim()}\n    ${message}\n    ${hint}`,
        ),
        '',
      ].join('\n'),
    )
    .join('\n');
}

const noted = (text: string) => route(undefined, { annotations: { [ORIGINAL_REFS_ANNOTATION]: text } });
const original = { index: 0, rest: '', backendRefs: [], made: [] };

/** A route as it is after a split, and what somebody made of it since. */
function edited(change: (rules: ReturnType<typeof rulesOf>) => void, subject = route()): KubeObject {
  const moved = structuredClone(split(subject, 50).after);
  change(moved['spec'].rules);
  return moved;
}

describe('what is said of a route', () => {
  it('that can not be split, or not put back as it was', () => {
    const annotations: [what: string, text: string][] = [
      ['no JSON', '{'],
      ['null', 'null'],
      ['no version', '{}'],
      ['another version', '{"version":2,"rules":[]}'],
      ['no rules', '{"version":1}'],
      ...(
        [
          ['a rule that is null', null],
          ['a rule without its place', { ...original, index: undefined }],
          ['a rule without the rest of it', { ...original, rest: undefined }],
          ['a rule without its refs', { ...original, backendRefs: undefined }],
          ['a rule without what was made', { ...original, made: undefined }],
          ['a rule with filters that are none', { ...original, filters: {} }],
        ] as const
      ).map(([what, one]): [string, string] => [
        what,
        JSON.stringify({ version: 1, rules: [original, one] }),
      ]),
    ];
    const heavy = route([
      [toAlpha('food', { weight: 1_000_000 }), toV1('food-ga', { weight: 1 }), toService('x', { weight: 1 })],
    ]);
    const changed = edited((rules) => rules[0]!.backendRefs!.push(toService()));
    const gone = edited((rules) => rules.splice(0, 1, rule([toService()], { matches: [] })));
    const unknown = edited(
      (rules) => {
        rules[0]!.backendRefs = [toV1('other'), toService()];
      },
      route([[toAlpha(), toAlpha('drinks')]]),
    );
    expectGolden(
      'traffic/findings.txt',
      told([
        ['twice the same pool', split(route([[toAlpha(), toAlpha()]]), 50).findings],
        ['no room in the weights', split(heavy, 100).findings],
        ...annotations.map(([what, text]) => [what, split(noted(text), 50).findings] as const),
        [
          'an annotation that holds filters',
          split(noted(JSON.stringify({ version: 1, rules: [{ ...original, filters: [] }] })), 50).findings,
        ],
        ['changed since', rollbackRoute(changed, pairs).findings],
        ['gone since', rollbackRoute(gone, pairs).findings],
        ['changed since, and the pair is gone', rollbackRoute(unknown, []).findings],
        ['unreadable at a rollback', rollbackRoute(noted('{'), pairs).findings],
      ]),
    );
  });

  it('whose controller will not have both pools', () => {
    const entry = (serves: GatewayEntry['serves'], more: Partial<GatewayEntry> = {}): GatewayEntry => ({
      ...{ ref: refOf(gateway(`gw-${serves}`)), controller: `example.com/${serves}`, serves },
      ...{ onePoolPerRule: false, evidence: 'it was seen', ...more },
    });
    const single = entry('v1', { ref: refOf(gateway('gw-single')), serves: 'both', onePoolPerRule: true });
    const asked: [Strategy | 'auto', number, GatewayEntry[]][] = [
      ['weighted', 50, [entry('alpha')]],
      ['weighted', 50, [entry('v1'), entry('both')]],
      ['weighted', 50, [single]],
      ['auto', 50, [entry('v1'), single]],
      ['auto', 50, [single, entry('both')]],
      ['auto', 50, [entry('both'), single]],
      ['swap', 50, [entry('both'), entry('unknown')]],
      ['swap', 50, []],
      ['swap', 100, [entry('v1')]],
      ['weighted', 0, [entry('alpha'), entry('v1')]],
    ];
    expectGolden(
      'traffic/strategies.txt',
      told(
        asked.map(([strategy, percent, gateways]) => {
          const decision = decideStrategy(strategy, percent, gateways);
          const where = gateways.map(({ ref }) => ref.name).join(' and ') || 'no Gateway';
          const how = `${decision.strategy}${decision.prewarm ? ', warmed up' : ''}`;
          const passable = decision.interlocks.filter(({ forceable }) => forceable).length;
          return [
            `${strategy} at ${percent} on ${where} → ${how}; ${passable} to be forced`,
            decision.interlocks.map(({ finding }) => finding),
          ] as const;
        }),
      ),
    );
  });

  it('that is brought over, step by step', () => {
    const weighed = route([[toAlpha()], [toAlpha('food', { weight: 3 }), toService('x', { weight: 1 })]]);
    const steps = ([strategy, percent, prewarm]: readonly [Strategy, number, boolean]) =>
      [
        `${strategy} to ${percent}${prewarm ? '' : ', unwarmed'}:`,
        ...shiftSteps([weighed], pairs, pairs, percent, strategy, prewarm).steps.map(
          ({ action, ref, reason }) => `  ${action} ${ref.kind} ${ref.name}: ${reason}`,
        ),
        '',
      ].join('\n');
    const asked = [
      ['weighted', 50, true],
      ['weighted', 100, false],
      ['swap', 100, true],
      ['swap', 50, false],
      ['weighted', 0, true],
    ] as const;
    expectGolden('traffic/steps.txt', asked.map(steps).join('\n'));
  });
});
