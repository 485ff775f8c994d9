/** True where everything in `wanted` is in `live` with the same value; `live` may hold more (defaults of the server). */
export function covers(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(live) &&
      live.length === wanted.length &&
      wanted.every((item, index) => covers(live[index], item))
    );
  if (wanted !== null && typeof wanted === 'object') {
    if (live === null || typeof live !== 'object') return false;
    return Object.entries(wanted).every(([key, value]) =>
      covers((live as Record<string, unknown>)[key], value),
    );
  }
  return live === wanted;
}
