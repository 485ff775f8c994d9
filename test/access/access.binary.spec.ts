import { accessSuite } from './suite.ts';

/** Where another command's test takes most of the same rights away, each run is dear, or both. */
const DEAR = new Set(['convert --apply', 'migrate', 'cleanup --helm-uninstall']);

/** A report reads what others read, too; these are read at three places of it, and each has to say that it could not. */
const REPORTED = /^(services|clusterpodmonitorings)$/;

// All of it is in the reliability tests.
describe('least privilege', function () {
  this.timeout(180_000);
  accessSuite((name, { verb, need, resource }) => {
    if (name === 'report') return REPORTED.test(resource.plural);
    if (name === 'migrate --cleanup') return verb === 'delete' && need === 'needed';
    return !DEAR.has(name) || (need === 'needed' && /^(create|delete|update)$/.test(verb));
  });
});
