import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { load } from 'js-yaml';
import { nameOf, platforms } from '../../scripts/build/platforms.ts';
import { renderManifest } from '../../scripts/release/manifest.ts';
import { archiveName, downloadUrl, VERSION } from '../../scripts/release/names.ts';

const root = join(import.meta.dirname, '..', '..');
const template = readFileSync(join(root, 'krew-manifest.yaml'), 'utf8');
const keys = platforms.map((platform) => nameOf(platform).replace('/', '_'));
const sums = Object.fromEntries(keys.map((key, index) => [key, `${index}`.repeat(64)]));

interface Manifest {
  metadata: { name: string };
  spec: {
    version: string;
    shortDescription: string;
    description: string;
    platforms: {
      selector: { matchLabels: { os: string; arch: string } };
      uri: string;
      sha256: string;
      bin: string;
    }[];
  };
}
const render = (sha256: Record<string, string>) =>
  renderManifest(template, { version: 'v1.2.3', url: 'https://example.com/v1.2.3', sha256 });
const read = (text: string) => load(text) as Manifest;

describe('the krew manifest', () => {
  it('names each platform with its archive, its sum and its binary', () => {
    const { spec, metadata } = read(render(sums));
    expect([metadata.name, spec.version]).to.deep.equal(['infpool', 'v1.2.3']);
    expect(spec.platforms).to.deep.equal(
      platforms.map((platform, index) => ({
        selector: { matchLabels: { os: platform.os, arch: platform.arch } },
        uri: `https://example.com/v1.2.3/${archiveName('v1.2.3', platform)}`,
        sha256: `${index}`.repeat(64),
        bin: platform.binary,
      })),
    );
  });

  it('leaves a platform out that there is no archive for', () => {
    const { spec } = read(render({ linux_arm64: 'a'.repeat(64) }));
    expect(spec.platforms.map(({ selector }) => selector.matchLabels)).to.deep.equal([
      { os: 'linux', arch: 'arm64' },
    ]);
  });

  it('says nothing about the template it was made from', () => {
    const text = render(sums);
    expect(text).to.match(/^apiVersion: krew\.googlecontainertools\.github\.com\/v1alpha2\n/);
    expect(text).not.to.include('${');
  });

  it('does not take a sum for a platform that the template has not', () =>
    expect(() => render({ ...sums, plan9_amd64: '' })).to.throw(/no platform plan9_amd64/));

  it('does not let pass what nothing fills in', () =>
    expect(() =>
      renderManifest(`${template}# \${WHO}\n`, { version: 'v1.2.3', url: '', sha256: sums }),
    ).to.throw(/WHO/));

  it("keeps krew's rules for texts", () => {
    const { shortDescription, description } = read(render(sums)).spec;
    expect(shortDescription.length).to.be.at.most(50);
    expect(shortDescription).not.to.match(/\.$|kubectl|plugin/i);
    for (const line of description.split('\n')) expect(line.length, line).to.be.at.most(80);
  });
});

describe("krew-release-bot's template", () => {
  it('makes the same manifest as a release does', () => {
    // What the bot's addURIAndSha does, with our sums in place of downloads.
    const text = readFileSync(join(root, '.krew.yaml'), 'utf8');
    const filled = text
      .replace(/\{\{addURIAndSha "([^"]+)" \.TagName \| indent 6 \}\}/g, (_, url: string) => {
        const key = /_(\w+_\w+)\.(?:tar\.gz|zip)$/.exec(url)![1]!;
        return `uri: ${url}\n      sha256: "${sums[key]}"`;
      })
      .replaceAll('{{ .TagName }}', 'v1.2.3');
    expect(filled, 'an action that the bot would trip over').not.to.match(/\{\{|\}\}/);
    expect(read(filled)).to.deep.equal(
      read(renderManifest(template, { version: 'v1.2.3', url: downloadUrl('v1.2.3'), sha256: sums })),
    );
  });
});

describe('the version in package.json', () => {
  it('can become a release', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(`v${version}`).to.match(VERSION);
  });
});
