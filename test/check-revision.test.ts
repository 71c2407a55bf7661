import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, main, root } from './cli-process.js';

/** What `--baseline-ref` reads of a revision, in a repository whose scenario asks for ten times as much since. */

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'deploy-advisor-revision-')));
const repository = path.join(folder, 'repository');
const slow = 120_000;

const scenario = (volume: string, name = 'Chatbot'): string => `version: 1
name: ${name}
workload: {volume: ${volume} conversations/day}
tasks:
  - {name: support, type: faq-chat, tokens: {input: 1500, output: 500}, capability: {minIndex: 50}}
preferences: {only: [cloud-api, open-model-api]}
`;

const gitIn = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.email=team@example.com', '-c', 'user.name=Team', ...args], {
    cwd,
    encoding: 'utf8',
  });
const git = (...args: string[]): string => gitIn(repository, ...args);

const put = (name: string, text: string): void => {
  const file = path.join(repository, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
};

/** `check` against a revision, from a folder of the repository, failing on a cost that grew by a tenth. */
function check(args: readonly string[], { from = '.', env = {} as NodeJS.ProcessEnv } = {}): Ended {
  const { FORCE_COLOR, NO_COLOR, ...inherited } = process.env;
  const line = ['check', ...args, '--as-of', '2026-11-20', '--fail-on', 'cost>+10%'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...line, '--baseline-ref', 'HEAD'], {
    cwd: path.join(repository, from),
    encoding: 'utf8',
    env: { ...inherited, ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

const grown = 'workload.volume: 50k conversations/day -> 500k conversations/day';

beforeAll(() => {
  mkdirSync(repository);
  git('init', '-q', '-b', 'main');
  put('scenarios/chatbot.yaml', scenario('50k'));
  put('small.yaml', scenario('5k'));
  put('large.yaml', scenario('5M'));
  symlinkSync('small.yaml', path.join(repository, 'link.yaml'));
  cpSync(path.join(root, 'pricing/2026-08-21'), path.join(repository, 'prices'), { recursive: true });
  const manifest = path.join(repository, 'prices/snapshot.yaml');
  const text = readFileSync(manifest, 'utf8');
  // A folder of one's own has no hashes of a release.
  writeFileSync(manifest, text.slice(0, text.indexOf('files:')));
  git('add', '-A');
  git('commit', '-qm', 'Baseline');
  put('scenarios/chatbot.yaml', scenario('500k'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['--pricing', '--baseline-pricing'])(
  'prices named with %s are found from a folder of the repository as from its top',
  (option) => {
    for (const [from, file, prices] of [
      ['.', 'scenarios/chatbot.yaml', 'prices'],
      ['scenarios', 'chatbot.yaml', '../prices'],
      ['prices', '../scenarios/chatbot.yaml', '.'],
    ] as const) {
      const { code, out, err } = check([file, option, prices], { from });
      expect([code, err]).toEqual([1, '']);
      expect(out).toContain(grown);
    }
  },
  slow,
);

test(
  'a link leads where it led in the revision',
  () => {
    const link = path.join(repository, 'link.yaml');
    rmSync(link);
    symlinkSync('large.yaml', link);
    const { code, out } = check(['link.yaml']);
    expect([code, out]).toEqual([1, expect.stringContaining('5k conversations/day -> 5M conversations/day')]);
  },
  slow,
);

test(
  'a name that holds the end of a line is a name all the same',
  () => {
    put('two\nlines.yaml', scenario('50k'));
    git('add', '-A');
    git('commit', '-qm', 'Name it oddly', '--', 'two\nlines.yaml');
    put('two\nlines.yaml', scenario('500k'));
    expect(check(['two\nlines.yaml'])).toMatchObject({ code: 1, out: expect.stringContaining(grown) });
  },
  slow,
);

test('why git refuses is what git says, with what mends it', () => {
  const { code, err } = check(['scenarios/chatbot.yaml'], { env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } });
  expect(code).toBe(2);
  expect(err).toContain(`git refuses: detected dubious ownership in repository at '${repository}'`);
  expect(err).toContain(`git config --global --add safe.directory ${repository}`);
  const inside = check(['../scenarios/chatbot.yaml'], { from: '.git' });
  expect([inside.code, inside.err]).toEqual([2, expect.stringContaining('git refuses: this operation must be run in')]);
  const outside = check(['repository/scenarios/chatbot.yaml'], { from: '..' });
  expect([outside.code, outside.err]).toEqual([2, expect.stringContaining('this folder is in no git repository')]);
  const none = check(['scenarios/chatbot.yaml'], { env: { PATH: '' } });
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('git is not installed')]);
});
