import { accessSuite } from './suite.ts';

/** Where another command's test takes most of the same rights away, each run is dear, or both. */
const DEAR = new Set(['convert --apply', 'migrate', 'cleanup --helm-uninstall']);

// All of it is in the reliability tests.
describe('least privilege', function () {
  this.timeout(180_000);
  accessSuite(
    (name, { verb, need }) => !DEAR.has(name) || (need === 'needed' && /^(create|delete|update)$/.test(verb)),
  );
});
