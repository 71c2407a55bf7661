import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes, nodeIo, worseExitCode } from '../../src/cli/io.js';
import { main, root } from '../support/cli-process.js';
import { cliHere } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const folder = newFolder();
const io = nodeIo();
const at = (name: string): string => path.join(folder, name);

test('a file at the limit is read, one byte more is not', async () => {
  writeFileSync(at('limit'), 'x'.repeat(10));
  expect((await io.readText(at('limit'), 10)).text).toBe('xxxxxxxxxx');
  expect((await io.readText(at('limit'), 9)).problem?.code).toBe('file-too-large');
});

test('a byte order mark is not part of the text, other characters are', async () => {
  writeFileSync(at('bom'), '\ufeffcafé 日本 🎉\r\n');
  expect((await io.readText(at('bom'))).text).toBe('café 日本 🎉\r\n');
});

test('writing replaces a file whole, keeps its mode, follows links, and leaves nothing beside it', () => {
  writeFileSync(at('real'), 'old and longer');
  chmodSync(at('real'), 0o600);
  symlinkSync(at('real'), at('link'));
  expect(io.writeText(at('link'), 'new')).toBeNull();
  expect(readFileSync(at('real'), 'utf8')).toBe('new');
  expect(statSync(at('real')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});

test.each([
  { name: 'no-such-folder/out', says: 'its folder does not exist' },
  { name: '.', says: 'it is a folder' },
  { name: 'limit/out', says: 'a part of its path is a file, not a folder' },
])('writing to $name is a problem, not an exception', ({ name, says }) => {
  const problem = io.writeText(at(name), 'x');
  expect(problem).toMatchObject({ code: 'not-writable', message: `cannot write this file: ${says}` });
});

test('a folder is listed in order, what is no folder is null', () => {
  writeFileSync(at('a'), '');
  expect(io.listFolder(folder)).toEqual(['a', 'bom', 'limit', 'link', 'real']);
  expect(io.listFolder(at('a'))).toBeNull();
});

test('what is written by a link that leads nowhere yet is made there', () => {
  const own = mkdtempSync(path.join(folder, 'lost-'));
  const inside = (name: string): string => path.join(own, name);
  mkdirSync(inside('far'));
  symlinkSync('far', inside('folder'));
  // From where the link stands, not from the name its folder goes by.
  symlinkSync('../made', inside('far/link'));
  symlinkSync('folder/link', inside('first'));
  expect(io.writeText(inside('first'), 'x')).toBeNull();
  expect(readFileSync(inside('made'), 'utf8')).toBe('x');
  expect(lstatSync(inside('first')).isSymbolicLink() && lstatSync(inside('far/link')).isSymbolicLink()).toBe(true);
  symlinkSync('round', inside('round'));
  expect(io.writeText(inside('round'), 'x')?.code).toBe('not-writable');
  // In circles by way of a folder that is not there: the link itself is what there is.
  symlinkSync('gone/../circle', inside('circle'));
  expect(io.writeText(inside('circle'), 'x')).toBeNull();
  expect(readFileSync(inside('circle'), 'utf8')).toBe('x');
  expect(io.writeText(`${inside('nowhere')}/`, 'x')?.message).toBe('cannot write this file: its folder does not exist');
  expect(existsSync(inside('nowhere'))).toBe(false);
});

// Nothing is barred from root.
test.skipIf(process.getuid?.() === 0)('a file that may not be written is not replaced', () => {
  writeFileSync(at('barred'), 'old');
  chmodSync(at('barred'), 0o444);
  expect(io.writeText(at('barred'), 'new')?.message).toBe('cannot write this file: no permission');
  expect(readFileSync(at('barred'), 'utf8')).toBe('old');
  rmSync(at('barred'));
});

test('a name may be as long as names can be, not longer, and not empty', async () => {
  const own = mkdtempSync(path.join(folder, 'names-'));
  expect(io.writeText(path.join(own, 'a'.repeat(255)), 'x')).toBeNull();
  expect(io.writeText(path.join(own, 'a'.repeat(256)), 'x')?.message).toBe(
    'cannot write this file: its name is too long',
  );
  expect(readdirSync(own)).toEqual(['a'.repeat(255)]);
  for (const args of [
    ['sweep', at('limit'), '--vary', 'workload.volume=1k,2k'],
    ['assess', at('limit')],
    ['capacity'],
  ]) {
    const { code, err } = await cliHere([...args, '-o', '']);
    expect([code, err]).toEqual([2, expect.stringContaining('-o has no name')]);
  }
});

test('of several exit codes the worst wins: 70 > 2 > 3 > 1 > 0', () => {
  expect([0, 1, 2, 3, 70].every((code) => exitCodes.some((known) => known.code === code))).toBe(true);
  expect(worseExitCode(2, 3)).toBe(2);
  expect(worseExitCode(3, 2)).toBe(2);
  expect(worseExitCode(3, 1)).toBe(3);
  expect(worseExitCode(1, 0)).toBe(1);
  expect(worseExitCode(2, 70)).toBe(70);
});

test.each([
  { reads: 'scenario-link', writes: 'scenario' },
  { reads: 'linked-folder/scenario', writes: 'scenario' },
])('a result of $reads is not written to $writes, which is the same file', async ({ reads, writes }) => {
  const own = mkdtempSync(path.join(folder, 'links-'));
  const text = 'version: 1\nworkload: {volume: 5k}\ntasks: [{type: faq-chat}]\n';
  writeFileSync(path.join(own, 'scenario'), text);
  symlinkSync('scenario', path.join(own, 'scenario-link'));
  symlinkSync(own, path.join(own, 'linked-folder'));
  const { code, err } = await cliHere(['assess', path.join(own, reads), '--point', '-o', path.join(own, writes)]);
  expect({ code, text: readFileSync(path.join(own, 'scenario'), 'utf8') }).toEqual({ code: 2, text });
  expect(err).toContain('would overwrite a file that is read');
});

/** A folder of its own with a scenario, prices, a book, and a result kept. */
async function workplace(): Promise<{ own: string; in: (name: string) => string }> {
  const own = mkdtempSync(path.join(folder, 'work-'));
  const inside = (name: string): string => path.join(own, name);
  mkdirSync(inside('d'));
  cpSync(path.join(root, 'pricing/2026-08-21'), inside('pr'), { recursive: true });
  for (const name of ['s.yaml', 'd/a.yaml'])
    writeFileSync(inside(name), 'version: 1\nworkload: {volume: 5k}\ntasks: [{type: faq-chat}]\n');
  writeFileSync(inside('book.yaml'), 'version: 1\nname: Ours\ndiscounts: [{provider: together, percent: 10}]\n');
  const point = ['--as-of', '2026-11-20', '--format', 'json', '--point'];
  writeFileSync(inside('kept.json'), (await cliHere(['assess', inside('s.yaml'), ...point])).out);
  return { own, in: inside };
}

test('what a run reads is not written over, whatever led to it', async () => {
  const { own, in: at } = await workplace();
  const texts = () =>
    (readdirSync(own, { recursive: true }) as string[])
      .filter((name) => statSync(at(name)).isFile())
      .map((name) => [name, readFileSync(at(name), 'utf8')]);
  const before = texts();
  for (const [target, ...args] of [
    ['d/a.yaml', 'check', at('d'), '--format', 'json'],
    ['book.yaml', 'check', at('s.yaml'), '--price-book', at('book.yaml'), '--format', 'junit'],
    ['kept.json', 'check', at('s.yaml'), '--baseline', at('kept.json')],
    ['pr/api.csv', 'assess', at('s.yaml'), '--pricing', at('pr'), '--point'],
    // Nothing is decided, or kept beside it, for what cannot be written in the end.
    ['s.yaml', 'sweep', at('s.yaml'), '--vary', 'workload.volume=5k,6k'],
    ['s.yaml', 'assess', at('d/a.yaml'), at('s.yaml'), '--format', 'jsonl', '--point'],
  ] as [string, ...string[]][]) {
    const { code, out, err } = await cliHere([...args, '-o', at(target)]);
    expect([args, code, out + err]).toEqual([args, 2, expect.stringContaining('would overwrite a file that is read')]);
    expect([args, texts()]).toEqual([args, before]);
  }
});

test.skipIf(process.platform === 'win32')('nor is what stands behind standard input', async () => {
  const { in: at } = await workplace();
  const text = readFileSync(at('s.yaml'), 'utf8');
  const asked = ['assess', '-', '--point', '-o', at('s.yaml')];
  const { status, stderr } = spawnSync('sh', ['-c', '"$0" "$@" < "$SCENARIO"', process.execPath, main, ...asked], {
    encoding: 'utf8',
    env: { ...process.env, SCENARIO: at('s.yaml') },
  });
  expect([status, stderr]).toEqual([2, expect.stringContaining('would overwrite a file that is read')]);
  expect(readFileSync(at('s.yaml'), 'utf8')).toBe(text);
  expect((await cliHere(['assess', at('s.yaml'), '--point', '-o', '/dev/null'])).code).toBe(0);
});
