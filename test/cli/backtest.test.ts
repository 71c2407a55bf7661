import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Backtest } from '../../src/analyses/backtest/backtest.js';
import { firstLines } from '../support/kept-output.js';
import { cliHere, refused } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const scenario = 'scenarios/support-chatbot.yaml';
const actuals = 'scenarios/actuals/support-chatbot.csv';
const mini = 'cloud-api/openai/gpt-4o-mini';
const usual = ['backtest', scenario, actuals, '--option', mini, '--as-of', '2026-11-20'];
const folder = newFolder();

describe('the committed example', () => {
  test('as json, whose causes add up', async () => {
    const json = await cliHere([...usual, '--format', 'json', '-q']);
    await expect(firstLines(60)(json.out)).toMatchFileSnapshot('../golden/backtest/support-chatbot.json');
    const { schemaVersion, months, total } = JSON.parse(json.out) as Backtest;
    expect(schemaVersion).toBe('2.0.0');
    expect(JSON.parse(json.out)).toSatisfy((one: object) => Object.keys(one)[0] === 'schemaVersion');
    for (const { causes, error } of [...months, total])
      expect(causes.volume + causes.mix + causes.price).toBeCloseTo(error, 6);
    expect(total.paid).toBeCloseTo(771.4 + 821.75 + 884.1 + 961.2 + 1046.85 + 1113.3, 6);
  });

  test('what is said of the rows stands in the JSON too, whether or not it is told beside it', async () => {
    const file = join(folder, 'gap.csv');
    const rows = ['2026-08,310000,320000000,61000000,90', '2026-11,380000,380000000,80000000,110'];
    writeFileSync(file, `month,requests,input_tokens,output_tokens,cost\n${rows.join('\n')}\n`);
    const asked = ['backtest', scenario, file, ...usual.slice(3), '--format', 'json', '--point'];
    const quiet = await cliHere([...asked, '-q']);
    expect([quiet.code, quiet.err]).toEqual([0, '']);
    const { warnings } = JSON.parse(quiet.out) as Backtest;
    expect(warnings.map(({ code }) => code)).toEqual(['months-missing', 'month-not-ended', 'other-prices-nearer']);
    expect(warnings[0]?.message).toContain('no row for 2026-09, 2026-10');
    const told = await cliHere(asked);
    expect(told.out).toBe(quiet.out);
    for (const { code } of warnings) expect(told.err.match(new RegExp(code, 'g'))).toHaveLength(1);
  });

  test('what it says to correct corrects it: what remains is how far months are off a steady growth', async () => {
    const { out } = await cliHere([...usual, '--format', 'json', '-q']);
    const { corrections, total } = JSON.parse(out) as Backtest;
    const sets = corrections.flatMap(({ set }) => (set === null ? [] : ['--set', set]));
    expect(sets.length).toBeGreaterThan(5);
    const again = await cliHere([...usual, '--format', 'json', '-q', ...sets]);
    expect([again.code, again.err]).toEqual([0, '']);
    const corrected = JSON.parse(again.out) as Backtest;
    expect(Math.abs(corrected.total.error)).toBeLessThan(0.02 * Math.abs(total.error));
  });
});

describe('files', () => {
  test('the months may come from standard input', async () => {
    const { out } = await cliHere([...usual, '-q']);
    const args = ['backtest', scenario, '-', ...usual.slice(3), '-q'];
    expect(await cliHere(args, { input: readFileSync(actuals, 'utf8') })).toMatchObject({ code: 0, out });
  });

  test('bad cells: exit 2, each at its place, nothing on stdout and nothing written', async () => {
    const bad = join(folder, 'bad.csv');
    writeFileSync(bad, 'month,requests,input_tokens,output_tokens,cost\n2026-13,1,1,1,1\n2026-09,"1,5",1,1,$3\n');
    const target = join(folder, 'out.txt');
    const { code, out, err } = await cliHere(['backtest', scenario, bad, '-o', target]);
    expect([code, out]).toEqual([2, '']);
    for (const place of ['2:1 ', '3:9 ', '3:19 ']) expect(err).toContain(`${bad}:${place}`);
    expect(existsSync(target)).toBe(false);
    expect(err).not.toMatch(/\n\s+at .*\.js:\d/);
  });

  test('mistakes of both files at once, in JSON', async () => {
    const both = join(folder, 'both.yaml');
    writeFileSync(both, 'version: 1\nworkload: {volum: 5k}\ntasks: [{type: faq-chat}]\n');
    const bad = join(folder, 'gap.csv');
    writeFileSync(bad, 'month,requests,input_tokens,output_tokens\n2026-09,1,1,1\n');
    const { code, out } = await cliHere(['backtest', both, bad, '--format', 'json']);
    expect(code).toBe(2);
    const { errors } = JSON.parse(out) as { errors: { code: string; file: string }[] };
    expect(new Set(errors.map(({ file }) => file))).toEqual(new Set([both, bad]));
    expect(errors.map(({ code }) => code)).toContain('missing-column');
  });
});

test('usage: a file that is missing, two standard inputs, a plan that is none', async () => {
  expect(await cliHere(['backtest', scenario, 'nowhere.csv'])).toMatchObject(
    refused('nowhere.csv  error  file-not-found'),
  );
  expect(await cliHere(['backtest', '-', '-'])).toMatchObject(refused('only one of the two files'));
  const none = await cliHere(['backtest', scenario, actuals, '--option', 'cloud-api/openai/gpt-0']);
  expect([none.code, none.out]).toEqual([2, '']);
  const one = await cliHere(['backtest', scenario]);
  expect(one.code).toBe(2);
});
