import type { FindingPages } from '../api/page.ts';
import { GKE_MIGRATION } from '../api/sources.ts';

export const RESTORE_PAGES = {
  'restore-differs': {
    title: 'An object of the backup exists, with different content',
    severity: ['warning'],
    means: 'restore puts back what is missing. This object exists, and is not as the backup has it.',
    known: 'The object is read and compared with the backup, without metadata and status.',
    matters:
      'It is kept: someone may have made it on purpose since. Restoring never overwrites a live object.',
    cure: [
      'Compare the two:',
      '$ kubectl diff -f BACKUP',
      'To have the one of the backup, delete the live one first, then:',
      '$ kubectl infpool restore -f BACKUP',
    ],
    sources: [GKE_MIGRATION],
  },
} satisfies FindingPages;
