import { join } from 'node:path';
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

describe('lists of other tools', () => {
  test('a Bedrock id says where it is processed, at its own price; multipliers become what a region adds', async () => {
    const per = (input: number, output: number) => ({
      ...{ litellm_provider: 'bedrock_converse', mode: 'chat', max_input_tokens: 1000000 },
      ...{ input_cost_per_token: input, output_cost_per_token: output },
    });
    const list = {
      'global.anthropic.claude-sonnet-4-6': per(3e-6, 1.5e-5),
      'eu.anthropic.claude-sonnet-4-6': per(3.3e-6, 1.65e-5),
      'gpt-5.5': {
        ...per(5e-6, 3e-5),
        ...{ litellm_provider: 'openai', regional_processing_uplift_multiplier_eu: 1.1 },
        cache_creation_input_token_cost_above_1hr: 1e-5,
      },
    };
    const out = join(folder, 'litellm');
    const source = file(JSON.stringify(list), 'litellm.json');
    expect((await cliHere(['pricing', 'import', 'litellm', source, '-o', out, '--date', '2026-08-26'])).code).toBe(0);
    const bound = `version: 1
workload: {volume: 10k requests/day}
tasks:
  - {name: t, type: rag-answering, tokens: {input: 2000, output: 500, cacheablePrefix: 0}, capability: {minIndex: 50}}
data: {sensitivity: internal, residency: [eu]}
preferences: {only: [aws-bedrock]}
assumptions: {retryRate: 0}
`;
    const where = ['--pricing', out, '--as-of', '2026-08-26', '--point'];
    const global = ['--option', 'cloud-api/aws-bedrock/global.anthropic.claude-sonnet-4-6'];
    const { recommendation, asked } = await json('assess', file(bound), ...where, ...global);
    expect(recommendation.plan).toContain('eu.anthropic.claude-sonnet-4-6');
    expect(recommendation.monthlyCost).toBeCloseTo((((2000 * 3.3 + 500 * 16.5) / 1e6) * 10_000 * 730) / 24, 6);
    expect(asked[0].failedGates.map(({ gate }: { gate: string }) => gate)).toContain('residency');
    const shown = await json('pricing', 'show', '--pricing', out, '--provider', 'openai');
    expect(shown.rows[0]).toMatchObject({
      ...{ regionalUplifts: [{ region: 'eu', input: 10, output: 10 }], cacheWrite1hUsdPerMTok: 10 },
    });
  });
});
