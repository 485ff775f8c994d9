// The bill of materials, in CycloneDX: what is in the binary (not what package.json asks for, most of which is left
// out of the bundle). No serial number and no clock, so that the same commit gives the same bytes.
// https://cyclonedx.org/docs/1.6/json/
import type { Component } from './components.ts';

interface Product {
  version: string;
  commit: string;
  /** ISO 8601 */
  date: string;
  homepage: string;
}

interface Runtime {
  version: string;
  /** What Node says of itself: process.versions. */
  versions: Record<string, string | undefined>;
}

/** Of process.versions, what is no library: interfaces, data standards. */
const notLibraries = new Set(['node', 'modules', 'napi', 'cldr', 'tz', 'unicode']);

export function sbom(product: Product, components: Component[], runtime: Runtime): string {
  const node = `pkg:generic/node@${runtime.version}`;
  const self = `pkg:generic/kubectl-infpool@${product.version}`;
  const libraries = components.map(library);
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: product.date,
      component: {
        type: 'application',
        'bom-ref': self,
        name: 'kubectl-infpool',
        version: product.version,
        licenses: [{ license: { id: 'Apache-2.0' } }],
        purl: self,
        externalReferences: [{ type: 'website', url: product.homepage }],
        properties: [{ name: 'commit', value: product.commit }],
      },
    },
    components: [
      ...libraries,
      {
        type: 'platform',
        'bom-ref': node,
        name: 'node',
        version: runtime.version,
        licenses: [{ license: { id: 'MIT' } }],
        cpe: `cpe:2.3:a:nodejs:node.js:${runtime.version}:*:*:*:*:*:*:*`,
        purl: node,
        components: Object.entries(runtime.versions)
          .filter(([name]) => !notLibraries.has(name))
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, version]) => ({
            type: 'library',
            'bom-ref': `${node}#${name}`,
            name,
            version,
          })),
      },
    ],
    dependencies: [
      { ref: self, dependsOn: [...libraries.map((entry) => entry['bom-ref']), node] },
      ...libraries.map((entry) => ({ ref: entry['bom-ref'] })),
      { ref: node },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function library({ name, version, license, integrity }: Component) {
  const [, group, short] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name)!;
  const purl = `pkg:npm/${group ? `${encodeURIComponent(group)}/` : ''}${short}@${version}`;
  const [algorithm, sum] = integrity.split('-');
  return {
    type: 'library',
    'bom-ref': purl,
    ...(group ? { group } : {}),
    name: short,
    version,
    licenses: [/ /.test(license) ? { expression: license } : { license: { id: license } }],
    purl,
    ...(algorithm === 'sha512'
      ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(sum!, 'base64').toString('hex') }] }
      : {}),
  };
}
