import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, isUnpriced, traceOf, traceOfUpfront } from '../../src/cost/curve.js';
import { linesOf, type Plan, planOf } from '../../src/decide/plan.js';
import { narrowedSeveral, searchByCost, severalCase, tracedCase } from '../../src/decide/several-case.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf, placements } from '../../src/places/registry.js';
import type { TuningRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { shippedTables } from '../support/load.js';
import { recomputed } from '../support/recomputed.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

/** 730,000 requests a month of 1,000 + 200 tokens, a year long. */
const written = (more: Partial<Written> = {}): Written => ({
  workload: { volume: '24k requests/day', profile: 'flat' },
  tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 1000, output: 200 } }],
  needs: { fineTuning: true },
  assumptions: { retryRate: 0 },
  ...more,
});

function everythingOn(id: string, context: Context): Plan {
  for (const placement of placements) {
    const option = placement.lookUp(id, context);
    if (option === null) continue;
    const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
    if (isUnpriced(plan)) throw new Error(plan.unpriced);
    return plan;
  }
  throw new Error(`no ${id}`);
}

/** Lines of a bill by their part, USD a month to the cent. */
const bill = ({ deployments, shared }: Plan, context: Context) =>
  Object.fromEntries(
    linesOf({ deployments, shared }).flatMap(({ part, curve }) => {
      const usd = at(curve, context.workload.requestsPerDay);
      return usd === 0 ? [] : [[part, Number(usd.toFixed(4))]];
    }),
  );

/** The tables with other facts of the rows on tuning at a provider. */
const withFacts = (provider: string, facts: Partial<TuningRow>): Tables =>
  tablesWith(tables, { tuning: tables.tuning.map((row) => (row.provider === provider ? { ...row, ...facts } : row)) });

describe('what a tuned model costs, by hand', () => {
  test('like its base: Nova Micro at $0.035 and $0.14, and 11.25M tokens of training at $1', async () => {
    const context = await caseOf(written());
    const plan = everythingOn('cloud-api/aws-bedrock/amazon.nova-micro-v1:0', context);
    // 730M x 0.035 / 1e6 = 25.55; 146M x 0.14 / 1e6 = 20.44; 11.25 x 1 / 12 = 0.9375.
    expect(bill(plan, context)).toEqual({ 'tokens.input': 25.55, 'tokens.output': 20.44, 'other.training': 0.9375 });
    expect(plan.upfrontUsd).toBeCloseTo(11.25, 9);
  });

  test('beside an hourly fee: gpt-4.1 at Azure, $1.70 x 730 hours a month, and $2 x 11.25 of training', async () => {
    const context = await caseOf(written());
    const found = bill(everythingOn('cloud-api/azure/gpt-4.1', context), context);
    expect(found).toMatchObject({ 'other.tunedHosting': 1241, 'other.training': 1.875, 'tokens.input': 1460 });
  });

  test('training has the highest known price where nobody knows what it costs: $100 x 11.25 over 12 months', async () => {
    const context = await caseOf(written());
    const found = bill(everythingOn('cloud-api/azure/gpt-4.1-mini', context), context);
    expect(found).toMatchObject({ 'other.tunedHosting': 1241, 'other.training': 93.75 });
    // Nothing at all is told of tuning there.
    const without = tablesWith(tables, { tuning: tables.tuning.filter(({ provider }) => provider === 'together') });
    const untold = await caseOf(written(), without);
    expect(bill(everythingOn('cloud-api/azure/gpt-4.1-mini', untold), untold)).toMatchObject({
      'other.training': 93.75,
    });
    const [none, known] = [tablesWith(tables, { tuning: [] }), await caseOf(written())];
    const unpriced = { ...known, tables: none };
    expect(Object.keys(bill(everythingOn('cloud-api/azure/gpt-4.1-mini', unpriced), unpriced))).not.toContain(
      'other.training',
    );
  });

  test('at prices of its own: gpt-4.1 at $3 and $12 in place of $2 and $8, and $25 x 11.25 of training', async () => {
    const context = await caseOf(written(), withFacts('openai', { offered: 'yes' }));
    const plan = everythingOn('cloud-api/openai/gpt-4.1', context);
    // 730M x 3 = 2,190; 146M x 12 = 1,752; 281.25 / 12 = 23.4375.
    expect(bill(plan, context)).toEqual({ 'tokens.input': 2190, 'tokens.output': 1752, 'other.training': 23.4375 });
  });

  test('the tokens to train on are the scenario’s to say: 2M at $25 over 12 months are 4.1667', async () => {
    const context = await caseOf(written({ assumptions: { retryRate: 0, fineTuningTokens: '2M' } }));
    expect(bill(everythingOn('cloud-api/openai/gpt-4.1', context), context)).toMatchObject({
      'other.training': 4.1667,
    });
  });

  test('nobody who tunes nothing pays for it', async () => {
    const context = await caseOf(written({ needs: {} }));
    const found = bill(everythingOn('cloud-api/azure/gpt-4.1', context), context);
    expect(Object.keys(found)).toEqual(['tokens.input', 'tokens.output']);
  });

  test('one model is tuned for all tasks of a place that ask for one', async () => {
    const tokens = { input: 1000, output: 200 };
    const two = written({
      needs: {},
      tasks: ['a', 'b', 'c'].map((name) => ({
        ...{ name, type: 'faq-chat', tokens },
        ...(name !== 'c' && { needs: ['fine-tuning'] }),
      })),
    });
    const context = await caseOf(two);
    expect(bill(everythingOn('cloud-api/azure/gpt-4.1', context), context)).toMatchObject({
      'other.tunedHosting': 1241,
    });
  });
});

