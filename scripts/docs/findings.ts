// docs/findings: what `explain` says, a file a chapter, and an index.
import type { Chapter } from '../../src/api/page.ts';
import { CHAPTERS } from '../../src/explain/pages.ts';
import { pageMarkdown } from '../../src/report/page.ts';
import type { Document } from './document.ts';

export function findingDocuments(): Document[] {
  return [index(), ...CHAPTERS.map(chapterOf)];
}

function index(): Document {
  const lines = CHAPTERS.flatMap(({ name, heading, pages }) => [
    '',
    `## [${heading}](${name}.md)`,
    '',
    ...pages.map(({ id, page }) => `- [${id}](${name}.md#${id}): ${page.title}`),
  ]);
  return {
    path: 'docs/findings/README.md',
    text: [
      '# Findings and checks',
      '',
      'Every finding that a command prints, every reason for which it refuses, and every check of `verify` has an id, which',
      'stays. The same on a terminal: `kubectl infpool explain ID`.',
      ...lines,
      '',
    ].join('\n'),
  };
}

function chapterOf({ name, heading, pages }: Chapter): Document {
  return {
    path: `docs/findings/${name}.md`,
    text: [
      `# ${heading}`,
      '',
      '[All findings and checks](README.md)',
      '',
      pages.map((page) => pageMarkdown(page, 2)).join('\n'),
    ].join('\n'),
  };
}
