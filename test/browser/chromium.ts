// A real headless browser: the Chromium inside @sparticuz/chromium with the libraries that it brings along, unpacked once
// into the cache. Nothing is installed, no network is used.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import puppeteer, { type Browser } from 'puppeteer-core';
import { cacheRoot } from '../lab/parts/cache.ts';

const packed = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..');

/** Why there is no browser here, or undefined where there is one: the package holds Linux on amd64 only. */
export function noBrowser(): string | undefined {
  return process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : 'the packed Chromium is for Linux on amd64';
}

export async function startBrowser(): Promise<Browser> {
  const folder = unpacked();
  return puppeteer.launch({
    executablePath: join(folder, 'chromium'),
    headless: 'shell',
    // Tests run as root in containers, where Chromium's own sandbox can't be set up. The pages are our own files.
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none', '--hide-scrollbars'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  });
}

function unpacked(): string {
  const { version } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as { version: string };
  const folder = join(cacheRoot(), 'chromium', version);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(join(dirname(folder), 'tmp-'));
  try {
    writeFileSync(join(scratch, 'chromium'), plain('chromium.br'), { mode: 0o755 });
    // Their archives have no folder of their own: fonts.conf, lib/…
    for (const [archive, to] of [
      ['al2023.tar.br', 'al2023'],
      ['fonts.tar.br', 'fonts'],
      ['swiftshader.tar.br', '.'],
    ] as const) {
      mkdirSync(join(scratch, to), { recursive: true });
      execFileSync('tar', ['-x', '-C', join(scratch, to)], { input: plain(archive) });
    }
    // Theirs looks for fonts in /tmp. Those of this machine come after: a monospaced one, signs and arrows.
    writeFileSync(join(scratch, 'fonts', 'fonts.conf'), fontsOf(folder));
    renameSync(scratch, folder);
  } catch (error) {
    // Someone else may have been faster.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folder;
}

function plain(name: string): Buffer {
  return brotliDecompressSync(readFileSync(join(packed, 'bin', name)));
}

function fontsOf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts', 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'fonts', 'cache')}</cachedir>
</fontconfig>
`;
}
