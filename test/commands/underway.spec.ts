import { expect } from 'chai';
import { underway } from '../../src/commands/underway.ts';

describe('what takes its time', () => {
  const { setInterval: real } = globalThis;
  let tick: () => void;
  let every: number;
  const said: string[] = [];
  let now = 0;
  const stage = (width: number) => ({
    style: { color: false, width },
    progress: (line: string) => void said.push(line),
    now: () => new Date(now),
  });

  beforeEach(() => {
    said.length = 0;
    now = 0;
    globalThis.setInterval = ((work: () => void, ms: number) => {
      [tick, every] = [work, ms];
      return real(() => undefined, 1_000_000);
    }) as typeof setInterval;
  });
  afterEach(() => {
    globalThis.setInterval = real;
  });

  it('says nothing when it is over soon', async () => {
    expect(await underway(stage(80), 'reading', () => Promise.resolve(7))).to.equal(7);
    expect(said).to.deep.equal([]);
  });

  it('says each second on a terminal what it is and for how long, and takes it back', async () => {
    await underway(stage(80), 'reading', () => {
      for (now = 1000; now <= 2000; now += 1000) tick();
      return Promise.resolve();
    });
    expect(every).to.equal(1000);
    expect(said).to.deep.equal(['  reading … 1 s', '  reading … 2 s', '']);
  });

  it('says it every ten seconds in a log', async () => {
    await underway(stage(Infinity), 'reading', () => Promise.resolve());
    expect(every).to.equal(10_000);
  });

  it('takes it back when it fails, too', async () => {
    const failed = await underway(stage(80), 'reading', () => {
      tick();
      return Promise.reject(new Error('away'));
    }).catch((error: Error) => error.message);
    expect(failed).to.equal('away');
    expect(said.at(-1)).to.equal('');
  });
});
