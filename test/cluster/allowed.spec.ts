import { expect } from 'chai';
import { HTTP_ROUTE } from '../../src/api/resource.ts';
import { allowed } from '../../src/cluster/allowed.ts';
import { answer, apiServer, stopAll, transportTo, type Reply } from './api-server.ts';

const review = (status: object) => ({ kind: 'SelfSubjectAccessReview', status });

describe('asking whether one may', () => {
  afterEach(stopAll);

  const rows: [what: string, reply: Reply, said: boolean | string][] = [
    ['a yes', review({ allowed: true }), true],
    ['a no', review({ allowed: false }), false],
    ['no word on it', {}, 'the answer does not say'],
    ['something else', { kind: 'Pod', metadata: {} }, 'the answer does not say'],
    [
      'a page',
      answer(200, '<html>Sign in</html>'),
      'the answer is not what an API server sends (HTTP 200, no content type)',
    ],
    ['a refusal', answer(403, 'no'), 'HTTP 403: no'],
  ];
  for (const [what, reply, said] of rows)
    it(`${what} is ${typeof said === 'string' ? 'not known, and why' : said}`, async () => {
      const server = await apiServer(() => reply);
      const may = await allowed(transportTo(server.url), 'list', HTTP_ROUTE, 'ns');
      expect(typeof may === 'boolean' ? may : may.message).to.equal(said);
    });
});
