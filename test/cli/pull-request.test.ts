import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Ended, root } from '../support/cli-process.js';
import { cliHere, refused } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

/** A pull request from its first commit to its approval, through the real command in a real repository. */

const folder = newFolder();
const scenario = 'scenarios/chatbot.yaml';
const asOf = ['--as-of', '2026-11-20'];

const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });

/** In this process; the first and the last word of the story come from the real command. */
const advisor = (...args: string[]): Promise<Ended> => cliHere(args, { cwd: folder });

const write = (change: (text: string) => string): void => {
  const file = path.join(folder, scenario);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
};

const base = `version: 1
name: Chatbot
workload:
  volume: 50k conversations/day
tasks:
  - name: support
    type: faq-chat
    tokens: {input: 1500, output: 500}
    capability: {minIndex: 50}
preferences: {only: [cloud-api, open-model-api, serverless-gpu]}
expect: {kinds: [open-model-api], maxMonthlyCost: 500}
`;

beforeAll(() => {
  git('init', '-q', '-b', 'main');
  git('config', 'user.email', 'team@example.com');
  git('config', 'user.name', 'Team');
  mkdirSync(path.join(folder, 'scenarios'));
  writeFileSync(path.join(folder, scenario), base);
  cpSync(path.join(root, 'scenarios/clinic-notes.yaml'), path.join(folder, 'scenarios/clinic-notes.yaml'));
  git('add', '-A');
  git('commit', '-qm', 'Baseline');
  git('checkout', '-qb', 'change');
});

test('baseline, change of volume, flip, approval: every exit code says what happened', async () => {
  // The baseline is met, and nothing is said of it.
  expect(await advisor('check', 'scenarios', ...asOf)).toEqual({ code: 0, out: '', err: '' });
  const kept = await advisor('check', 'scenarios', ...asOf, '--format', 'json', '-o', 'baseline.json');
  expect(kept).toEqual({ code: 0, out: '', err: '' });
  const against = ['--baseline-ref', 'main', '--fail-on', 'flip', '--fail-on', 'cost>+10%'];
  expect(await advisor('check', 'scenarios', ...asOf, ...against)).toEqual({ code: 0, out: '', err: '' });

  // A change that stays within the rules is told and passes.
  write((text) => text.replace('50k conversations', '52k conversations'));
  const small = await advisor('check', 'scenarios', ...asOf, ...against);
  expect(small.code).toBe(0);
  expect(small.out).toContain('scenarios/chatbot.yaml  changed');
  expect(small.out).toContain('workload.volume: 50k conversations/day -> 52k conversations/day');
  expect(small.out).not.toContain('clinic-notes');

  // A hundred times the volume: another deployment type is cheaper.
  write((text) => text.replace('52k conversations', '5M conversations'));
  const flipped = await advisor('check', 'scenarios', ...asOf, ...against);
  expect(flipped.code).toBe(1);
  expect(flipped.out).toContain('flip: the advice changed: support: open-model-api -> serverless-gpu');
  expect(flipped.out).toContain('expect.kinds: open-model-api expected, serverless-gpu advised');
  expect(flipped.out).toContain(`(${scenario}:11:17)`);
  expect(flipped.out).toContain('cost>+10%');
  expect(flipped.out).toContain('WHY   workload.volume: 50k conversations/day -> 5M conversations/day');
  // The same from the results kept, where nothing can be decided again.
  const fromKept = await advisor('check', scenario, ...asOf, '--baseline', 'baseline.json', '--fail-on', 'flip');
  expect(fromKept.code).toBe(1);
  expect(fromKept.out).toContain('whether they explain it was not tested');
  // Report only.
  expect((await advisor('check', 'scenarios', ...asOf, ...against, '--exit-zero')).code).toBe(0);

  // Whoever approves says so in `expect`; the cost is approved by another rule, or limit.
  write((text) =>
    text.replace('kinds: [open-model-api], maxMonthlyCost: 500', 'kinds: [serverless-gpu], maxMonthlyCost: 16k'),
  );
  const approved = await advisor('check', 'scenarios', ...asOf, '--baseline-ref', 'main', '--fail-on', 'flip');
  expect(approved.code).toBe(0);
  expect(approved.out).toContain('as expect says');
  // Merged, it is the baseline.
  git('commit', '-qam', 'Grow');
  git('checkout', '-q', 'main');
  git('merge', '-q', 'change');
  expect(await advisor('check', 'scenarios', ...asOf, ...against)).toEqual({ code: 0, out: '', err: '' });

  // What cannot be kept, and what cannot be read; the other scenario is checked all the same.
  write((text) => text.replace('minIndex: 50', 'minIndex: 99'));
  const nothing = await advisor('check', 'scenarios', ...asOf);
  expect(nothing.code).toBe(3);
  expect(nothing.out).toContain('nothing fits');
  expect((await advisor('check', 'scenarios', ...asOf, '--exit-zero')).code).toBe(0);
  write((text) => text.replace('volume:', 'volum:'));
  const broken = await advisor('check', 'scenarios', ...asOf, '--format', 'json');
  expect(broken.code).toBe(2);
  const document = JSON.parse(broken.out) as { results: { file: string; status: string; errors: unknown[] }[] };
  expect(document.results.map(({ file, status }) => [file, status])).toEqual([
    ['scenarios/chatbot.yaml', 'error'],
    ['scenarios/clinic-notes.yaml', 'passed'],
  ]);
  expect(document.results[0]?.errors).toContainEqual(
    expect.objectContaining({ code: 'unknown-key', file: scenario, line: 4, column: 3 }),
  );
  expect((await advisor('check', 'scenarios', ...asOf, '--exit-zero')).code).toBe(2);
  git('checkout', '-q', '--', '.');
});

