import { accessSuite } from './suite.ts';

describe('least privilege, whole', function () {
  this.timeout(15 * 60_000);
  accessSuite(() => true);
});
