import type { Severity } from './finding.ts';
import type { CheckId, FindingId } from './ids.ts';

/** Where a statement can be looked up. */
export interface Source {
  readonly title: string;
  readonly url: string;
}

/** What `explain` says of one id, for who meets it for the first time and is in a hurry. Whole sentences. */
interface Words {
  /** One line, without a full stop. */
  readonly title: string;
  /** What is. */
  readonly means: string;
  /** What is read, and what is concluded from it. */
  readonly known: string;
  /** What happens to requests, data or people if nothing is done. */
  readonly matters: string;
  /** Steps in order; what begins with `$ ` is a command to copy, with NAMES IN CAPITALS to fill in. */
  readonly cure: readonly string[];
  readonly sources: readonly Source[];
}

/** Of a finding: how bad it can be (the first is the usual), and what goes past it where it stands in the way of a write. */
export interface FindingPage extends Words {
  readonly severity: readonly Severity[];
  readonly past?: string;
}

/** Of a check: the heading that `verify` shows it under. */
export interface CheckPage extends Words {
  readonly group: string;
}

export type Page = FindingPage | CheckPage;

export type FindingPages = { readonly [Id in Exclude<FindingId, CheckId>]?: FindingPage };
export type CheckPages = { readonly [Id in CheckId]?: CheckPage };
export type PageId = FindingId;

export interface NamedPage {
  readonly id: PageId;
  readonly page: Page;
}

/** Pages that belong together, in the order in which one meets them. */
export interface Chapter {
  /** For a file's name: `traffic`. */
  readonly name: string;
  readonly heading: string;
  readonly pages: readonly NamedPage[];
}
