// krew-manifest.yaml, filled in: dist/infpool.yaml.
import { parseDocument, type YAMLSeq } from 'yaml';

interface Values {
  version: string;
  /** The folder that the archives will be downloaded from. */
  url: string;
  /** By `os_arch`. A platform without one is left out. */
  sha256: Record<string, string>;
}

/**
 * @throws when the template wants a value that there is none of, or has no platform for one of the sums
 */
export function renderManifest(template: string, { version, url, sha256 }: Values): string {
  const document = parseDocument(template.replace(/^(#.*\n)+/, '')); // its first lines are about the template
  const platforms = document.getIn(['spec', 'platforms']) as YAMLSeq<{ get(key: string): string }>;
  const platformOf = (sum: string) => /^\$\{SHA256_(\w+)\}$/.exec(sum)?.[1] ?? '';
  const known = platforms.items.map((item) => platformOf(item.get('sha256')));
  const unknown = Object.keys(sha256).filter((platform) => !known.includes(platform));
  if (unknown.length > 0) throw new Error(`krew-manifest.yaml has no platform ${unknown.join(', ')}`);
  platforms.items = platforms.items.filter((_, index) => sha256[known[index]!] !== undefined);
  return document.toString({ lineWidth: 0 }).replace(/\$\{(\w+)\}/g, (_, name: string) => {
    if (name === 'VERSION') return version;
    if (name === 'URL') return url;
    const sum = name.startsWith('SHA256_') ? sha256[name.slice('SHA256_'.length)] : undefined;
    if (sum === undefined) throw new Error(`krew-manifest.yaml wants \${${name}}, which nothing gives`);
    return sum;
  });
}
