// THIRD_PARTY_LICENSES: what those whose work is in the binary ask to have passed on.
import type { Component } from './components.ts';

const RULE = '='.repeat(80);

export function thirdPartyLicenses(
  components: Component[],
  node: { version: string; license: string },
): string {
  const sections = [
    ...components.map(({ name, version, license, licenseText }) => ({
      title: `${name} ${version} (${license})`,
      text: licenseText,
    })),
    { title: `Node.js ${node.version}, which the program runs on, and what it holds`, text: node.license },
  ];
  const intro =
    'kubectl-infpool holds the software named below. Each section is the license of one, as it came with it.\n';
  return [
    intro,
    ...sections.map(({ title, text }) => `${RULE}\n${title}\n${RULE}\n\n${normal(text)}\n`),
  ].join('\n');
}

/** The same bytes however the file was checked out or written. */
const normal = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .trim();
