import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliHere, refused } from '../support/recording-io.js';
import { newFolder, putIn } from '../support/temporary-folder.js';

const folder = newFolder();
let files = 0;
const put = putIn(folder);
const file = (text: string, name = `scenario-${files++}.yaml`): string => put(name, text);
const pricing = ['--pricing', '2026-11-10'];
const json = async (...args: string[]) => JSON.parse((await cliHere([...args, '-f', 'json'])).out);

async function quote(provider: string, model: string, ...args: string[]): Promise<number> {
  const sold = ['--provider', provider, '--model', model];
  return (await json('pricing', 'quote', ...sold, ...args, ...pricing)).total;
}

/** The decision on a scenario at prices of November, on a day near them. */
const decide = (scenario: string, ...args: string[]) =>
  json('assess', file(scenario), '--point', '--as-of', '2026-11-20', ...pricing, ...args);
const partOf = (option: { costParts: { part: string; monthly: number }[] }, part: string) =>
  option.costParts.find((one) => one.part === part)?.monthly ?? 0;

describe('a call', () => {
  test('written to the cache for an hour costs twice the input, for minutes a quarter more than it', async () => {
    const prompt = ['--input', '344139', '--output', '0'];
    expect(await quote('anthropic', 'claude-opus-5', ...prompt, '--cache-write-1h', '344139')).toBe(3.44139);
    expect(await quote('anthropic', 'claude-opus-5', ...prompt, '--cache-write', '344139')).toBe(2.15086875);
  });

  test.each([
    // 2,000 x 0.3 + 8,000 x 0.006 + 1,000 x 1.2, and half of it off the peak: 01-04 and 06-10 UTC on working days.
    ['at an hour that is not known', [], 0.001848],
    ['on a Friday at two', ['--at', '2026-11-20T02:00Z'], 0.001848],
    ['on a Friday at four', ['--at', '2026-11-20T04:00Z'], 0.000924],
    ['on a Friday at a quarter to ten', ['--at', '2026-11-20T09:45Z'], 0.001848],
    ['on a Saturday at two', ['--at', '2026-11-21T02:00Z'], 0.000924],
  ])('%s', async (_, at, usd) => {
    const tokens = ['--input', '10000', '--cached', '8000', '--output', '1000'];
    expect(await quote('deepseek', 'deepseek-v4-flash', ...tokens, ...at)).toBe(usd);
  });
});

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

test('an image is billed by what each model counts for one', async () => {
  const photos = `version: 1
workload: {volume: 100k requests/day, profile: batch-nightly}
tasks:
  - {name: photo, type: ocr-and-image-questions, tokens: {input: 1000, output: 60, cacheablePrefix: 0}, capability: {atLeast: gpt-4o-mini}, deadline: 24h}
preferences: {only: [openai]}
assumptions: {retryRate: 0}
`;
  const old = ['--pricing', '2025-01-31', '--as-of', '2025-01-31', '--option', 'cloud-api/openai/gpt-4o-mini'];
  const usdPerRequest = async (scenario: string) => {
    const { asked } = await json('assess', file(scenario), '--point', ...old);
    return asked[0].monthlyCost / ((100_000 * 730) / 24);
  };
  // gpt-4o-mini counts 25,501 tokens where the input has 765: (1,000 + 24,736) x 0.075 + 60 x 0.3 per million.
  expect((await usdPerRequest(photos)) * 1e6).toBeCloseTo(1948.2, 1);
  // Given apart, the input is text alone: 235 + 2 x 8,500 tokens of 512x512.
  const apart = photos.replace('input: 1000', 'input: 235, images: 2, imageSize: 512x512');
  expect((await usdPerRequest(apart)) * 1e6).toBeCloseTo((235 + 17_000) * 0.075 + 18, 1);
});

describe('rules on data', () => {
  const brazil = `version: 1
workload: {volume: 17k requests/day}
tasks:
  - {name: content, type: rag-answering, tokens: {input: 800, output: 180}, capability: {atLeast: claude-3-haiku}}
data: {sensitivity: regulated, regimes: [lgpd], residency: [br]}
preferences: {only: [cloud-api]}
`;

  test('a model that is processed elsewhere does not stay in the country, however the provider is called', async () => {
    const option = (id: string) => ['--option', `cloud-api/${id}`];
    const ids = ['azure/gpt-5', 'aws-bedrock/anthropic.claude-haiku-4-5-20251001-v1:0'];
    const { asked } = await decide(brazil, ...ids.flatMap(option));
    for (const one of asked) expect(one.failedGates.map(({ gate }: { gate: string }) => gate)).toContain('residency');
    // The same model may be used where a profile of the country processes it.
    const japan = brazil.replace('regimes: [lgpd], residency: [br]', 'regimes: [appi], residency: [jp]');
    const there = await decide(japan, ...option(ids[1] as string));
    expect(there.asked[0].failedGates.map(({ gate }: { gate: string }) => gate)).not.toContain('residency');
  });

  test('a rule of one’s own holds as it says, and what it cannot mean is refused at its line', async () => {
    const own = (rule: string) =>
      brazil.replace('regimes: [lgpd], residency: [br]', `ownRegimes: [{name: house, ${rule}}]`);
    const { recommendation } = await decide(own('requires: "cert:hitrust & region:us"'));
    expect(recommendation.plan).toMatch(/\/(aws-bedrock|azure|google-vertex)\//);
    const none = await decide(own('only: [on-prem]'));
    expect(none.recommendation.plan).toBeNull();
    const { code, err } = await cliHere(['assess', file(own('requires: "region:nowhere"')), '--point', ...pricing]);
    expect([code, err]).toEqual([2, expect.stringMatching(/:5:\d+ {2}error {2}unknown-token .*region:nowhere/)]);
  });
});

describe('a model without a public score', () => {
  const need = (index: number) => `version: 1
workload: {volume: 20k requests/day}
tasks:
  - {name: chat, type: faq-chat, capability: {minIndex: ${index}}}
preferences: {only: [anthropic]}
`;

  test('is taken as the low end of the one it follows, and the report says so', async () => {
    const { recommendation, warnings } = await decide(need(60));
    expect(recommendation.plan).toContain('claude-haiku-5-5');
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'inherited-capability', message: expect.stringContaining('Claude Haiku 4.5') }),
    );
    // 81.4 is the low end of claude-haiku-4-5, thinking; without thinking it scores less.
    expect((await decide(need(93))).recommendation.plan ?? '').not.toContain('claude-haiku-5-5');
  });

  test('is what the user says it is', async () => {
    const stated = ['--set', 'prices.capability={claude-haiku-5-5: 94}'];
    const { recommendation, warnings } = await decide(need(93), ...stated);
    expect(recommendation.plan).toContain('claude-haiku-5-5');
    expect(warnings.map(({ code }: { code: string }) => code)).not.toContain('inherited-capability');
    const asked = ['assess', file(need(93)), '--set', 'prices.capability={claude-haiku-5: 94}'];
    expect(await cliHere([...asked, ...pricing])).toMatchObject(refused('unknown-model'));
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
