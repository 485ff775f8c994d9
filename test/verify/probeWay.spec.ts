import { expect } from 'chai';
import { refKey, refOf } from '../../src/api/ref.ts';
import { wayFor, waysTo } from '../../src/verify/probeWay.ts';
import { alphaPool, route, rule, toAlpha, toService, toV1 } from '../support/objects.ts';

const POOLS = new Set([refKey(refOf(alphaPool()))]);

describe('the way of a probe', () => {
  const ways = (matches: object[] | undefined, more: object = {}) =>
    waysTo(route([rule([toAlpha()], { matches, ...more })]), POOLS);
  const path = (type: string, value: string) => [{ path: { type, value } }];
  const rewrite = (of: object) => ({ filters: [{ type: 'URLRewrite', urlRewrite: { path: of } }] });

  const query = (...names: string[]) => names.map((name) => ({ name, value: '1' }));

  it('is a completion where the rule asks for nothing else', () => {
    for (const matches of [undefined, [], [{}], path('PathPrefix', '/'), path('PathPrefix', '/v1/')])
      expect(ways(matches)).to.deep.equal([{ path: '/v1/completions', headers: {} }]);
  });

  it('has the headers and the query that the rule asks for', () => {
    const match = {
      headers: [{ name: 'X-Use', value: 'code' }],
      queryParams: [{ type: 'Exact', name: 'a b', value: 'c&d' }],
    };
    expect(ways([match])).to.deep.equal([
      { path: '/v1/completions?a%20b=c%26d', headers: { 'x-use': 'code' } },
    ]);
  });

  for (const [what, matches, more, expected] of [
    ['exactly this path', path('Exact', '/v1/completions'), {}, '/v1/completions'],
    ['a prefix of it by whole segments', path('PathPrefix', '/v1'), {}, '/v1/completions'],
    ['half a segment', path('PathPrefix', '/v'), {}, undefined],
    ['an expression that takes it', path('RegularExpression', '/v\\d+/.*'), {}, '/v1/completions'],
    ['an expression that is none here', path('RegularExpression', '(?P<x>/v1/.*'), {}, undefined],
    ['chats only', path('Exact', '/v1/chat/completions'), {}, '/v1/chat/completions'],
    ['another path', path('PathPrefix', '/metrics'), {}, undefined],
    [
      'a prefix that it takes away',
      path('PathPrefix', '/team/'),
      rewrite({ type: 'ReplacePrefixMatch', replacePrefixMatch: '/' }),
      '/team/v1/completions',
    ],
    [
      'a prefix that it replaces',
      path('PathPrefix', '/team'),
      rewrite({ type: 'ReplacePrefixMatch', replacePrefixMatch: '/v1' }),
      '/team/completions',
    ],
    [
      'a path that it replaces',
      path('PathPrefix', '/ask'),
      rewrite({ type: 'ReplaceFullPath', replaceFullPath: '/v1/completions' }),
      '/ask',
    ],
    ['another method', [{ method: 'GET' }], {}, undefined],
    ['this method', [{ method: 'POST' }], {}, '/v1/completions'],
    ['several parameters', [{ queryParams: query('a', 'b') }], {}, '/v1/completions?a=1&b=1'],
    [
      'a parameter by expression',
      [{ queryParams: [{ type: 'RegularExpression', name: 'a', value: '.+' }] }],
      {},
      undefined,
    ],
    ['a length of its own', [{ headers: [{ name: 'Content-Length', value: '0' }] }], {}, undefined],
    ['its own proxy', [{ headers: [{ name: 'proxy-authorization', value: 'x' }] }], {}, undefined],
    [
      'a header that only looks like one of a connection',
      [{ headers: [{ name: 'x-connection', value: 'y' }] }],
      {},
      '/v1/completions',
    ],
    ['exactly a path that would be an expression', path('Exact', '/v1.completions'), {}, undefined],
    ['exactly another path', path('Exact', '/v1'), {}, undefined],
    ['a type of match by its default', [{ path: { value: '/metrics' } }], {}, undefined],
    ['an expression that takes part of it', path('RegularExpression', 'v1'), {}, undefined],
    ['an expression that repeats a group', path('RegularExpression', '/(v1/)+.*'), {}, undefined],
    ['an expression that repeats too often', path('RegularExpression', '/.*.*.*.*.*.*'), {}, undefined],
    [
      'an expression that repeats five times',
      path('RegularExpression', '/.*.*.*.*.*'),
      {},
      '/v1/completions',
    ],
    [
      'an expression with groups that are not kept, besides',
      path('RegularExpression', '/(?:v1)/.*.*.*.*.*'),
      {},
      '/v1/completions',
    ],
    ['an expression without any repeat', path('RegularExpression', '/v1/completions'), {}, '/v1/completions'],
    ['this very path as a prefix', path('PathPrefix', '/v1/completions'), {}, '/v1/completions'],
    [
      'a whole path that it replaces by another one',
      path('PathPrefix', '/ask'),
      rewrite({ type: 'ReplaceFullPath', replaceFullPath: '/metrics' }),
      undefined,
    ],
    [
      'a prefix that it drops',
      path('PathPrefix', '/team'),
      rewrite({ type: 'ReplacePrefixMatch' }),
      '/team/v1/completions',
    ],
    [
      'everything, and its path is replaced',
      path('PathPrefix', '/'),
      rewrite({ type: 'ReplaceFullPath', replaceFullPath: '/v1/completions' }),
      '/',
    ],
    [
      'anything, under another prefix',
      [{}],
      rewrite({ type: 'ReplacePrefixMatch', replacePrefixMatch: '/v1/completions' }),
      '/',
    ],
    [
      'a prefix, and something else is rewritten',
      path('PathPrefix', '/v1'),
      { filters: [null, {}, { urlRewrite: { hostname: 'x' } }] },
      '/v1/completions',
    ],
    [
      'a header by expression',
      [{ headers: [{ type: 'RegularExpression', name: 'a', value: '.+' }] }],
      {},
      undefined,
    ],
  ] as const)
    it(`goes ${expected ? `by ${expected}` : 'nowhere'} where the rule asks for ${what}`, () => {
      expect(ways([...matches], more)[0]?.path).to.equal(expected);
    });

  it('leads to these pools, by either group, and not to their neighbours', () => {
    const header = (value: string) => ({ matches: [{ headers: [{ name: 'x', value }] }] });
    const one = route([
      rule([toAlpha('other')], header('other')),
      rule([toV1('food')], header('v1')),
      rule([toService(), toAlpha()], header('mixed')),
    ]);
    expect(waysTo(one, POOLS).map(({ headers }) => headers)).to.deep.equal([{ x: 'mixed' }]);
  });

  it('is a completion before a chat, and without a query before one with it', () => {
    const chat = path('Exact', '/v1/chat/completions');
    const asking = [{ queryParams: query('a') }];
    const all = (...rules: object[][]) =>
      waysTo(route(rules.map((matches) => rule([toAlpha()], { matches }))), POOLS).map((way) => way.path);
    expect(all(chat, [{}])).to.deep.equal(['/v1/completions', '/v1/chat/completions']);
    expect(all(asking, [{}])).to.deep.equal(['/v1/completions', '/v1/completions?a=1']);
    expect(all([{ queryParams: query('a', 'b') }], asking)).to.deep.equal([
      '/v1/completions?a=1',
      '/v1/completions?a=1&b=1',
    ]);
    expect(all([{ queryParams: query('a', 'b') }], chat)[0]).to.equal('/v1/chat/completions');
  });

  it('of a rule without backends is none', () => {
    const { backendRefs: _, ...empty } = rule([]);
    expect(waysTo(route([empty as ReturnType<typeof rule>]), POOLS)).to.deep.equal([]);
  });

  it('is the plainest of several, or the one whose header names the model', () => {
    const by = (value: string, ...more: string[]) => ({
      matches: [{ headers: [value, ...more].map((name) => ({ name: `x-${name}`, value: name })) }],
    });
    const all = waysTo(
      route([rule([toAlpha()], by('a', 'b')), rule([toAlpha()], by('llama')), rule([toAlpha()])]),
      POOLS,
    );
    expect(wayFor('gemma', all)!.headers).to.deep.equal({});
    expect(wayFor('llama', all)!.headers).to.deep.equal({ 'x-llama': 'llama' });
    expect(wayFor('gemma', [])).to.equal(undefined);
  });
});
