import type { Verdict } from '../../api/inventory.ts';
import { verdictText } from '../inventory.ts';
import type { ReportData } from '../reportData.ts';
import { count } from '../text.ts';
import { checksSection, tally } from './checksSection.ts';
import { PAGE_CSS } from './css.ts';
import { section, xml, type Tone } from './element.ts';
import { findingsSection } from './findingsSection.ts';
import { inventorySection, plannedSection, versionSection } from './inventorySection.ts';
import { planSection } from './planSection.ts';
import { timelineSection } from './timelineSection.ts';

/** By which a file is known to be a report of ours. */
export const HTML_MARK = '<meta name="generator" content="kubectl infpool report">';

const TONES: Readonly<Record<Verdict, Tone>> = {
  MigrationNeeded: 'bad',
  InProgress: 'doubt',
  Done: 'good',
  NotNeeded: 'good',
  Unknown: 'doubt',
};

const SIGNS: Readonly<Record<Verdict, string>> = {
  MigrationNeeded: '!',
  InProgress: '→',
  Done: '√',
  NotNeeded: '√',
  Unknown: '?',
};

/** The style sheet of a page that holds pictures with this one. */
export function pageCss(pictureCss: string): string {
  return `${PAGE_CSS}${pictureCss}`;
}

/** One file without scripts that asks for nothing from anywhere. `cssHash` is the base64 SHA-256 of the style sheet. */
export function reportPage(data: ReportData, css: string, cssHash: string): string {
  const sections = [
    ['inventory', 'What is there now', inventorySection(data)],
    ['planned', 'What it will be', plannedSection(data)],
    ['findings', `Findings (${data.findings.length})`, findingsSection(data)],
    ['plan', 'The plan', planSection(data)],
    ['checks', 'Checks', checksSection(data)],
    ['timeline', 'How the migration went', timelineSection(data)],
    ['versions', 'CRDs and versions', versionSection(data)],
  ] as const;
  const shown = sections.filter(([, , html]) => html !== '');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${cssHash}'; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    HTML_MARK,
    '<meta name="robots" content="noindex">',
    `<title>${xml(`Inference pools of ${data.server}: v1alpha2 to v1`)}</title>`,
    `<style>${css}</style>`,
    '</head>',
    '<body>',
    '<a class="skip" href="#main">Skip to the report</a>',
    header(data),
    '<nav aria-label="Contents">',
    `<ul>${shown.map(([id, title]) => `<li><a href="#${id}">${xml(title)}</a></li>`).join('')}</ul>`,
    '</nav>',
    '<main id="main" tabindex="-1">',
    summary(data),
    ...shown.map(([, , html]) => html),
    '</main>',
    `<footer><p>Made on ${xml(data.generatedAt)} by version ${xml(data.version)} of kubectl infpool. It shows what was then. It holds no Secret objects; of routes and pools it shows what they hold.</p></footer>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function header({ server, generatedAt, scope }: ReportData): string {
  return `<header><h1>Inference pools: from v1alpha2 to v1</h1><p class="faint">${xml(server)}, ${xml(scope)}, on ${xml(generatedAt)}</p></header>`;
}

function summary({ inventory, pools, findings, verification }: ReportData): string {
  const [verdict = ''] = verdictText(inventory).split('\n');
  const tone = TONES[inventory.verdict];
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const facts = [
    ['Alpha pools', String(pools.filter(({ phase }) => phase !== 'Done').length)],
    ['V1 pools that take over', String(pools.filter(({ v1 }) => v1 !== null).length)],
    ['InferenceModels', String(inventory.models.length)],
    [
      'Findings',
      errors === 0 ? String(findings.length) : `${findings.length}, ${count(errors, 'error')} among them`,
    ],
    ['Checks', verification ? tally(verification.checks) : 'none'],
  ];
  return section(
    'summary',
    'Verdict',
    `<p class="verdict ${tone}"><span aria-hidden="true">${SIGNS[inventory.verdict]}</span> ${xml(verdict)}</p>`,
    ...unread(inventory),
    `<dl class="facts">${facts.map(([name, value]) => `<div><dt>${xml(name!)}</dt><dd>${xml(value!)}</dd></div>`).join('')}</dl>`,
    ...(pools.length > 0
      ? []
      : [
          '<p>What was looked at:</p>',
          `<ul>${inventory.checked.map((line) => `<li>${xml(line)}</li>`).join('')}</ul>`,
        ]),
  );
}

function unread({ unread }: ReportData['inventory']): string[] {
  if (unread.length === 0) return [];
  const items = unread.map(({ resource, message }) => `<li>${xml(resource)}: ${xml(message)}</li>`).join('');
  return [
    `<div class="verdict doubt"><p>? This could not be read, so the report may be incomplete:</p><ul>${items}</ul></div>`,
  ];
}
