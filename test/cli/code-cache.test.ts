import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { cli, main } from '../support/cli-process.js';
import { sampled } from '../support/sample.js';

const args = ['hardware', '--format', 'json'];
const off = { env: { DEPLOY_ADVISOR_NO_CACHE: '1' } };
const plain = cli(args, off);

const temporary = () => fs.mkdtempSync(path.join(tmpdir(), 'code-cache-'));
const logger = path.join(temporary(), 'logger.cjs');
fs.writeFileSync(
  logger,
  `const vm = require('node:vm');
const { Script } = vm;
vm.Script = class extends Script {
  constructor(text, options) {
    super(text, options);
    const used = options.cachedData === undefined ? 'none' : this.cachedDataRejected ? 'rejected' : 'used';
    require('node:fs').appendFileSync(process.env.SCRIPT_LOG, used + ' ');
  }
};`,
);

/** Runs the command with a folder for caches; beside its answer, what became of the code kept for each of its files. */
function answered(parent: string, env: NodeJS.ProcessEnv = {}) {
  const log = path.join(temporary(), 'log');
  const logged = { NODE_OPTIONS: `--require=${logger}`, SCRIPT_LOG: log };
  const ended = cli(args, { env: { XDG_CACHE_HOME: parent, ...logged, ...env } });
  return { ended, code: fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim() : 'no cache' };
}

let kept: string | null = null;

/** A folder for caches in which an earlier process has kept its code. */
function warm() {
  if (kept === null) {
    kept = temporary();
    answered(kept);
  }
  const parent = temporary();
  const folder = path.join(parent, 'deploy-advisor');
  fs.cpSync(path.join(kept, 'deploy-advisor'), folder, { recursive: true });
  fs.chmodSync(folder, 0o700);
  const files = () => fs.readdirSync(folder).map((name) => path.join(folder, name));
  const [command = ''] = files().filter((file) => path.basename(file).startsWith('command-capacity-'));
  return { parent, folder, files, command };
}

const changed = (file: string, change: (bytes: Buffer) => Buffer) =>
  fs.writeFileSync(file, change(fs.readFileSync(file)));

test('the answer is the same with code kept by an earlier process, and no other process writes it again', () => {
  const parent = temporary();
  expect(answered(parent)).toEqual({ ended: plain, code: 'none none' });
  const folder = path.join(parent, 'deploy-advisor');
  const files = () => fs.readdirSync(folder).map((name) => ({ name, ...fs.statSync(path.join(folder, name)) }));
  const kept = files();
  expect(kept.map(({ name }) => name.replace(/-\d.*\.code$/, ''))).toEqual(['command-capacity', 'command-line']);
  for (const { mode } of kept) expect(mode & 0o777).toBe(0o600);
  expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
  expect(answered(parent)).toEqual({ ended: plain, code: 'used used' });
  expect(files().map(({ ino }) => ino)).toEqual(kept.map(({ ino }) => ino));
});

test('turned off, nothing is read and nothing is written', () => {
  const { parent, folder, files } = warm();
  const before = files();
  expect(answered(parent, { DEPLOY_ADVISOR_NO_CACHE: '1' })).toEqual({ ended: plain, code: 'no cache' });
  expect(files()).toEqual(before);
  fs.rmSync(folder, { recursive: true });
  answered(parent, { DEPLOY_ADVISOR_NO_CACHE: '1' });
  expect(fs.readdirSync(parent)).toEqual([]);
});

/** A folder that an earlier process has filled, as somebody else would have it. */
function laidAt(folder: string, change: () => void): void {
  fs.renameSync(warm().folder, folder);
  change();
}

function replace(place: string, put: () => void): void {
  fs.rmSync(place, { recursive: true });
  put();
}

function linked(file: string): void {
  fs.renameSync(file, `${file}.far`);
  fs.symlinkSync(`${file}.far`, file);
}

const isRoot = process.getuid?.() === 0;
const nobody = 65534;

test.each<[string, (place: { parent: string; folder: string }) => void]>([
  ['is a file', ({ folder }) => fs.writeFileSync(folder, '')],
  ['would stand in a file', ({ parent }) => replace(parent, () => fs.writeFileSync(parent, ''))],
  ['is a link', ({ folder }) => fs.symlinkSync(warm().folder, folder)],
  ['is a link to nothing', ({ folder }) => fs.symlinkSync(path.join(temporary(), 'nothing'), folder)],
  ['is one of somebody else', ({ folder }) => laidAt(folder, () => fs.chownSync(folder, nobody, nobody))],
  ['lets everybody write', ({ folder }) => laidAt(folder, () => fs.chmodSync(folder, 0o777))],
  ['lets a group read', ({ folder }) => laidAt(folder, () => fs.chmodSync(folder, 0o750))],
  ['is in a folder where everybody writes', ({ parent }) => fs.chmodSync(parent, 0o1777)],
])('nothing is read or written where the folder %s', (what, lay) => {
  if (what.includes('somebody else') && !isRoot) return;
  const parent = temporary();
  const folder = path.join(parent, 'deploy-advisor');
  lay({ parent, folder });
  const list = () => [
    ...fs.readdirSync(path.dirname(parent)).filter((name) => name.includes(path.basename(parent))),
    ...(fs.statSync(parent).isDirectory() ? fs.readdirSync(parent, { recursive: true }) : []),
  ];
  const before = list();
  expect(answered(parent)).toEqual({ ended: plain, code: 'no cache' });
  expect(list()).toEqual(before);
});

