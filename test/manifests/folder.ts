// Real folders for the specs of manifests: made before each test, gone after it.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export class Folder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'infpool-files-')));

  at(name: string): string {
    return join(this.path, name);
  }

  write(files: Readonly<Record<string, string | Buffer>>): this {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(this.at(name)), { recursive: true });
      writeFileSync(this.at(name), content);
    }
    return this;
  }

  read(name: string): string {
    return readFileSync(this.at(name), 'utf8');
  }

  /** Every file below, in order. */
  names(below = ''): string[] {
    return readdirSync(this.at(below), { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.at(below).length).replace(/^\//, ''))
      .sort();
  }

  mode(name: string, mode: number): void {
    chmodSync(this.at(name), mode);
  }

  end(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export const POOL = `apiVersion: inference.networking.x-k8s.io/v1alpha2
kind: InferencePool
metadata:
  name: food
  namespace: llm
spec:
  selector: {app: vllm}
  targetPortNumber: 8000
  extensionRef: {name: food-epp}
`;
