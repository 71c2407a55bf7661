import { describe, expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { run as runAssess } from '../../src/cli/commands/assess.js';
import type { Decision } from '../../src/decide/decision.js';
import { table } from '../../src/report/assess.js';
import { applyPriceBook } from '../../src/tables/price-book/apply-price-book.js';
import type { OwnPrices } from '../../src/tables/price-book/price-book.js';
import { fewDecisions, fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { told } from '../support/recording-io.js';
import { asOf, readWritten, type Written } from '../support/scenario.js';
import { newFolder, putIn } from '../support/temporary-folder.js';

const { tables: all, prose: listProse } = await shipped();
const list = fewRows(all, ['together', 'gemma-3n-e4b', 'gemma-2-2b', 'gpt-4o', 'alibaba', 'qwen-turbo', 'gcp']);
const tool = { name: 'deploy-advisor', version: '0.0.0' };

/** A decision with a book (null: none) beside whatever prices the scenario has. */
function decide(written: Written, prices: OwnPrices | null, include: string[] = []): Decision {
  const book = { name: 'Ours', label: 'Ours (book.yaml)', where: () => 'book.yaml:1' };
  const { tables, prose } =
    prices === null
      ? { tables: list, prose: listProse }
      : applyPriceBook(list, listProse, { ...book, prices: prices }, asOf);
  return assess(readWritten(written, tables), tables, { asOf, prose, tool, include, flips: 'none', draws: 'none' });
}
const optionOf = ({ options }: Decision, id: string) => {
  const option = options.find((one) => one.id === id);
  if (option?.monthlyCost == null) throw new Error(`no price of ${id}`);
  return { ...option, monthlyCost: option.monthlyCost };
};
const gpt4o = 'cloud-api/openai/gpt-4o';
/** 730,000 requests a month: 730M tokens read and 146M written. */
const flat: Written = {
  workload: { volume: '24k requests/day', profile: 'flat' },
  tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 1000, output: 200 } }],
};
/** 50,000 x 365 / 12 = 1,520,833 requests a month of 1,500 + 500 tokens; the data may go anywhere. */
const chatbot: Written = {
  workload: { volume: '50k requests/day' },
  tasks: [{ name: 'support', type: 'faq-chat', tokens: { input: 1500, output: 500 } }],
  data: { sensitivity: 'public' },
};
const retries = 1.01;
const gpt4oCost = (written: Written, prices: OwnPrices | null) =>
  optionOf(decide(written, prices, [gpt4o]), gpt4o).monthlyCost;

const models = [{ provider: 'gateway', model: 'chat', like: 'gpt-4o', input: 1e-4, output: 1e-4 }];
const chat = 'cloud-api/gateway/chat';
const personal: Written = { ...chatbot, data: { sensitivity: 'pii', residency: ['eea'] } };
const provider = { provider: 'gateway', operator: 'de' };
const missed = (prices: OwnPrices) =>
  optionOf(decide(personal, prices, [chat]), chat).failedGates.map(({ gate }) => gate);

test('providers that the tables do not have serve personal data where the book says what is asked for, and only then', () => {
  const asked = { regions: ['eea'], agreements: ['dpa'], options: ['no-training'] };
  expect(missed({ models })).toEqual(['agreements', 'retention', 'residency']);
  expect(missed({ models, providers: [{ ...provider, ...asked, agreements: [] }] })).toEqual(['agreements']);
  expect(missed({ models, providers: [{ ...provider, ...asked, options: ['no:no-training'] }] })).toEqual([
    'retention',
  ]);
  expect(missed({ models, providers: [{ ...provider, ...asked, regions: ['us'] }] })).toEqual(['residency']);
  const { recommendation } = decide(personal, { models, providers: [{ ...provider, ...asked }] });
  expect(recommendation.plan).toBe(chat);
  expect(JSON.stringify(recommendation)).toContain('with gateway');
});

