import { commandDocument } from './commands.ts';
import type { Document } from './document.ts';
import { exitCodeDocument } from './exitCodes.ts';
import { findingDocuments } from './findings.ts';
import { jsonDocument } from './json.ts';

/** Nothing else may lie here. */
export const OWN_FOLDERS = ['docs/findings', 'docs/reference'] as const;

export async function allDocuments(): Promise<Document[]> {
  return [...findingDocuments(), await commandDocument(), exitCodeDocument(), jsonDocument()];
}