test('a baseline that is not there is refused with what to do', async () => {
  const none = await advisor('check', 'scenarios', ...asOf, '--baseline-ref', 'origin/main', '--fail-on', 'flip');
  expect(none.code).toBe(2);
  expect(none.err).toContain('git knows no revision `origin/main`');
  expect(none.err).toContain('git fetch origin');
  const option = await advisor('check', 'scenarios', ...asOf, '--baseline-ref=--output=owned', '--fail-on', 'flip');
  expect(option.code).toBe(2);
  expect((await advisor('check', 'scenarios', ...asOf, '--fail-on', 'flip')).err).toContain(
    '--baseline-ref origin/main',
  );
  expect((await advisor('check', 'scenarios', ...asOf, '--baseline', 'none.json')).code).toBe(2);
  writeFileSync(path.join(folder, 'torn.json'), '{"schemaVersion": "1.0.0", ');
  expect((await advisor('check', 'scenarios', ...asOf, '--baseline', 'torn.json')).err).toMatch(
    /torn\.json:1:\d+ {2}error {2}not-json/,
  );
  writeFileSync(path.join(folder, 'other.json'), '{"schemaVersion": "1.9.0", "scenario": 5}');
  expect(await advisor('check', 'scenarios', ...asOf, '--baseline', 'other.json')).toMatchObject(
    refused('another major version than 2'),
  );
});

test('a row that moved in a folder of prices is named, with what it cost before', async () => {
  git('checkout', '-qB', 'prices', 'main');
  cpSync(path.join(root, 'pricing/2026-08-21'), path.join(folder, 'prices'), { recursive: true });
  // A folder of one's own has no hashes of a release.
  const manifest = path.join(folder, 'prices/snapshot.yaml');
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, text.slice(0, text.indexOf('files:')));
  // A folder that is new is nothing to compare with, unless prices of then are named.
  const own = ['check', 'scenarios/clinic-notes.yaml', ...asOf, '--pricing', 'prices', '--baseline-ref', 'main'];
  const isNew = await advisor(...own, '--fail-on', 'flip');
  expect([isNew.code, isNew.out]).toEqual([0, '']);
  expect(isNew.err).toContain(
    'warning  baseline-unread  as of main it cannot be read, so nothing is compared: prices:',
  );
  expect(isNew.err).toContain('name prices to judge main by: --baseline-pricing');
  const named = await advisor(...own, '--baseline-pricing', '2026-08-21', '--fail-on', 'flip', '--format', 'jsonl');
  expect([named.code, named.err]).toEqual([0, '']);
  expect((await advisor(...own, '--baseline-pricing', 'nowhere')).err).toContain('nowhere  error  no-such-folder');
  git('add', '-A');
  git('commit', '-qm', 'Keep prices');
  const csv = path.join(folder, 'prices/api.csv');
  const listed = readFileSync(csv, 'utf8');
  const dearer = listed.replace(/^azure,cloud-marketplace,deepseek-v4-flash,.*$/m, (row) =>
    row.replace(',0.19,', ',50,'),
  );
  expect(dearer).not.toBe(listed);
  writeFileSync(csv, dearer);
  const line = 'check scenarios/clinic-notes.yaml --pricing prices --baseline-ref HEAD --format json';
  const [result] = JSON.parse((await advisor(...line.split(' '), ...asOf)).out).results;
  expect(result.change.prices[0]).toMatchObject({
    ...{ table: 'api', row: 'azure/deepseek-v4-flash', figure: 'input_usd_per_mtok' },
    ...{ before: 0.19, after: 50, billedBefore: true },
  });
});

