// Which request of a command this is, in words that are the same each time the command runs: requests go out at once, so
// their order says nothing.

/** The query parameters that say what is asked; the others are of the moment. */
const TELLING = ['watch', 'fieldSelector', 'labelSelector', 'dryRun', 'limit'];

export function keyOf(method: string, url: string, body: Buffer): string {
  const { pathname, searchParams } = new URL(url, 'https://any');
  const telling = TELLING.flatMap((name) => {
    const value = searchParams.get(name);
    return value === null ? [] : [`${name}=${value}`];
  });
  if (searchParams.has('continue')) telling.push('continue');
  const review = pathname.endsWith('/selfsubjectaccessreviews') ? ` ${attributes(body)}` : '';
  return `${method} ${pathname}${telling.length > 0 ? `?${telling.join('&')}` : ''}${review}`;
}

function attributes(body: Buffer): string {
  try {
    const { spec } = JSON.parse(body.toString()) as { spec: { resourceAttributes: Record<string, string> } };
    const { verb, group, resource, namespace = '' } = spec.resourceAttributes;
    return [verb, resource, group, namespace].join(' ').trim();
  } catch {
    return '';
  }
}

export function isWrite(key: string): boolean {
  return !/^(GET|PROBE) /.test(key) && !key.includes('/selfsubjectaccessreviews');
}

/** A write that is more than a question. */
export function mayChange(key: string): boolean {
  return isWrite(key) && !key.includes('dryRun=All');
}