const flipped = (at: (length: number) => number) => (file: string) =>
  changed(file, (bytes) => {
    const place = at(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ 0x10;
    return bytes;
  });

const spoiled: [string, (file: string) => void][] = [
  ['is empty', (file) => changed(file, () => Buffer.alloc(0))],
  ['is cut off in its head', (file) => changed(file, (bytes) => bytes.subarray(0, 10))],
  ['is cut off', (file) => changed(file, (bytes) => bytes.subarray(0, bytes.length >> 1))],
  ['lacks its last byte', (file) => changed(file, (bytes) => bytes.subarray(0, -1))],
  ['has more at its end', (file) => changed(file, (bytes) => Buffer.concat([bytes, Buffer.alloc(8)]))],
  ['has a wrong checksum', flipped(() => 3)],
  ['has a wrong bit in its head', flipped(() => 9)],
  ['has a wrong bit where its code begins', flipped(() => 16 + 30)],
  ['has a wrong bit within', flipped((length) => length >> 1)],
  ['has a wrong bit at its end', flipped((length) => length - 1)],
  ['lets a group read', (file) => fs.chmodSync(file, 0o640)],
  ['is a link', (file) => linked(file)],
  ['is a folder', (file) => replace(file, () => fs.mkdirSync(file))],
  ['is one of somebody else', (file) => (isRoot ? fs.chownSync(file, nobody, nobody) : fs.rmSync(file))],
];
test.each(sampled(spoiled, 5, { group: () => '', name: ([what]) => what }))(
  'the answer is the same where a file %s',
  (what, spoil) => {
    const { parent, command } = warm();
    spoil(command);
    expect(answered(parent)).toEqual({ ended: plain, code: 'used none' });
    expect(answered(parent)).toEqual({ ended: plain, code: what === 'is a folder' ? 'used none' : 'used used' });
  },
);

/** Bytes of a file of kept code with the checksum they need under a name. */
function signed(bytes: Buffer, file: string): Buffer {
  bytes.writeUInt32LE(crc32(bytes.subarray(4), crc32(path.basename(file))), 0);
  return bytes;
}

test('code of another version is not run, by whatever name it stands there', () => {
  const { parent, command } = warm();
  changed(command, (bytes) => signed(bytes, command));
  expect(answered(parent).code).toBe('used used');
  const other = command.replace(/capacity-[\d.]+/, 'capacity-0.0.9');
  fs.renameSync(command, other);
  expect(answered(parent)).toEqual({ ended: plain, code: 'used none' });
  changed(command, (bytes) => signed(bytes, other));
  expect(answered(parent)).toEqual({ ended: plain, code: 'used none' });
});

test('code of a file that has changed since is not run, though the file is as long', () => {
  const parent = temporary();
  const copy = temporary();
  for (const name of ['main.js', 'command-line.js', 'package.json'])
    fs.copyFileSync(path.join(path.dirname(main), name), path.join(copy, name));
  const help = () => cli(['--help'], { env: { XDG_CACHE_HOME: parent }, main: path.join(copy, 'main.js') }).out;
  expect(help()).toContain('Decides where');
  changed(path.join(copy, 'command-line.js'), (bytes) =>
    Buffer.from(bytes.toString('latin1').replace('Decides where', 'Decided where'), 'latin1'),
  );
  expect(help()).toContain('Decided where');
});

test('a process that took much longer than the one that kept the code keeps its own, as it has compiled more', () => {
  const { parent, command } = warm();
  const tookMs = (ms: number) =>
    changed(command, (bytes) => {
      bytes.writeDoubleLE(ms, 8);
      return signed(bytes, command);
    });
  const keptByMs = () => fs.readFileSync(command).readDoubleLE(8);
  tookMs(1e9);
  expect(answered(parent).code).toBe('used used');
  expect(keptByMs()).toBe(1e9);
  tookMs(1);
  expect(answered(parent).code).toBe('used used');
  expect(keptByMs()).toBeGreaterThan(1);
});

test('what nobody can have used for a month is removed when code is kept', () => {
  const { parent, folder, command } = warm();
  const old = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
  const laid = ['command-capacity-0.code', 'half.tmp', 'notes.txt'].map((name) => path.join(folder, name));
  for (const file of laid) fs.writeFileSync(file, '');
  answered(parent);
  expect(laid.map((file) => fs.existsSync(file))).toEqual([true, true, true]);
  for (const file of laid) fs.utimesSync(file, old, old);
  fs.rmSync(command);
  answered(parent);
  expect(laid.map((file) => fs.existsSync(file))).toEqual([false, false, true]);
});