test.each(['cloud-api/azure/gpt-4.1', 'cloud-api/openai/gpt-4.1'])(
  'every line of %s is told down to its rows, those of tuning among them',
  async (id) => {
    const context = await caseOf(written(), withFacts('openai', { offered: 'yes' }));
    const lines = linesOf(everythingOn(id, context));
    for (const line of lines) {
      expect(recomputed(traceOf(line, 5000)), line.part).toBeCloseTo(at(line.curve, 5000), 9);
      expect(recomputed(traceOfUpfront(line)), line.part).toBeCloseTo(line.upfront, 9);
    }
    expect(lines.flatMap((line) => line.sources()).map(({ table }) => table)).toContain('tuning');
  },
);

test('a tuned model never costs less than the same one as released, whatever the tables say of it', async () => {
  const usd = fc.option(fc.double({ min: 0, max: 20, noNaN: true }), { nil: null });
  const facts = fc.record({
    servingMode: fc.constantFrom('same_price_as_base', 'uplift', 'serverless_lora', 'hourly_plus_tokens'),
    servingInputUsdPerMTok: usd,
    servingOutputUsdPerMTok: usd,
    servingHourlyUsdHigh: usd,
    trainingUsdHigh: usd,
  });
  const volume = fc.integer({ min: 1, max: 1_000_000 });
  const [plain, asked] = [await caseOf(written({ needs: {} })), await caseOf(written())];
  const options = ['cloud-api', 'open-model-api'].flatMap((kind) =>
    tables.api.map((row) => `${kind}/${row.provider}/${row.modelId}`),
  );
  fc.assert(
    fc.property(facts, fc.constantFrom(...options), volume, (stated, id, perDay) => {
      const list = tablesWith(tables, { tuning: tables.tuning.map((row) => ({ ...row, ...stated }) as TuningRow) });
      const option = placements.map((placement) => placement.lookUp(id, asked)).find((found) => found !== null);
      if (option === undefined || option === null) return;
      const costs = [plain, asked].map((context) => {
        const plan = planOf([{ option, taskParts: context.workload.taskParts }], { ...context, tables: list });
        return isUnpriced(plan) ? Number.NaN : at(plan.curve, perDay);
      }) as [number, number];
      expect(costs[1]).toBeGreaterThanOrEqual(costs[0] * (1 - 1e-12));
    }),
    { numRuns: 300 },
  );
});

const sellers = ['aws-bedrock', 'azure'];

describe('the search pays for a tuned model what its bill says', () => {
  const mixed: Written = {
    workload: { volume: '2k requests/day', profile: 'office-hours', growth: '5%/month' },
    tasks: [
      { name: 'tuned', share: '60%', type: 'faq-chat', tokens: { input: 900, output: 100 }, needs: ['fine-tuning'] },
      { name: 'plain', share: '40%', type: 'faq-chat', tokens: { input: 700, output: 300 } },
    ],
    needs: { availability: '99.95%' },
    preferences: { only: ['cloud-api'] },
  };

  test('alone, for tasks of which some do without, and behind another provider', async () => {
    const compared = { tuned: 0, plain: 0, second: 0 };
    for (const written of [mixed, { ...mixed, needs: {} }]) {
      const context = await caseOf(written);
      const several = severalCase(context);
      const options = context.tables.api.flatMap(({ provider, modelId }): Option[] => {
        const option = placementOf('cloud-api').lookUp(`cloud-api/${provider}/${modelId}`, context);
        return sellers.includes(provider) && option !== null ? [option] : [];
      });
      // A quarter of all pairs, of all options.
      for (const [i, one] of options.entries())
        for (const other of options.filter((_, j) => j >= i && j % 4 === i % 4)) {
          const search = searchByCost(narrowedSeveral(several, [one, other]));
          // Any plan, and the tasks apart.
          for (const takes of [() => true, (set: number) => set < 3]) {
            const found = search.best({ takes });
            if (found === null) continue;
            const plan = tracedCase(found);
            expect(found.usd / plan.monthlyUsd, plan.id).toBeCloseTo(1, 9);
            for (const { taskParts, second } of plan.deployments) {
              const isTuned = taskParts.some(({ needs }) => needs.fineTuning);
              compared[isTuned ? 'tuned' : 'plain']++;
              if (isTuned && second) compared.second++;
            }
          }
        }
    }
    expect(Math.min(...Object.values(compared))).toBeGreaterThan(0);
  });

  test('and a month’s bill has the fee, but not the training, which is paid once', async () => {
    const context = await caseOf(written());
    const option = placementOf('cloud-api').lookUp('cloud-api/azure/gpt-4.1', context);
    if (option === null) throw new Error('no option');
    const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
    if (isUnpriced(plan)) throw new Error(plan.unpriced);
    const once = linesOf(plan).filter((line) => line.once === true && line.upfront > 0);
    expect(once.map(({ part, upfront }) => [part, upfront])).toEqual([['other.training', 22.5]]);
  });
});
