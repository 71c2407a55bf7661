import { describe, expect, test } from 'vitest';
import { cliHere } from '../support/recording-io.js';
import { newFolder, putIn } from '../support/temporary-folder.js';

const folder = newFolder();
const base = `version: 1
name: &day "2025-09-30"
workload: {volume: 10k requests/day}
tasks: [{name: chat, type: faq-chat}]
`;
const file = putIn(folder);
const plain = file('plain.yaml', base);
const named = file('named.yaml', `${base}prices: {snapshot: 2025-09-30}\n`);
const aliased = file('aliased.yaml', `${base}prices: {snapshot: *day}\n`);
const point = ['--point', '--as-of', '2026-11-20'];
const judgedBy = 'prices 2025-09-30 (51 days old';

describe('a scenario is judged by the snapshot that it names, however that is written', () => {
  test.each([
    [named],
    [aliased],
    [plain, '--set', 'prices.snapshot=2025-09-30'],
    [plain, '--set', 'prices.snapshot="2025-09-30"'],
    [plain, '--set', 'prices={snapshot: 2025-09-30}'],
    [named, '--set', 'prices.name=ours'],
  ])('%s %s %s', async (...args) => {
    const { out } = await cliHere(['assess', ...args, '--point', '--as-of', '2025-11-20']);
    expect(out).toContain(judgedBy);
  });

  test('the command line goes before it, and takes it back', async () => {
    for (const args of [
      ['--pricing', '2026-11-10'],
      ['--set', 'prices=null'],
    ])
      expect((await cliHere(['assess', named, ...args, ...point])).out).toMatch(/prices 2026-/);
  });
});

test('a price book is applied to the snapshot that is named, not to the newest one', async () => {
  // The newest has no Gemini 2.0 Flash.
  const book = file(
    'book.yaml',
    'version: 1\nname: Ours\nrates: [{provider: google, model: gemini-2.0-flash, input: 5, output: 6}]\n',
  );
  const { out, err } = await cliHere(['assess', named, '--price-book', book, '--point', '--as-of', '2025-11-20']);
  expect(err).not.toContain('unknown-model');
  expect(out).toContain('2025-09-30');
  expect((await cliHere(['assess', plain, '--price-book', book, ...point])).err).toContain('unknown-model');
});

test.each([
  ['2025-09-29', 'unknown-snapshot'],
  ['2025-09-31', 'bad-value'],
])('snapshot %s is told once, where it stands: %s', async (date, code) => {
  const wrong = file('wrong.yaml', `${base}prices: {snapshot: ${date}}\n`);
  const ofFile = (await cliHere(['assess', wrong, ...point])).err;
  expect(ofFile).toMatch(new RegExp(`wrong\\.yaml:5:20 {2}error {2}${code}`));
  expect(ofFile.match(/ error /g)).toHaveLength(1);
  const { err } = await cliHere(['assess', plain, ...point, '--set', `prices.snapshot=${date}`]);
  expect(err).toContain(`--set:1:17  error  ${code}`);
});