describe('bills', () => {
  test('12 % off the winner is 12 % off its bill: 76.04 x 1.01 x 0.88 = 67.59', () => {
    const before = decide(chatbot, null).recommendation;
    expect(before.plan).toMatch(/^open-model-api\/together\//);
    // 1,520,833 x (1,500 x 0.02 + 500 x 0.04) / 1e6 = 76.0417
    const usd = ((50_000 * 365) / 12) * (1500 * 0.02 + 500 * 0.04) * 1e-6;
    expect(before.monthlyCost).toBeCloseTo(usd * retries, 8);
    const after = decide(chatbot, { discounts: [{ provider: 'together', percent: 12 }] }).recommendation;
    expect(after.plan).toBe(before.plan);
    expect(after.monthlyCost).toBeCloseTo(usd * retries * 0.88, 8);
    expect(after.monthlyCost).toBeCloseTo(67.585833, 6);
  });

  test('10 % off all rental is 10 % off compute, and nothing else', () => {
    const id = decide(chatbot, null).scorecard.find(({ kind }) => kind === 'self-hosted-cloud')?.option ?? '';
    const before = optionOf(decide(chatbot, null, [id]), id);
    const after = optionOf(decide(chatbot, { discounts: [{ percent: 10, on: ['rental'] }] }, [id]), id);
    expect(before.costParts.some(({ part }) => part === 'compute.instances')).toBe(true);
    for (const [index, { part, monthly, upfront }] of before.costParts.entries()) {
      const now = after.costParts[index];
      const factor = part.startsWith('compute.') ? 0.9 : 1;
      expect([now?.part, now?.upfront]).toEqual([part, part.startsWith('compute.') ? (upfront * 9) / 10 : upfront]);
      expect(now?.monthly, part).toBeCloseTo(monthly * factor, 8);
    }
  });

  test('prices of the scenario win over the book, and both hold: 20 % off openai, not 28 %', () => {
    const written = { ...flat, prices: { discounts: [{ provider: 'openai', percent: 20 }] } };
    const book = {
      discounts: [
        { provider: 'openai', percent: 10 },
        { provider: 'anthropic', percent: 50 },
      ],
    };
    expect(gpt4oCost(flat, null)).toBeCloseTo(3317.85, 8);
    expect(gpt4oCost(flat, book)).toBeCloseTo(3317.85 * 0.9, 8);
    expect(gpt4oCost(written, null)).toBeCloseTo(3317.85 * 0.8, 8);
    expect(gpt4oCost(written, book)).toBeCloseTo(3317.85 * 0.8, 8);
    const haiku = 'cloud-api/anthropic/claude-haiku-4-5';
    const full = optionOf(decide(written, null, [haiku]), haiku).monthlyCost;
    expect(optionOf(decide(written, book, [haiku]), haiku).monthlyCost).toBeCloseTo(full / 2, 8);
  });
});

describe('what is said of it', () => {
  const view = { color: false, width: 80, detail: null };

  test('JSON names the books, and each part that one priced', () => {
    const written = { ...flat, prices: { name: 'The deal', discounts: [{ provider: 'openai', percent: 20 }] } };
    const decision = decide(written, { discounts: [{ percent: 10, on: ['rental'] }] }, [gpt4o]);
    expect(decision.tables.priceBook).toBe('Ours (book.yaml); The deal (in test.json)');
    const priced = ({ part }: { part: string }) => part.startsWith('tokens.');
    const sources = optionOf(decision, gpt4o)
      .costParts.filter(priced)
      .flatMap((part) => part.sources);
    expect(sources.length).toBeGreaterThan(2);
    expect(sources.every((source) => source.startsWith('price book The deal (test.json:1): 20 % off '))).toBe(true);
    const listed = optionOf(decide(flat, null, [gpt4o]), gpt4o)
      .costParts.filter(priced)
      .flatMap((part) => part.sources);
    expect(listed.every((source) => source.startsWith('api row '))).toBe(true);
  });

  test('every figure of a discounted winner bears the mark, and those of others do not', () => {
    const text = table(decide(chatbot, { discounts: [{ provider: 'together', percent: 12 }] }), view);
    expect(text).toContain('about $68† a month');
    const whole = table(decide(chatbot, { discounts: [{ provider: 'together', percent: 12 }] }), {
      ...view,
      detail: 'sure',
    });
    expect(whole).toMatch(/costs\s+4\s+times\s+as\s+much†/);
    expect(text).toMatch(/^ {2}Closed API, .* 269 +0 +269 /m);
    expect(text).toMatch(/^ {2}Hosted open model, .* 68† +0† +68† /m);
    expect(text).toMatch(/^† {5}from Ours \(book\.yaml\)$/m);
  });
});

describe('assess --price-book', () => {
  const folder = newFolder();
  const file = putIn(folder);
  const scenario = file(
    'scenario.yaml',
    `version: 1
workload: {volume: 24k requests/day, profile: flat}
tasks: [{type: faq-chat, tokens: {input: 1000, output: 200}}]
preferences: {only: [cloud-api, open-model-api]}
assumptions: ${JSON.stringify(fewDecisions)}
`,
  );
  const run = async (values: object) =>
    (await told((io) => runAssess(io, { scenario: [scenario], color: false, asOf, ...values }))).out;

  test('applies the book: gpt-4o at 2 and 8 costs 2,654.28', async () => {
    const priceBook = file(
      'book.yaml',
      'version: 1\nname: Our contract\nrates:\n  - {provider: openai, model: gpt-4o, input: 2, output: 8}\n',
    );
    const decision: Decision = JSON.parse(await run({ priceBook, format: 'json', option: [gpt4o] }));
    expect(decision.tables.priceBook).toMatch(/^Our contract \(.*book\.yaml, sha256 [0-9a-f]{64}\)$/);
    const option = optionOf(decision, gpt4o);
    expect(option.monthlyCost).toBeCloseTo(2654.28, 8);
    expect(option.costParts[0]?.sources[0]).toMatch(
      /^price book Our contract \(.*book\.yaml:4\); input, output; the rest simonw/,
    );
  });
});
