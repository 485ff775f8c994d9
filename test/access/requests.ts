// What went over the wire, as the rights that it took.
import type { Seen } from '../lab/connect/gate.ts';

const PATH =
  /^\/(?:api|apis\/([^/]+))\/v[^/]+(?:\/namespaces\/[^/]+(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/;

/** `verb plural.group` of each request for objects; without reviews of access, which everybody may ask for. */
export function rightsUsed(seen: readonly Pick<Seen, 'method' | 'path'>[]): Set<string> {
  return new Set(
    seen.flatMap(({ method, path }) => {
      const { pathname, searchParams } = new URL(path, 'http://server');
      const [, group = '', plural, name, subresource] = PATH.exec(pathname) ?? [];
      if (plural === undefined || plural === 'selfsubjectaccessreviews') return [];
      const resource = `${plural}${subresource ? `/${subresource}` : ''}`;
      const verb = verbOf(method, name !== undefined, searchParams.get('watch') === 'true');
      return verb ? [`${verb} ${group === '' ? resource : `${resource}.${group}`}`] : [];
    }),
  );
}

function verbOf(method: string, named: boolean, watch: boolean): string | undefined {
  if (method === 'GET') return watch ? 'watch' : named ? 'get' : 'list';
  return { POST: 'create', PATCH: 'patch', PUT: 'update', DELETE: 'delete' }[method];
}
