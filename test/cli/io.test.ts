import { spawnSync } from 'node:child_process';
import {
  chmodSync,
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
import { main } from '../support/cli-process.js';
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

test('a name may be as long as names can be, not longer', async () => {
  const own = mkdtempSync(path.join(folder, 'names-'));
  expect(io.writeText(path.join(own, 'a'.repeat(255)), 'x')).toBeNull();
  expect(io.writeText(path.join(own, 'a'.repeat(256)), 'x')?.message).toBe(
    'cannot write this file: its name is too long',
  );
  expect(readdirSync(own)).toEqual(['a'.repeat(255)]);
});

test('of several exit codes the worst wins: 70 > 2 > 3 > 1 > 0', () => {
  const worse = [0, 1, 3, 2, 70] as const;
  expect(exitCodes.map(({ code }) => code).sort((one, other) => one - other)).toEqual([0, 1, 2, 3, 70]);
  for (const [rank, code] of worse.entries())
    for (const [other, better] of worse.entries())
      expect([code, better, worseExitCode(code, better)]).toEqual([code, better, worse[Math.max(rank, other)]]);
});

test.skipIf(process.platform === 'win32')('what stands behind standard input is not written over', async () => {
  const text = 'version: 1\nworkload: {volume: 5k}\ntasks: [{type: faq-chat}]\n';
  writeFileSync(at('s.yaml'), text);
  const asked = ['assess', '-', '--point', '-o', at('s.yaml')];
  const { status, stderr } = spawnSync('sh', ['-c', '"$0" "$@" < "$SCENARIO"', process.execPath, main, ...asked], {
    encoding: 'utf8',
    env: { ...process.env, SCENARIO: at('s.yaml') },
  });
  expect([status, stderr]).toEqual([2, expect.stringContaining('would overwrite a file that is read')]);
  expect(readFileSync(at('s.yaml'), 'utf8')).toBe(text);
  expect((await cliHere(['assess', at('s.yaml'), '--point', '-o', '/dev/null'])).code).toBe(0);
});
