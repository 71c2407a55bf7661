import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/command-line.js';
import { cli, main, root } from '../support/cli-process.js';
import { cliHere } from '../support/recording-io.js';
import { newFolder, putIn } from '../support/temporary-folder.js';

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const folder = newFolder();

const file = putIn(folder);

describe('version and help', () => {
  test.each(['--version', '-V'])('%s prints the version of package.json and nothing else', (flag) => {
    expect(cli([flag])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  test('--help lists every command, examples and every exit code', () => {
    const { code, out, err } = cli(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const word of ['assess', 'pricing', 'schema', 'Examples:', 'deploy-advisor assess scenario.yaml']) {
      expect(out).toContain(word);
    }
    expect([...out.matchAll(/^ {2}(\d+) +\S/gm)].map(([, exitCode]) => exitCode)).toEqual(['0', '1', '2', '3', '70']);
  });
});

const scenario = path.join(root, 'scenarios/support-chatbot.yaml');
const positions = commands.flatMap(({ words, arguments: all }) =>
  all.map((_, at) => [...words, ...all.slice(0, at).map(() => scenario), 'no-such-word']),
);
test.each(positions.map((args) => ({ args })))('$args takes no such word', async ({ args }) => {
  const { code, out, err } = await cliHere(args);
  expect(code).toBe(2);
  expect(out + err).toMatch(/error {2}\S/);
  expect(err).not.toContain('internal error');
});

describe('the process', () => {
  test.each(['--version', 'models'])('a full disk behind stdout is one line, exit 2: %s', (asked) => {
    const { status, stderr } = spawnSync('sh', ['-c', `"$0" "$1" ${asked} > /dev/full`, process.execPath, main]);
    expect({ status, err: `${stderr}` }).toEqual({
      status: 2,
      err: 'cannot write the result: ENOSPC: no space left on device, write\n',
    });
  });

  test('a reader that closes the pipe of --version is no error', () => {
    const script = `{ sleep 0.3; "$0" "$1" --version; echo "$?" >&2; } | true`;
    expect(`${spawnSync('sh', ['-c', script, process.execPath, main]).stderr}`).toBe('0\n');
  });

  test('an internal error is one line, how to report it, and exit 70; the stack only on request', () => {
    const preload = file('break.mjs', "process.stdout.write = () => { throw new Error('planted \\u001b[31m'); };\n");
    const env = { NODE_OPTIONS: `--import=${preload}` };
    const { code, err } = cli(['--help'], { env });
    expect(code).toBe(70);
    expect(err).toMatch(/^internal error: planted \\u001b\[31m\nThis is a mistake in deploy-advisor: please report it/);
    expect(err).not.toMatch(/^ +at /m);
    expect(cli(['--help'], { env: { ...env, DEPLOY_ADVISOR_DEBUG: '1' } }).err).toMatch(/^ +at /m);
  });
});