test('a baseline is found by file, however it is written, and what does not match is told', async () => {
  git('checkout', '-qf', 'main');
  const kept = await advisor('check', 'scenarios', ...asOf, '--format', 'jsonl', '-o', 'kept.jsonl');
  expect(kept).toEqual({ code: 0, out: '', err: '' });
  write((text) => text.replace('5M conversations', '6M conversations'));
  // JSON Lines of a check serve as well as its JSON; `./` and absolute paths are the same file.
  for (const file of [scenario, `./${scenario}`, path.join(folder, scenario)]) {
    const checked = await advisor('check', file, ...asOf, '--baseline', 'kept.jsonl', '--fail-on', 'cost>+1%');
    expect([checked.code, checked.out]).toEqual([1, expect.stringContaining('cost>+1%')]);
  }
  git('checkout', '-qf', 'main');
  const [first = ''] = readFileSync(path.join(folder, 'kept.jsonl'), 'utf8').split('\n');
  writeFileSync(path.join(folder, 'first.json'), `{"schemaVersion": "1.0.0", "results": [${first}, ${first}]}`);
  const notes = 'scenarios/clinic-notes.yaml';
  const other = await advisor('check', notes, ...asOf, '--baseline', 'first.json', '--fail-on', 'flip');
  expect([other.code, other.err]).toEqual([0, expect.stringContaining('baseline-unmatched')]);
  writeFileSync(path.join(folder, 'errors.json'), '{"schemaVersion": "1.0.0", "errors": []}');
  const none = await advisor('check', scenario, ...asOf, '--baseline', 'errors.json', '--fail-on', 'flip');
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('there is no decision in it')]);
});

test('compare follows an option that is asked for, though it is neither advised nor the best of its kind', async () => {
  const id = 'cloud-api/openai/gpt-4o';
  const compared = ['compare', scenario, '--pricing', '2026-03-31', ...asOf];
  const [{ plans }] = JSON.parse((await advisor(...compared, '--option', id, '--format', 'json')).out).steps;
  const asked = plans.find(({ plan }: { plan: string }) => plan === id);
  expect(asked).toMatchObject({ before: { as: null }, after: { as: null } });
  const one = ['assess', scenario, '--pricing', '2026-03-31', '--point', '--option', id, ...asOf];
  const alone = JSON.parse((await advisor(...one, '--format', 'json')).out);
  expect(asked.before.monthlyCost).toBe(alone.asked[0].monthlyCost);
  expect((await advisor(...compared, '--option', `${id}o`)).err).toContain('did you mean `gpt-4o`?');
  const none = await advisor(...compared, '--option', 'support=cloud-api');
  expect(none.err).toContain('no side has a price for support=cloud-api');
});

test('compare refuses what cannot be compared', async () => {
  expect(await advisor('compare', scenario, 'scenarios/clinic-notes.yaml', 'missing.yaml', ...asOf)).toMatchObject(
    refused('missing.yaml'),
  );
  await advisor('assess', scenario, ...asOf, '--point', '--format', 'json', '-o', 'one.json');
  expect(await advisor('compare', 'one.json', ...asOf)).toMatchObject(refused('only one thing to compare'));
  expect(await advisor('compare', 'kept.jsonl', 'one.json', ...asOf)).toMatchObject(
    refused('compare takes one from each file'),
  );
  const same = await advisor('compare', 'one.json', 'one.json');
  expect([same.code, same.err]).toEqual([0, '']);
  expect(
    await advisor('compare', 'one.json', 'one.json', '--set', 'name=x', '--price-book', 'book.yaml'),
  ).toMatchObject(refused('--price-book, --set are of scenarios'));
  expect(await advisor('compare', 'one.json', 'one.json', ...asOf, '--seed', '7')).toMatchObject(
    refused('--as-of, --seed are of scenarios'),
  );
  expect(await advisor('compare', scenario, '--as-of', 'snapshots')).toMatchObject(
    refused('Expected a date as YYYY-MM-DD, or snapshot.'),
  );
});

test('what cannot be read is a whole document in every form, and is told to people where the form has no room for it', async () => {
  const command = (name: string, form: string) =>
    advisor(...[name, scenario, 'missing.yaml', ...asOf, '--format', form, '-o', `${name}.${form}`]);
  const forms = { markdown: /cannot be read/, github: /^::error /m, junit: /<error /, sarif: /file-not-found/ }; // biome-ignore format: a table
  for (const [form, says] of Object.entries(forms))
    for (const name of ['check', 'compare']) {
      const { code, out, err } = await command(name, form);
      expect([code, out]).toEqual([2, '']);
      expect(readFileSync(path.join(folder, `${name}.${form}`), 'utf8')).toMatch(says);
      if (form === 'junit') expect(err).toContain('missing.yaml  error  file-not-found');
      else expect(err).toBe('');
    }
  const same = [scenario, `./${scenario}`, path.join(folder, scenario)];
  const twice = await advisor('check', ...same, ...asOf, '--format', 'jsonl');
  expect(twice.out.trim().split('\n')).toHaveLength(1);
});
