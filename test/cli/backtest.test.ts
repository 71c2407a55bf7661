import { describe, expect, test } from 'vitest';
import type { Backtest } from '../../src/analyses/backtest/backtest.js';
import { firstLines } from '../support/kept-output.js';
import { cliHere } from '../support/recording-io.js';

const scenario = 'scenarios/support-chatbot.yaml';
const actuals = 'scenarios/actuals/support-chatbot.csv';
const mini = 'cloud-api/openai/gpt-4o-mini';
const usual = ['backtest', scenario, actuals, '--option', mini, '--as-of', '2026-11-20'];

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
