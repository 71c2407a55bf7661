import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cliHere } from '../support/recording-io.js';
import { newFolder, putIn } from '../support/temporary-folder.js';

/** `check --baseline`: with which of the results kept a scenario is compared. */

const folder = newFolder();

const scenario = (name: string, volume: string) => ({
  version: 1,
  name,
  workload: { volume: `${volume} conversations/day` },
  tasks: [{ name: 'support', type: 'faq-chat', tokens: { input: 1500, output: 500 } }],
  preferences: { only: ['cloud-api', 'open-model-api'] },
});
const asOf = ['--as-of', '2026-11-20'];

const put = putIn(folder);
const assessed = async (file: string, input = '') =>
  (await cliHere(['assess', file, ...asOf, '--point', '--format', 'jsonl'], { input })).out;
const check = (file: string, baseline: string, input = '') =>
  cliHere(['check', file, ...asOf, '--baseline', baseline, '--fail-on', 'cost>+10%'], { input });

const chatbot = put('chatbot.json', JSON.stringify(scenario('Chatbot', '50k')));
const grown = put('grown.json', JSON.stringify(scenario('Chatbot', '500k')));
const other = put('other.json', JSON.stringify(scenario('Another', '500k')));
const third = put('third.json', JSON.stringify(scenario('Third', '500k')));

test('one result is compared with one scenario, and it is told where that is another one', async () => {
  const kept = put('kept.jsonl', await assessed(chatbot));
  const moved = await check(grown, kept);
  expect([moved.code, moved.out]).toEqual([1, expect.stringContaining('50k conversations/day -> 500k')]);
  expect(moved.err).toBe('');
  const asked = await check(other, kept);
  expect([asked.code, asked.out]).toEqual([1, expect.stringContaining('50k conversations/day -> 500k')]);
  expect(asked.err).toContain(`baseline-other  it is compared with a result of ${chatbot}, \`Chatbot\``);
  // Of several scenarios none is meant.
  const several = await cliHere(['check', other, third, ...asOf, '--baseline', kept, '--fail-on', 'cost>+10%']);
  expect([several.code, several.out]).toEqual([0, '']);
  expect(several.err).toContain(
    `baseline-unmatched  holds none of these scenarios, so nothing is compared: ${chatbot}`,
  );
  // Standard input has no file that could be another one.
  const given = await check('-', kept, JSON.stringify(scenario('Another', '500k')));
  expect([given.code, given.err]).toEqual([1, '']);
});

test('of lines of standard input the one of the same name is taken, and two of it are none', async () => {
  const lines = [scenario('Another', '450k'), scenario('Chatbot', '1k'), scenario('Chatbot', '2k')];
  const kept = put('lines.jsonl', await assessed('-', lines.map((line) => JSON.stringify(line)).join('\n')));
  expect(await check(other, kept)).toMatchObject({
    code: 1,
    out: expect.stringContaining('450k conversations/day -> 500k'),
  });
  const two = await check(grown, kept);
  expect([two.code, two.out]).toEqual([1, expect.stringContaining('cost>+10%: what it was cannot be told: 2 results')]);
  expect(two.err).toContain('grown.json  warning  baseline-unknown  what it was in');
  expect(two.err).not.toContain('baseline-unmatched');
});

test('a scenario that could not be read when results were kept is not compared, and a warning says so', async () => {
  const file = put('mended.json', '{"version": 1}');
  for (const [command, form] of [
    ['assess', 'jsonl'],
    ['check', 'json'],
  ] as const) {
    writeFileSync(file, '{"version": 1}');
    const { out } = await cliHere([command, chatbot, file, ...asOf, '--point', '--format', form]);
    writeFileSync(file, JSON.stringify(scenario('Mended', '50k')));
    const checked = await check(file, put(`broken.${form}`, out));
    expect([checked.code, checked.out]).toEqual([0, '']);
    expect(checked.err).toMatch(
      /mended\.json {2}warning {2}baseline-unread {2}as of .* it cannot be read, so nothing is compared/,
    );
    expect(checked.err).not.toContain('baseline-unmatched');
  }
});

test('results kept beside the scenarios of a folder are left out of it, those that are written next too', async () => {
  const own = mkdtempSync(path.join(folder, 'beside-'));
  const text = JSON.stringify(scenario('Chatbot', '50k'));
  writeFileSync(path.join(own, 'chatbot.json'), text);
  const checked = (...args: string[]) => cliHere(['check', own, ...asOf, ...args]);
  for (const [name, form] of [
    ['baseline.json', 'json'],
    ['lines.json', 'jsonl'],
    ['placement.json', 'sarif'],
  ] as const)
    for (const time of ['first', 'second'])
      expect([form, time, await checked('--format', form, '-o', path.join(own, name))]).toEqual([
        form,
        time,
        { code: 0, out: '', err: '' },
      ]);
  const kept = path.join(own, 'baseline.json');
  const { results } = JSON.parse(readFileSync(kept, 'utf8'));
  expect(results.map(({ file }: { file: string }) => file)).toEqual([path.join(own, 'chatbot.json')]);
  expect(await checked('--baseline', kept, '--fail-on', 'flip')).toEqual({ code: 0, out: '', err: '' });
});

test('what was advised in a result kept is priced as things are now, and plans of one model are told apart', async () => {
  const machines = { ...scenario('Machines', '50k'), preferences: { only: ['serverless-gpu'] } };
  const kept = put('machines.jsonl', await assessed(put('machines.json', JSON.stringify(machines))));
  const now = { ...machines, workload: { volume: '2M conversations/day' }, preferences: { only: ['cloud-api'] } };
  const { out } = await cliHere([
    ...['check', put('machines.json', JSON.stringify(now)), ...asOf, '--baseline', kept, '--format', 'json'],
  ]);
  const [change] = JSON.parse(out).results.map((one: { change: unknown }) => one.change);
  const then = change.plans.find(({ before }: { before: { as: string } }) => before.as === 'advised');
  expect(then.after).toMatchObject({ feasible: false, as: null });
  expect(then.after.monthlyCost).toBeGreaterThan(then.before.monthlyCost);
  expect(then.label).toMatch(/^Serverless GPUs, billed by the second: .+ \(.+\), .+, .+/);
});
