// What the files of a release are called, and where they will be.
import { nameOf, type Platform } from '../build/platforms.ts';

export const HOMEPAGE = 'https://github.com/kubectl-infpool/kubectl-infpool';

/** `v1.2.3` or `v1.2.3-rc.1`: a tag that krew takes. */
export const VERSION = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

export function archiveName(version: string, platform: Platform): string {
  const extension = platform.os === 'windows' ? 'zip' : 'tar.gz';
  return `kubectl-infpool_${version}_${nameOf(platform).replace('/', '_')}.${extension}`;
}

export const sbomName = (version: string): string => `kubectl-infpool_${version}.cdx.json`;

export const downloadUrl = (version: string): string => `${HOMEPAGE}/releases/download/${version}`;
