import { dirname, relative, sep } from 'node:path';
import { shellWord } from '../api/shellWord.ts';
import type { Finding } from '../api/finding.ts';
import { ALPHA_GROUP } from '../api/resource.ts';

/** The files of Helm charts that are no manifests, and what is in them for us. */
export class Charts {
  /** By real path: as a person would write it. */
  readonly #shown: ReadonlyMap<string, string>;
  readonly #byFolder = new Map<string, string | null>();
  readonly #mentions = new Map<string, string[]>();
  readonly #used = new Set<string>();

  constructor(shown: ReadonlyMap<string, string>) {
    this.#shown = shown;
  }

  /** The chart that this file is a template, the values or the metadata of; null for manifests, those of crds/ too. */
  owner(real: string): string | null {
    const chart = this.#chartAt(dirname(real));
    if (chart === null) return null;
    const rest = relative(chart, real).split(sep).join('/');
    return /^(?:templates\/.*|ci\/[^/]*|Chart\.yaml|requirements\.yaml|[^/]*values[^/]*\.(?:ya?ml|json))$/.test(
      rest,
    )
      ? chart
      : null;
  }

  add(chart: string, real: string, text: string): void {
    this.#used.add(chart);
    const brought =
      /^(?:Chart|requirements)\.yaml$/.test(relative(chart, real)) && /\binferencepool\b/.test(text);
    if (!brought && !text.includes(ALPHA_GROUP)) return;
    const list = this.#mentions.get(chart) ?? [];
    list.push(relative(chart, real));
    this.#mentions.set(chart, list);
  }

  /** One a chart, in order. */
  findings(): Finding[] {
    return [...this.#used].sort().map((chart) => {
      const shown = this.#shown.get(chart) ?? chart;
      const mentions = this.#mentions.get(chart) ?? [];
      return {
        id: 'helm-chart',
        severity: 'warning',
        ref: null,
        field: shown,
        message: `It is a Helm chart. Its templates are no manifests before they are rendered, so they were not looked into${
          mentions.length === 0
            ? `; none of its files mentions ${ALPHA_GROUP}.`
            : ` and are not changed. v1alpha2 is in ${listed(mentions)}.`
        }`,
        hint: `helm template RELEASE ${shellWord(shown)} | kubectl infpool convert -f -    shows what it makes; ${
          mentions.length === 0
            ? 'give the values that you use'
            : 'then change its templates and values by hand'
        }`,
      };
    });
  }

  /** Charts that may hold alpha objects: as a person would write them, with the files that say so. */
  suspects(): { chart: string; files: readonly string[] }[] {
    return [...this.#mentions].map(([chart, files]) => ({ chart: this.#shown.get(chart) ?? chart, files }));
  }

  #chartAt(folder: string): string | null {
    const known = this.#byFolder.get(folder);
    if (known !== undefined) return known;
    const above = dirname(folder);
    const chart = this.#shown.has(folder) ? folder : above === folder ? null : this.#chartAt(above);
    this.#byFolder.set(folder, chart);
    return chart;
  }
}

const NAMED = 5;

function listed(files: readonly string[]): string {
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  return `${files.slice(0, NAMED).join(', ')}${more}`;
}
