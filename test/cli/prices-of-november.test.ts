import { describe, expect, test } from 'vitest';
import { cliHere } from '../support/recording-io.js';
import { newFolder, putIn } from '../support/temporary-folder.js';

const folder = newFolder();
let files = 0;
const put = putIn(folder);
const file = (text: string, name = `scenario-${files++}.yaml`): string => put(name, text);
const pricing = ['--pricing', '2026-11-10'];
const json = async (...args: string[]) => JSON.parse((await cliHere([...args, '-f', 'json'])).out);

/** The decision on a scenario at prices of November, on a day near them. */
const decide = (scenario: string, ...args: string[]) =>
  json('assess', file(scenario), '--point', '--as-of', '2026-11-20', ...pricing, ...args);
const partOf = (option: { costParts: { part: string; monthly: number }[] }, part: string) =>
  option.costParts.find((one) => one.part === part)?.monthly ?? 0;

const deepseek = `version: 1
workload: {volume: 20k requests/day, profile: [${Array.from({ length: 24 }, () => 1)}]}
tasks:
  - {name: code, type: code-agent, tokens: {input: 12000, output: 900, cacheablePrefix: 0}, capability: {minIndex: 80}}
data: {sensitivity: public}
preferences: {only: [deepseek]}
assumptions: {retryRate: 0}
`;

describe('a load', () => {
  const shareOf = async (scenario: string, ...args: string[]) => {
    const { recommendation, options } = await decide(scenario, ...args);
    const option = options.find(({ id }: { id: string }) => recommendation.plan.includes(id));
    const peak = ['tokens.input', 'tokens.output', 'tokens.reasoning'].map((part) => partOf(option, part));
    return partOf(option, 'tokens.offPeak') / peak.reduce((sum, usd) => sum + usd, 0);
  };

  test('that is even saves half in 133 of the 168 hours of a week', async () => {
    expect(await shareOf(deepseek)).toBeCloseTo(-(133 / 168) / 2, 9);
  });

  test('in the hours of the peak alone saves on weekends; in other hours half; local time counts', async () => {
    const at = (hours: readonly number[]) =>
      deepseek.replace(
        /profile: \[.*\]/,
        `profile: [${Array.from({ length: 24 }, (_, h) => Number(hours.includes(h)))}]`,
      );
    expect(await shareOf(at([2, 7]))).toBeCloseTo(-(2 / 7) / 2, 9);
    expect(await shareOf(at([12]))).toBeCloseTo(-0.5, 9);
    expect(await shareOf(at([10]), '--set', 'assumptions.utcOffsetHours=8')).toBeCloseTo(-(2 / 7) / 2, 9);
  });
});
