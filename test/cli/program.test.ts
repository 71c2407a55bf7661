import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/command-line.js';
import { cli, main, root } from '../support/cli-process.js';
import { cliHere } from '../support/recording-io.js';

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

test('the version is that of package.json', () => {
  expect(cli(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
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
});
