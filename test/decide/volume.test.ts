import { describe, expect, test } from 'vitest';
import { caseOf } from '../support/scenario.js';

const faq = { name: 'faq', type: 'faq-chat', tokens: { input: 1000, output: 200, cacheablePrefix: 400 } };
const hard = { name: 'hard', type: 'complex-reasoning', tokens: { input: 3000, output: 1000 } };
/** Hours of 0.5 and 1.5 times the mean. */
const halfDays = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 1 : 3));

describe('a volume becomes requests a day', () => {
  test.each([
    { volume: 30_000, perDay: 30_000, why: 'a bare number is requests a day' },
    { volume: '30k requests/day', perDay: 30_000, why: '30k a day' },
    { volume: '2 requests/s', perDay: 172_800, why: '2 x 86,400 s' },
    { volume: '50 requests/min', perDay: 72_000, why: '50 x 1,440 minutes' },
    { volume: '100 requests/hour', perDay: 2_400, why: '100 x 24' },
    { volume: '70k requests/week', perDay: 10_000, why: '70,000 / 7' },
    { volume: '730k requests/month', perDay: 24_000, why: '730,000 requests in a month of 730 h, 24 h a day' },
    { volume: '1M requests/month', perDay: 24e6 / 730, why: '1e6 x 24 / 730' },
    { volume: '2.4M tokens/day', perDay: 2_000, why: '2.4e6 / (1,000 + 200) tokens' },
    { volume: '87.6M tokens/month', perDay: 2_400, why: '87.6e6 / 1,200 = 73,000 a month, x 24 / 730' },
    { volume: '500 conversations/day', perDay: 500, why: 'a conversation is one request unless stated' },
    { volume: '12 requests/s at peak', profile: 'flat', perDay: 1_036_800, why: 'flat: 12 x 86,400' },
    { volume: '12 requests/s at peak', profile: halfDays, perDay: 691_200, why: 'peak 1.5: 12 x 86,400 / 1.5' },
    { volume: '12 requests/s at peak', profile: { peakToMean: 4 }, perDay: 259_200, why: 'peak 4: 1,036,800 / 4' },
  ])('$volume: $why', async ({ volume, profile, perDay }) => {
    const { workload } = await caseOf({ workload: { volume, ...(profile && { profile }) }, tasks: [faq] });
    expect(workload.requestsPerDay / perDay).toBeCloseTo(1, 6);
    expect(workload.taskParts[0]?.requestsPerDay).toBe(workload.requestsPerDay);
  });

  test('tokens of a mix: 0.9 x 1,200 + 0.1 x 4,000 = 1,480 a request, so 1.48M tokens are 1,000 requests', async () => {
    const tasks = [
      { ...faq, share: '90%' },
      { ...hard, share: '10%' },
    ];
    const { workload } = await caseOf({ workload: { volume: '1.48M tokens/day' }, tasks });
    expect(workload.requestsPerDay).toBeCloseTo(1000, 9);
    expect(workload.taskParts.map(({ requestsPerDay }) => Math.round(requestsPerDay))).toEqual([900, 100]);
  });

  test('tokens of conversations count what is sent again: 2M tokens are 1,000 requests of 1,800 + 200', async () => {
    const { workload } = await caseOf({ workload: { volume: '2M tokens/day', turns: 3 }, tasks: [faq] });
    expect(workload.requestsPerDay).toBeCloseTo(1000, 9);
  });

  test('a longer month has more days to share its requests: 720 h', async () => {
    const { workload } = await caseOf({
      workload: { volume: '1M requests/month' },
      tasks: [faq],
      assumptions: { hoursPerMonth: '720 hours' },
    });
    expect(workload.requestsPerDay).toBeCloseTo(1e6 / 30, 6);
  });
});

test.each([
  { turns: 1, input: 1000, prefix: 400, why: 'a single request' },
  { turns: 2, input: 1400, prefix: 800, why: 'half a turn of 600 + 200 on average' },
  { turns: 3, input: 1800, prefix: 1200, why: 'turns bring 0, 1 and 2 x (1,000 - 400 + 200): 800 on average' },
  { turns: 6, input: 3000, prefix: 2400, why: '0 to 5 x 800: 2,000 on average' },
])(
  'turns send again what went before: $turns turns: input $input, cacheable $prefix ($why)',
  async ({ turns, input, prefix }) => {
    const { workload } = await caseOf({ workload: { volume: 10, turns }, tasks: [faq] });
    expect(workload.taskParts[0]?.tokens).toMatchObject({ input, prefix, output: 200 });
  },
);

describe('tokens', () => {
  test('a prefix may be a share; it never exceeds the input; the preset has one for those who say nothing', async () => {
    const { workload } = await caseOf({
      workload: { volume: 10 },
      tasks: [
        { name: 'share', type: 'faq-chat', tokens: { input: 1000, cacheablePrefix: '30%' } },
        { name: 'preset', type: 'faq-chat', tokens: { input: 1000 } },
        { name: 'alldefault', type: 'faq-chat' },
      ],
    });
    expect(workload.taskParts.map(({ tokens }) => [tokens.input, tokens.prefix, tokens.output])).toEqual([
      [1000, 300, 260],
      [1000, 500, 260], // faq-chat: half of the prompt, 260 tokens of answer
      [1150, 575, 260],
    ]);
  });

  test('reasoning and hit rate are what the user gives, else unknown', async () => {
    const { workload } = await caseOf({
      workload: { volume: 10 },
      tasks: [
        { name: 'given', type: 'complex-reasoning', tokens: { reasoning: 900, cacheHitRate: '70%' } },
        { name: 'open', type: 'complex-reasoning' },
      ],
    });
    expect(workload.taskParts.map(({ tokens }) => [tokens.reasoning, tokens.cacheHitRate])).toEqual([
      [900, 0.7],
      [null, null],
    ]);
  });
});

describe('shares', () => {
  const tasksOf = (...shares: (string | undefined)[]) =>
    shares.map((share, index) => ({ ...faq, name: `t${index}`, ...(share && { share }) }));
  test.each([
    { shares: ['90%', '10%'], expected: [900, 100] },
    { shares: ['70%', undefined], expected: [700, 300] },
    { shares: [undefined, undefined], expected: [500, 500] },
    { shares: [undefined], expected: [1000] },
  ])('$shares of 1,000 requests', async ({ shares, expected }) => {
    const { workload } = await caseOf({ workload: { volume: 1000 }, tasks: tasksOf(...shares) });
    expect(workload.taskParts.map(({ requestsPerDay }) => Math.round(requestsPerDay * 1e6) / 1e6)).toEqual(expected);
    const shown = workload.taskParts.map(({ share }) => share);
    expect(shown.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
  });

  test('a task with a volume of its own stays when the workload grows, and takes its part of all requests', async () => {
    const tasks = [{ ...faq }, { ...hard, volume: '4k requests/day' }];
    const { workload } = await caseOf({ workload: { volume: 16_000 }, tasks });
    expect(workload.requestsPerDay).toBe(16_000);
    expect(workload.taskParts.map(({ scales }) => scales)).toEqual([true, false]);
    expect(workload.taskParts.map(({ requestsPerDay }) => requestsPerDay)).toEqual([16_000, 4_000]);
    expect(workload.taskParts.map(({ share }) => share)).toEqual([0.8, 0.2]);
  });
});
