import { expect } from 'chai';
import { HTTP_ROUTE } from '../../src/api/resource.ts';
import { allowed } from '../../src/cluster/allowed.ts';
import { answer, apiServer, stopAll, transportTo, type Reply } from './api-server.ts';

const review = (status: object) => ({ kind: 'SelfSubjectAccessReview', status });

describe('asking whether one may', () => {
  afterEach(stopAll);

  const rows: [what: string, reply: Reply, said: boolean | null][] = [
    ['a yes', review({ allowed: true }), true],
    ['a no', review({ allowed: false }), false],
    ['no word on it', {}, null],
    ['something else', { kind: 'Pod', metadata: {} }, null],
    ['a page', answer(200, '<html>Sign in</html>'), null],
    ['a refusal', answer(403, 'no'), null],
  ];
  for (const [what, reply, said] of rows)
    it(`${what} is ${said === null ? 'not known' : said}`, async () => {
      const server = await apiServer(() => reply);
      expect(await allowed(transportTo(server.url), 'list', HTTP_ROUTE, 'ns')).to.equal(said);
    });
});
