import { lstatSync, mkdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { expect } from 'chai';
import { EXIT, UserError } from '../../src/api/errors.ts';
import { digestOf } from '../../src/manifests/loadTree.ts';
import { writeTree } from '../../src/manifests/outputDir.ts';
import { replaceFiles } from '../../src/manifests/replace.ts';
import { walk } from '../../src/manifests/tree.ts';
import { Folder } from './folder.ts';

function refusal(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return expect.fail('it was not refused');
}

describe('manifests written', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder().write({
      'in/a.yaml': 'a: 1\r\n',
      'in/sub/b.yaml': '\ufeffb: 2',
      'in/README.md': 'hi\n',
    });
  });
  afterEach(() => folder.end());

  const write = (out: string, { paths = ['in'], recursive = true, force = false, text = 'new\n' } = {}) => {
    const tree = walk(
      paths.map((path) => folder.at(path)),
      recursive,
    );
    const outputs = tree.files.map((file) => ({ file, text: file.target === 'a.yaml' ? text : null }));
    return writeTree(folder.at(out), tree, outputs, { recursive, force });
  };

  describe('to another folder', () => {
    it('are the whole tree, with modes, and byte for byte where nothing changes', () => {
      folder.mode('in/a.yaml', 0o640);
      symlinkSync('sub/b.yaml', folder.at('in/link.yaml'));
      expect(write('out/deep')).to.equal(3);
      expect(folder.names('out/deep')).to.deep.equal(['README.md', 'a.yaml', 'link.yaml', 'sub/b.yaml']);
      expect(folder.read('out/deep/a.yaml')).to.equal('new\n');
      expect(folder.read('out/deep/sub/b.yaml')).to.equal('\ufeffb: 2');
      expect(statSync(folder.at('out/deep/a.yaml')).mode & 0o777).to.equal(0o640);
      expect(readlinkSync(folder.at('out/deep/link.yaml'))).to.equal('sub/b.yaml');
      // Again: nothing to write.
      expect(write('out/deep')).to.equal(0);
    });

    it('have what is no manifest beside them, however large', () => {
      const large = Buffer.alloc(70 * 1024 * 1024, 'x');
      folder.write({ 'in/model.bin': large });
      expect(write('out')).to.equal(4);
      expect(statSync(folder.at('out/model.bin')).size).to.equal(large.length);
      expect(write('out')).to.equal(0);
      large[large.length - 1] = 0;
      folder.write({ 'out/model.bin': large });
      expect(refusal(() => write('out')).message).to.include('out/model.bin is there already');
    });

    it('never lie over another file, unless forced; all is checked first', () => {
      folder.write({ 'out/sub/b.yaml': 'mine' });
      const error = refusal(() => write('out'));
      expect(error).to.include({ exitCode: EXIT.refused });
      expect(error.message).to.include('out/sub/b.yaml is there already');
      expect(folder.names('out')).to.deep.equal(['sub/b.yaml']);
      expect(write('out', { force: true })).to.equal(3);
      expect(folder.read('out/sub/b.yaml')).to.equal('\ufeffb: 2');
    });

    it('never go into what is read, whatever is forced', () => {
      for (const out of ['in', 'in/new', 'in/sub'])
        expect(refusal(() => write(out, { force: true })).exitCode).to.equal(3);
      symlinkSync('in', folder.at('door'));
      expect(refusal(() => write('door/x', { force: true })).message).to.include('within what is read');
      expect(
        refusal(() => write('in', { paths: ['in/a.yaml'], recursive: false, force: true })).message,
      ).to.include('is among what is read');
      // A folder of which only the files were read may have it.
      expect(write('in/out', { recursive: false })).to.equal(2);
    });

    it('never leave it through a link', () => {
      mkdirSync(folder.at('elsewhere'));
      mkdirSync(folder.at('out'));
      symlinkSync('../elsewhere', folder.at('out/sub'));
      expect(refusal(() => write('out', { force: true })).message).to.include('out/sub is a symbolic link');
      expect(folder.names('elsewhere')).to.deep.equal([]);
      const other = new Folder();
      symlinkSync(folder.at('in/a.yaml'), other.at('a.yaml'));
      expect(
        refusal(() =>
          writeTree(
            other.path,
            walk([folder.at('in')], false),
            walk([folder.at('in')], false).files.map((file) => ({ file, text: 'x' })),
            { recursive: false, force: true },
          ),
        ).message,
      ).to.include('symbolic link');
      expect(folder.read('in/a.yaml')).to.equal('a: 1\r\n');
      other.end();
    });

    it('are refused where two would become one', () => {
      folder.write({ 'other/a.yaml': 'another' });
      expect(
        refusal(() =>
          writeTree(
            folder.at('out'),
            walk([folder.at('in'), folder.at('other')], false),
            walk([folder.at('in'), folder.at('other')], false).files.map((file) => ({ file, text: null })),
            { recursive: false, force: true },
          ),
        ).message,
      ).to.match(/in\/a\.yaml and .*other\/a\.yaml would both become/);
      expect(lstatSync(folder.at('out'), { throwIfNoEntry: false })).to.equal(undefined);
    });
  });

  describe('in place', () => {
    const replacement = (name: string, text: string) => ({
      path: name,
      real: folder.at(name),
      digest: digestOf(Buffer.from(folder.read(name))),
      text,
    });

    it('keep their mode, and nothing is left beside them', () => {
      folder.mode('in/a.yaml', 0o604);
      replaceFiles([replacement('in/a.yaml', 'new\n')]);
      expect(folder.read('in/a.yaml')).to.equal('new\n');
      expect(statSync(folder.at('in/a.yaml')).mode & 0o777).to.equal(0o604);
      expect(folder.names('in')).to.deep.equal(['README.md', 'a.yaml', 'sub/b.yaml']);
    });

    it('are refused, all of them, where one was changed since it was read', () => {
      const files = [replacement('in/a.yaml', 'new'), replacement('in/sub/b.yaml', 'new')];
      folder.write({ 'in/sub/b.yaml': 'theirs' });
      const error = refusal(() => replaceFiles(files));
      expect(error.exitCode).to.equal(EXIT.refused);
      expect(error.message).to.include('in/sub/b.yaml was changed since it was read');
      expect([folder.read('in/a.yaml'), folder.read('in/sub/b.yaml')]).to.deep.equal(['a: 1\r\n', 'theirs']);
    });
  });
});
