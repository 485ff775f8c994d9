/** An address for messages and files: who and by which password stays out. What is no URL may hold them, too. */
export function shownAddress(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1');
}
