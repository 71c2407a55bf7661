import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
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

  test.each(['--help', 'assess --help', 'pricing --help', 'schema --help'])('%s fits 80 columns', async (line) => {
    const { out } = await cliHere(line);
    expect(out.split('\n').filter((one) => one.length > 80)).toEqual([]);
  });
});

describe('usage errors end with 2 and say what was meant', () => {
  test.each([
    ['asess', "unknown command 'asess'", 'did you mean assess?'],
    ['assess x.yaml --fromat json', "unknown option '--fromat'", 'did you mean --format?'],
    ['assess x.yaml --format xml', 'Allowed choices are table, json, jsonl', 'assess --help'],
    ['assess x.yaml --as-of 2026-02-30', 'date as YYYY-MM-DD', 'assess --help'],
    ['assess x.yaml --set volume', 'path=value', 'assess --help'],
    ['breakeven x.yaml y.yaml', 'too many arguments', 'breakeven --help'],
    ['help asess', "unknown command 'asess'", 'did you mean assess?'],
    ['help pricing import litelm', "unknown command 'litelm'", 'did you mean litellm?'],
    ['schema scenaro', "there is no name 'scenaro'", 'did you mean scenario?'],
    ['export x.yaml litelm', "there is no target 'litelm'", 'did you mean litellm?'],
  ])('%s', async (line, says, meant) => {
    const { code, out, err } = await cliHere(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
    expect(err).toContain(meant);
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

  test.each([
    ['assess --format json --nope', "unknown option '--nope'"],
    ['check s.yaml -qf json --nope', "unknown option '--nope'"],
    ['check s.yaml -fjson -ofjsonl --nope', "unknown option '--nope'"],
    ['--format=json', "unknown option '--format=json'"],
    ['asess --format json', "unknown command 'asess'"],
  ])('%s is answered in JSON', async (line, says) => {
    const { code, out, err } = await cliHere(line);
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(JSON.parse(out)).toEqual({
      schemaVersion: '1.0.0',
      tool: { name: 'deploy-advisor', version },
      errors: [
        {
          ...{ code: 'usage', file: null, line: null, column: null, path: '' },
          message: says,
          suggestion: expect.any(String),
        },
      ],
    });
  });
});

describe('a scenario that cannot be read ends with 2, without a stack trace', () => {
  mkdirSync(path.join(folder, 'a-folder'));
  const cases = [
    { what: 'missing file', scenario: path.join(folder, 'none.yaml'), code: 'file-not-found' },
    { what: 'folder', scenario: path.join(folder, 'a-folder'), code: 'is-a-folder' },
    { what: 'UTF-16', scenario: file('utf16.yaml', Buffer.from('\ufeffversion: 1\n', 'utf16le')), code: 'not-utf8' },
    { what: '1 MiB and one byte', scenario: file('big.yaml', Buffer.alloc(1_048_577, '#')), code: 'file-too-large' },
    { what: 'endless device', scenario: '/dev/zero', code: 'file-too-large' },
  ];
  test.each(cases)('$what', async ({ scenario, code }) => {
    const text = await cliHere(['assess', scenario]);
    expect({ code: text.code, out: text.out }).toEqual({ code: 2, out: '' });
    expect(text.err).toContain(`${scenario}  error  ${code}  `);
    expect(text.err).not.toMatch(/^ +at /m);

    const json = await cliHere(['assess', scenario, '--format', 'json']);
    expect({ code: json.code, err: json.err }).toEqual({ code: 2, err: '' });
    expect(JSON.parse(json.out).errors).toMatchObject([{ code, file: scenario }]);
  });

  test('standard input that is no scenario has no file either', async () => {
    const input = 'version: 2\n';
    const [github, sarif, json] = await Promise.all(
      ['github', 'sarif', 'json'].map((form) => cliHere(['check', '-', '--format', form], { input })),
    );
    expect(github?.out).toMatch(/^::error title=/m);
    expect([github?.out, sarif?.out]).not.toContainEqual(expect.stringMatching(/file=|"uri": "-"/));
    expect(JSON.parse(json?.out ?? '').results).toMatchObject([{ file: '<stdin>', status: 'error' }]);
  });

  test('a workflow is told files from the root of its repository, also where that goes by a link', () => {
    const at = (name: string): string => path.join(folder, name);
    mkdirSync(at('repository/scenarios'), { recursive: true });
    symlinkSync('repository', at('workspace'));
    for (const root of ['repository', 'workspace']) {
      const { stdout } = spawnSync(process.execPath, [main, 'check', 'none.yaml', '--format', 'github'], {
        cwd: at('repository/scenarios'),
        encoding: 'utf8',
        env: { ...process.env, GITHUB_WORKSPACE: at(root), GITHUB_STEP_SUMMARY: '', GITHUB_OUTPUT: '' },
      });
      expect([root, stdout]).toEqual([root, expect.stringContaining('file=scenarios/none.yaml')]);
    }
  });
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
