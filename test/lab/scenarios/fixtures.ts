// YAML a user could have, under test/fixtures/scenarios, adapted to other names.
import { readFileSync } from 'node:fs';
import { dump } from 'js-yaml';
import { parseManifests, type KubeObject } from '../kube.ts';

const folder = new URL('../../fixtures/scenarios/', import.meta.url);

/** What the fixtures call things, and what they shall be called instead. */
export interface Names {
  /** the Helm release, and so the alpha pool; `vllm-llama3-8b-instruct-preview` in the fixtures */
  release: string;
  /** the model servers' Deployment and its `app` label; `vllm-llama3-8b-instruct` in the fixtures */
  app: string;
}

export const fixtureNames: Names = {
  release: 'vllm-llama3-8b-instruct-preview',
  app: 'vllm-llama3-8b-instruct',
};

/** The text of `NAME.yaml` with its names replaced. */
export function fixture(name: string, names: Names = fixtureNames): string {
  const text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8');
  return text.replace(/vllm-llama3-8b-instruct(-preview)?/g, (_, preview) =>
    preview ? names.release : names.app,
  );
}

export const fixtureObjects = (name: string, names?: Names): KubeObject[] =>
  parseManifests(fixture(name, names));

export const toYaml = (objects: object[]): string => objects.map((object) => dump(object)).join('---\n');
