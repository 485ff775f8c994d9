// Pages and help as they are printed, wide and narrow: by golden file, each read by eye.
import { expect } from 'chai';
import type { Chapter, NamedPage } from '../../src/api/page.ts';
import { refOf } from '../../src/api/ref.ts';
import { helpText, type HelpText } from '../../src/report/help.ts';
import {
  chaptersReport,
  chaptersText,
  kindOf,
  pageMarkdown,
  pageReport,
  pageText,
} from '../../src/report/page.ts';
import { runbook, type ScriptInput } from '../../src/report/script.ts';
import { PLAIN } from '../../src/report/text.ts';
import { expectGolden } from '../support/golden.ts';
import {
  alphaPool,
  grant,
  model,
  object,
  objective,
  policy,
  route,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import * as r from '../../src/api/resource.ts';

const words = {
  title: 'Something is not as it should be',
  means:
    'One of *these* has <no> other, and that_is why it | says so in a sentence that is longer than a narrow terminal.',
  known: 'It was read.',
  matters: 'Requests fail.',
  sources: [{ title: 'The guide', url: 'https://example.com/guide' }],
};
const finding: NamedPage = {
  id: 'model-without-pool',
  page: {
    ...words,
    severity: ['error', 'warning'],
    cure: [
      'Look at_it:',
      '$ kubectl get -n NAMESPACE things.example.com/THING --output yaml --show-managed-fields',
      '$ kubectl version',
      'Then wait.',
    ],
    past: '--force_it',
  },
};
const check: NamedPage = {
  id: 'pods-ready',
  page: { ...words, group: 'Model servers', cure: ['$ kubectl get pods'] },
};
const bare: NamedPage = {
  id: 'epp-pool',
  page: { ...words, severity: ['info'], cure: ['Nothing.'], sources: [] },
};
const chapters: Chapter[] = [
  { name: 'one', heading: 'The first', pages: [finding, bare] },
  { name: 'two', heading: 'The second', pages: [check] },
];

describe('a page', () => {
  it('is text for a terminal, wide or narrow, in which no command is broken', () => {
    const texts = [160, 40].flatMap((width) =>
      [finding, check, bare].map((page) => pageText(page, { ...PLAIN, width })),
    );
    expectGolden('report/pages.txt', texts.join('\n----\n'));
    expect(pageText(finding, { ...PLAIN, width: 40 })).to.contain('\n    kubectl get -n NAMESPACE things');
    const coloured = pageText(check, { ...PLAIN, color: true, width: 80 });
    expect(coloured.split('\u001b[1m')).to.have.length(7);
  });

  it('is Markdown, whose commands are blocks and whose words are no markup', () => {
    expectGolden('report/pages.md', [finding, check, bare].map((page) => pageMarkdown(page, 2)).join('\n'));
    expect(pageMarkdown(check)).to.match(/^# pods-ready\n/);
  });

  it('is one of a list, with its title in a column', () => {
    expectGolden(
      'report/chapters.txt',
      [
        chaptersText(chapters, { ...PLAIN, width: 120 }),
        chaptersText(chapters, { ...PLAIN, width: 44 }),
      ].join('\n----\n'),
    );
  });

  it('is data', () => {
    expect(kindOf(finding.page)).to.equal('error or warning');
    expect(kindOf(check.page)).to.equal('check under Model servers');
    expect(pageReport(check)).to.deep.equal({
      apiVersion: 'kubectl-infpool/v1',
      kind: 'Explanation',
      id: 'pods-ready',
      ...check.page,
    });
    expect(chaptersReport(chapters)).to.deep.equal({
      apiVersion: 'kubectl-infpool/v1',
      kind: 'ExplanationList',
      items: [
        { id: 'model-without-pool', chapter: 'one', title: words.title, kind: 'error or warning' },
        { id: 'epp-pool', chapter: 'one', title: words.title, kind: 'info' },
        { id: 'pods-ready', chapter: 'two', title: words.title, kind: 'check under Model servers' },
      ],
    });
  });
});

describe('help', () => {
  const help: HelpText = {
    about: [
      'Moves what is to be moved, in a sentence that is longer than a narrow terminal is wide.',
      'And back.',
    ],
    usage: 'Usage: kubectl infpool move [POOL…] [--flags that go on and on for a while]',
    examples: [
      [
        'kubectl infpool move food -n llm --with-a-flag-that-is-long --and-another-one-that-is-long',
        'one pool of a namespace that has a long name',
      ],
    ],
    groups: [
      {
        title: 'What',
        flags: {
          all: {
            alias: ['A', 'everything'],
            describe: 'All of them, wherever they are, and whatever is said of them elsewhere in this text',
          },
          output: { alias: 'o', describe: 'How it is printed', choices: ['table', 'json'], default: 'table' },
          pace: { describe: 'Seconds, by default none', default: 3 },
          wait: { describe: 'Waits', default: true },
          tries: { describe: 'How often', default: 0 },
        },
      },
      { title: 'Who', flags: { as: { describe: 'Somebody else', choices: ['me', 'you'] } } },
    ],
    whole: true,
    end: 'More: kubectl infpool explain',
  };

  it('has its flags side by side, or one below the other where it is narrow', () => {
    const shown = [
      helpText(help, 100),
      helpText({ ...help, whole: false }, 70),
      helpText({ ...help, examples: [] }, 69),
      helpText(help, 30),
    ];
    expectGolden('report/help.txt', shown.join('\n----\n'));
  });
});

describe('the runbook of pools that have grants, policies and rules', () => {
  it('makes them, goes over what the chart made, changes what stays, and takes the alpha side away', () => {
    const base: ScriptInput = {
      release: 'v1.3.1',
      server: 'https://server',
      gkeOwnsV1PoolCrd: true,
      pools: [
        {
          alpha: refOf(alphaPool()),
          v1: refOf(v1Pool()),
          helmInstall: null,
          objects: [],
          models: [],
          helmRelease: null,
          epp: 'food-epp',
          eppV1: 'food-ga-epp',
        },
      ],
      routes: [{ ref: refOf(route()), half: [], whole: [{ op: 'remove', path: '/metadata/annotations/x' }] }],
    };
    const rewriting = {
      ...base.pools[0]!,
      objects: [object(r.REWRITE, 'a', { spec: { text: 'END\nENDX\n' } })],
    };
    const like = policy(r.HEALTH_CHECK_POLICY, toV1(), {}, { name: 'h' });
    const ops = [{ op: 'add', path: '/spec/to/-', value: { name: "it's" } }] as const;
    const beside = {
      created: [like],
      carriedOver: [{ ...like, kind: 'GCPBackendPolicy' }],
      patched: [{ ref: refOf(grant([])), operations: ops }],
      removed: [
        { ref: refOf(grant([])), operations: [{ op: 'remove', path: '/spec/to/0' }] as const },
        { ref: refOf(model('old')), operations: [] },
      ],
    };
    expectGolden(
      'report/runbook-beside.sh',
      runbook({ ...base, pools: [base.pools[0]!, rewriting], beside }),
    );
    const none = { created: [], carriedOver: [], patched: [], removed: [] };
    expect(runbook({ ...base, beside: none })).to.equal(runbook(base));
    const ended = {
      ...base.pools[0]!,
      objects: [object(r.CONFIG_MAP, 'c', { data: { END: null } }), objective()],
    };
    expect(runbook({ ...base, pools: [ended] })).to.match(/<<'END'\n[\s\S]*\nEND\n/);
  });
});
