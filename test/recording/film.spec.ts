import { expect } from 'chai';
import { framesOf } from '../../scripts/recording/frames.ts';
import { film } from '../../scripts/recording/svg.ts';

const size = { columns: 20, rows: 3 };
const text = (rows: { text: string }[][]) => rows.map((row) => row.map((span) => span.text).join(' '));

describe('a film of a terminal', () => {
  it('has a frame for each change, with what is to be seen then', async () => {
    const frames = await framesOf(
      [
        { at: 0, data: 'one\r\n' },
        { at: 500, data: '\u001b[32mgreen\u001b[0m plain\r\n' },
        { at: 1000, data: 'wait…' },
        { at: 1500, data: '\r\u001b[Kdone\r\nlast' },
        { at: 2000, data: '' },
      ],
      size,
    );
    expect(frames.map(({ at }) => at)).to.deep.equal([0, 500, 1000, 1500]);
    expect(text(frames[1]!.rows)).to.deep.equal(['one', 'green  plain', '']);
    expect(frames[1]!.rows[1]![0]).to.deep.include({ column: 0, text: 'green', color: 2 });
    expect(text(frames[3]!.rows)).to.deep.equal(['green  plain', 'done', 'last']);
  });

  it('escapes what is shown, draws each row once, and says what it is', async () => {
    const frames = await framesOf(
      [
        { at: 0, data: '<a> & "b"\r\n' },
        { at: 900, data: 'x\r\n' },
      ],
      size,
    );
    const svg = film(frames, size, 'A "title" & more');
    expect(svg.match(/&lt;a> &amp; &quot;b&quot;/g)).to.have.length(1);
    expect(svg).to.contain('<title>A &quot;title&quot; &amp; more</title>').and.to.contain('role="img"');
    expect(svg.match(/<use /g)).to.have.length(3);
    expect(svg).to.match(/@keyframes film\{0\.000%\{transform:translateX\(0px\)\}/);
  });

  it('stands still for who wants that', async () => {
    const svg = film(await framesOf([{ at: 0, data: 'x' }], size), size, 't');
    expect(svg).to.contain('prefers-reduced-motion:reduce');
  });
});
