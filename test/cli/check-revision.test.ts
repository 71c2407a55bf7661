import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Ended, main, root } from '../support/cli-process.js';
import { cliHere, refused } from '../support/recording-io.js';
import { newFolder, putIn } from '../support/temporary-folder.js';

/** What `--baseline-ref` reads of a revision, in a repository whose scenario asks for ten times as much since. */

const folder = realpathSync(newFolder());
const repository = path.join(folder, 'repository');

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

const put = putIn(repository);

const line = (args: readonly string[]): string[] => [
  ...['check', ...args, '--as-of', '2026-11-20', '--fail-on', 'cost>+10%', '--baseline-ref', 'HEAD'],
];

/** `check` against a revision, from a folder of the repository, failing on a cost that grew by a tenth. */
const check = (args: readonly string[], { from = '.', env = {} as NodeJS.ProcessEnv } = {}): Promise<Ended> =>
  cliHere(line(args), { cwd: path.join(repository, from), env });

/** The same by the real command, as git calls it in a hook. */
function checkInHook(args: readonly string[], from: string, env: NodeJS.ProcessEnv): Ended {
  const { FORCE_COLOR, NO_COLOR, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...line(args)], {
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

test.each(['--pricing', '--baseline-pricing'])(
  'prices named with %s are found from a folder of the repository as from its top',
  async (option) => {
    for (const [from, file, prices] of [
      ['scenarios', 'chatbot.yaml', '../prices'],
      ['prices', '../scenarios/chatbot.yaml', '.'],
    ] as const) {
      const { code, out, err } = await check([file, option, prices], { from });
      expect([code, err]).toEqual([1, '']);
      expect(out).toContain(grown);
    }
  },
);

test('why git refuses is what git says, with what mends it', async () => {
  const { code, err } = await check(['scenarios/chatbot.yaml'], { env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } });
  expect(code).toBe(2);
  expect(err).toContain(`git refuses: detected dubious ownership in repository at '${repository}'`);
  expect(err).toContain(`git config --global --add safe.directory ${repository}`);
  expect(await check(['../scenarios/chatbot.yaml'], { from: '.git' })).toMatchObject(
    refused('git refuses: this operation must be run in'),
  );
  expect(await check(['repository/scenarios/chatbot.yaml'], { from: '..' })).toMatchObject(
    refused('this folder is in no git repository'),
  );
  expect(await check(['scenarios/chatbot.yaml'], { env: { PATH: '' } })).toMatchObject(refused('git is not installed'));
});

const bookOf = (provider: string): string => `version: 1
name: contract
discounts:
  - {provider: ${provider}, percent: 50}
`;

/** What moved since the revision: names of inputs, and whether prices did. */
async function moved(...args: string[]) {
  const { code, out, err } = await check([...args, '--format', 'json']);
  type Result = { change: { inputs: { path: string }[]; prices: object[]; pricesKnown: boolean } | null };
  const [result] = (JSON.parse(out) as { results: Result[] }).results;
  const inputs = result?.change?.inputs.map(({ path: name }) => name);
  return { code, err, inputs, prices: (result?.change?.prices.length ?? 0) > 0 };
}

test('a price book that the revision cannot have holds for both sides; one that was added moves prices', async () => {
  const { out } = await check(['scenarios/chatbot.yaml', '--format', 'jsonl']);
  const [, provider = ''] = /open-model-api\/(.*?)\//.exec(out) ?? [];
  const book = bookOf(provider);
  put('../contract.yaml', book);
  put('secret/contract.yaml', book);
  put('.gitignore', 'secret/\n');
  put('loose.yaml', book);
  symlinkSync('../contract.yaml', path.join(repository, 'led-out.yaml'));
  git('add', '.gitignore', 'led-out.yaml');
  git('commit', '-qm', 'Keep contracts out', '--', '.gitignore', 'led-out.yaml');
  for (const [file, where] of [
    ['../contract.yaml', 'outside the repository'],
    ['led-out.yaml', 'outside the repository'],
    ['secret/contract.yaml', 'ignored by git'],
    ['loose.yaml', 'not tracked by git'],
  ] as const) {
    const held = await moved('scenarios/chatbot.yaml', '--price-book', file);
    expect(held).toMatchObject({ code: 1, inputs: ['workload.volume'], prices: false });
    expect(held.err).toContain(`${file}  warning  baseline-held  it is ${where}, so what it was as of HEAD is unknown`);
  }
  put('signed.yaml', book);
  git('add', 'signed.yaml');
  const added = await moved('scenarios/chatbot.yaml', '--price-book', 'signed.yaml');
  expect(added).toMatchObject({ err: '', inputs: ['workload.volume'], prices: true });
});

test('a scenario of which the revision says nothing is not new: rules about changes cannot be told, and fail', async () => {
  put('../outside.yaml', scenario('50k'));
  put('secret/generated.yaml', scenario('50k'));
  put('added.yaml', scenario('50k'));
  mkdirSync(path.join(repository, 'other'));
  gitIn(path.join(repository, 'other'), 'init', '-q');
  put('other/deeper/nested.yaml', scenario('50k'));
  for (const [file, where] of [
    ['../outside.yaml', 'outside the repository'],
    ['secret/generated.yaml', 'ignored by git'],
    ['other/deeper/nested.yaml', 'in another repository'],
  ] as const) {
    const { code, out, err } = await check([file]);
    expect([code, out]).toEqual([1, expect.stringContaining(`what it was cannot be told: it is ${where}`)]);
    expect(err).toContain(`${file}  warning  baseline-unknown  what it was in HEAD cannot be told: it is ${where}`);
    expect((await check([file, '--format', 'markdown'])).out).toContain('| not compared |');
  }
  expect(await check(['added.yaml'])).toEqual({ code: 0, out: '', err: '' });
});

test('a scenario or a price book that git calls renamed is compared with what it was under its former name', async () => {
  put('teams/early name.yaml', scenario('50k', 'Early'));
  put('book.yaml', bookOf('together'));
  git('add', 'teams', 'book.yaml');
  git('commit', '-qm', 'Name them', '--', 'teams', 'book.yaml');
  mkdirSync(path.join(repository, 'moved'));
  git('mv', 'teams/early name.yaml', 'moved/späte.yaml');
  git('mv', 'book.yaml', 'moved/book.yaml');
  put('moved/späte.yaml', scenario('500k', 'Early'));
  const { code, out, err } = await check(['späte.yaml'], { from: 'moved' });
  expect([code, err]).toEqual([1, '']);
  expect(out).toContain(grown);
  expect(out).toContain('WAS   HEAD:teams/early name.yaml');
  expect((await check(['moved', '--format', 'markdown'])).out).toContain(
    ', was <code>HEAD:teams/early name.yaml</code> |',
  );
  expect(await moved('moved/späte.yaml', '--price-book', 'moved/book.yaml')).toMatchObject({
    err: '',
    prices: false,
  });
  // A copy is new: what it was made of is still there.
  put('copied.yaml', scenario('5M'));
  git('add', 'copied.yaml');
  expect(await check(['copied.yaml'])).toEqual({ code: 0, out: '', err: '' });
  git('reset', '-q', '--hard');
  put('scenarios/chatbot.yaml', scenario('500k'));
});

test('a hook of a linked worktree finds the revision from a folder below too, whatever git tells hooks', async () => {
  const tree = path.join(folder, 'tree');
  git('worktree', 'add', '-q', tree, 'HEAD');
  put('../tree/scenarios/chatbot.yaml', scenario('500k'));
  const env = { GIT_DIR: gitIn(tree, 'rev-parse', '--absolute-git-dir').trim(), GIT_INDEX_FILE: '.git/index' };
  for (const [from, file] of [
    ['../tree/scenarios', 'chatbot.yaml'],
    ['../tree', 'scenarios/chatbot.yaml'],
  ] as const) {
    expect(checkInHook([file], from, env)).toMatchObject({ code: 1, out: expect.stringContaining(grown) });
  }
  const named = { ...env, GIT_WORK_TREE: tree };
  const { GIT_INDEX_FILE: _, ...both } = named;
  expect(checkInHook(['chatbot.yaml'], '../tree/scenarios', both)).toMatchObject({ code: 1 });
});

test('what was not fetched and cannot be is not new either', async () => {
  const book = 'version: 1\nname: ours\ndiscounts:\n  - {provider: together, percent: 20%}\n';
  put('unfetched.yaml', book);
  git('add', 'unfetched.yaml');
  git('commit', '-qm', 'Add a book');
  git('config', 'uploadpack.allowFilter', 'true');
  const partial = path.join(folder, 'partial');
  gitIn(folder, 'clone', '-q', '--filter=blob:none', '--no-checkout', `file://${repository}`, partial);
  gitIn(partial, 'remote', 'set-url', 'origin', 'file:///nowhere');
  put('../partial/small.yaml', scenario('5k'));
  const { code, out } = await check(['small.yaml'], { from: '../partial' });
  expect([code, out]).toEqual([1, expect.stringContaining('git cannot read it: ')]);
  // The same of prices: of what they were nothing is known.
  put('../partial/unfetched.yaml', book);
  const priced = await check(['small.yaml', '--price-book', 'unfetched.yaml'], { from: '../partial' });
  expect([priced.code, priced.out]).toEqual([1, expect.stringContaining('unfetched.yaml: git cannot read it:\n')]);
  // Whether one is new or renamed is known by what is gone.
  put('../partial/tiny.yaml', scenario('6k'));
  gitIn(partial, 'add', 'tiny.yaml');
  const unnamed = await check(['tiny.yaml'], { from: '../partial' });
  expect([unnamed.code, unnamed.out]).toEqual([1, expect.stringContaining('git cannot tell whether it')]);
});
