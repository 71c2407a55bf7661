import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/decide/plan.js';
import { type Scored, scoresOf } from '../../src/decide/review.js';
import { capabilityOf, type Option } from '../../src/places/option.js';
import type { TaskService } from '../../src/places/placement.js';
import { normalBelow, probabilityAtLeast } from '../../src/units/statistics.js';
import { caseOf } from '../support/scenario.js';

describe('the normal distribution', () => {
  test.each([
    [0, 0.5],
    [1, 0.8413447],
    [-1, 0.1586553],
    [1.2815516, 0.9],
    [1.959964, 0.975],
    [-3, 0.0013499],
  ])('below %d: %d', (x, probability) => {
    expect(normalBelow(x)).toBeCloseTo(probability, 6);
  });

  test.each([
    { a: [60, 55, 65], b: [60, 60, 60], p: 0.5, why: 'equal middles' },
    { a: [60, 55, 65], b: [55, 55, 55], p: 0.9, why: 'the low end of an 80 % band' },
    { a: [60, 55, 65], b: [65, 65, 65], p: 0.1, why: 'its high end' },
    { a: [60, 56, 64], b: [55, 52, 58], p: 0.9, why: 'bands of 4 and 3 are one of 5' },
    { a: [60, 60, 60], b: [60, 60, 60], p: 1, why: 'certain, and enough' },
    { a: [60, 60, 60], b: [60.1, 60.1, 60.1], p: 0, why: 'certain, and too little' },
  ])('$a at least $b: $p ($why)', ({ a, b, p }) => {
    const band = ([middle = 0, low = 0, high = 0]: number[]) => ({ middle, low, high });
    expect(probabilityAtLeast(band(a), band(b))).toBeCloseTo(p, 6);
  });
});

describe('capability of an option', () => {
  const rowOf = async (family: string) => {
    const { tables } = await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }] });
    return tables.capabilityOf.get(family) ?? null;
  };
  test('as released: 60.0 with its band', async () => {
    expect(capabilityOf({ capability: await rowOf('gpt-4o'), mode: 'standard', lossAt50: 0 })).toMatchObject({
      have: 60,
      low: 55.4,
      high: 64.4,
    });
  });

  test('a loss of 2 points at 50 is 2 x 60 x 40 / 2,500 = 1.92 at 60', async () => {
    const found = capabilityOf({ capability: await rowOf('gpt-4o'), mode: 'standard', lossAt50: 2 });
    expect(found?.have).toBeCloseTo(58.08, 9);
    expect(found?.low).toBeCloseTo(53.48, 9);
  });

  test('each mode has its own index, and the band moves with it: qwen3-32b 74.4 thinking, 60.1 not', async () => {
    const capability = await rowOf('qwen3-32b');
    expect(capabilityOf({ capability, mode: 'thinking', lossAt50: 0 })).toMatchObject({ have: 74.4, low: 70.6 });
    const standard = capabilityOf({ capability, mode: 'standard', lossAt50: 0 });
    expect(standard?.have).toBeCloseTo(60.1, 9);
    expect(standard?.low).toBeCloseTo(70.6 - 14.3, 9);
  });
});

describe('factor scores', () => {
  type Asked = {
    monthlyUsd?: number;
    cheapestUsd?: number | null;
    fte?: number;
    states?: string[];
    ttftP95Ms?: number | null;
  };
  async function scores(
    { monthlyUsd = 100, cheapestUsd = 100, fte = 0, states = [], ttftP95Ms = null }: Asked,
    blocks: object = {},
  ) {
    const context = await caseOf({
      workload: { volume: 1 },
      tasks: [{ type: 'faq-chat', capability: { minIndex: 60 } }],
      ...blocks,
    });
    const { taskParts } = context.workload;
    const option = {
      capability: context.tables.capabilityOf.get('gpt-4o') ?? null,
      mode: 'standard',
      lossAt50: 0,
    } as Option;
    const plan = { monthlyUsd, fte, deployments: [{ option, taskParts, lines: [] }] } as unknown as Plan;
    const service = { ttftP95Ms, tokensPerSecond: null, totalP95Ms: null } as TaskService;
    const verdicts: Scored['verdicts'] = states.map((state) => ({ gate: 'boundary', state }));
    return scoresOf({ plan, cheapestUsd, verdicts, serviceOf: () => service }, context);
  }

  test.each([
    { asked: { monthlyUsd: 200 }, factor: 'volume', score: 50, why: '100 x 100 / 200' },
    { asked: { monthlyUsd: 0, cheapestUsd: 0 }, factor: 'volume', score: 100, why: 'both cost nothing' },
    { asked: { monthlyUsd: 80 }, factor: 'volume', score: 100, why: 'never above 100' },
    { asked: { cheapestUsd: null }, factor: 'volume', score: null, why: 'nothing to compare with' },
    { asked: {}, factor: 'sensitivity', score: 100, why: 'inside with nothing to do' },
    { asked: { states: ['condition'] }, factor: 'sensitivity', score: 70, why: 'conditions to meet' },
    { asked: { states: ['condition', 'failed'] }, factor: 'sensitivity', score: 0, why: 'outside' },
    { asked: { states: ['unknown'] }, factor: 'sensitivity', score: 0, why: 'nobody knows' },
    { asked: {}, factor: 'capability', score: 50, why: '60 against 60: an even chance' },
    { asked: {}, factor: 'team', score: 100, why: 'no people are needed' },
    { asked: { fte: 0.5 }, factor: 'team', score: null, why: 'no team is given' },
    { asked: { ttftP95Ms: 400 }, factor: 'latency', score: 100, why: '800 ms asked for' },
    { asked: { ttftP95Ms: 1600 }, factor: 'latency', score: 50, why: '800 / 1,600' },
    { asked: {}, factor: 'latency', score: null, why: 'nothing is known' },
  ] as const)('$factor $score: $why', async ({ asked, factor, score }) => {
    const found = (await scores({ ...asked, states: 'states' in asked ? [...asked.states] : [] }))[factor];
    if (score === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(score, 6);
  });

  test.each([
    { free: 0.5, fte: 0.4, score: 100 },
    { free: 0.2, fte: 0.4, score: 50 },
    { free: 0, fte: 0.4, score: 0 },
  ])('$free FTE free of $fte needed: $score', async ({ free, fte, score }) => {
    expect((await scores({ fte }, { team: { devops: 2, free: `${free} FTE` } })).team).toBeCloseTo(score, 9);
  });

  test('the total is the mean of what applies, with the weights of the user', async () => {
    // volume 50, sensitivity 70, capability 50, team 100; latency does not apply
    const asked = { monthlyUsd: 200, states: ['condition'] };
    expect((await scores(asked)).total).toBeCloseTo((50 + 70 + 50 + 100) / 4, 6);
    const weights = { volume: 3, sensitivity: 1, capability: 0, team: 1, latency: 5 };
    expect((await scores(asked, { preferences: { weights } })).total).toBeCloseTo((150 + 70 + 100) / 5, 6);
  });
});
