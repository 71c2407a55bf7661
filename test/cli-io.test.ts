import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exitCodes, worseExitCode } from '../src/cli/exit-codes.js';
import { nodeIo } from '../src/cli/io.js';
import { realPath } from '../src/cli/real-path.js';
import { cliHere } from './recording-io.js';

const folder = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-io-'));
afterAll(() => rmSync(folder, { recursive: true }));
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

test('files without a size in their folder entry are read whole', async () => {
  expect((await io.readText('/proc/self/status')).text).toContain('Pid:');
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

test('devices are written directly', () => {
  expect(io.writeText('/dev/null', 'x')).toBeNull();
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('a folder is listed in order, what is no folder is null', () => {
  writeFileSync(at('a'), '');
  expect(io.listFolder(folder)).toEqual(['a', 'bom', 'limit', 'link', 'real']);
  expect(io.listFolder(at('a'))).toBeNull();
});

test('today is a day in UTC', () => {
  expect(io.today()).toMatch(/^20\d\d-\d\d-\d\d$/);
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
  { reads: 'scenario', writes: 'scenario-link' },
  { reads: 'linked-folder/scenario', writes: 'scenario' },
])('a result of $reads is not written to $writes, which is the same file', async ({ reads, writes }) => {
  const own = mkdtempSync(path.join(folder, 'links-'));
  const text = 'version: 1\nworkload: {volume: 5k}\ntasks: [{type: faq-chat}]\n';
  writeFileSync(path.join(own, 'scenario'), text);
  symlinkSync('scenario', path.join(own, 'scenario-link'));
  symlinkSync(own, path.join(own, 'linked-folder'));
  const { code, err } = await cliHere(['assess', path.join(own, reads), '-o', path.join(own, writes)]);
  expect({ code, text: readFileSync(path.join(own, 'scenario'), 'utf8') }).toEqual({ code: 2, text });
  expect(err).toContain('would overwrite a file that is read');
});

test('where a file still to be written would stand is told through links, and for folders that are not there', () => {
  mkdirSync(at('kept'));
  symlinkSync(at('kept'), at('to-kept'));
  const real = realPath(at('kept'));
  expect(realPath(at('to-kept/new'))).toBe(path.join(real, 'new'));
  expect(realPath(at('to-kept/none/new'))).toBe(path.join(real, 'none', 'new'));
});
