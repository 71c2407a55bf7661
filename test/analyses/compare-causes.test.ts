import { expect, test } from 'vitest';
import { causesOf, type Judged } from '../../src/analyses/compare/causes.js';
import { type Judge, judgedBy } from '../../src/analyses/compare/compare.js';
import type { Tables } from '../../src/tables/tables.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { asOf, readWritten, tablesWith, type Written } from '../support/scenario.js';
import { another, closed, open, twoPrices } from '../support/two-prices.js';

const priced = (all: Tables, usd: { closed: number; open: number }) =>
  twoPrices(all, { closed: [usd.closed, usd.closed], open: [usd.open, usd.open] });

/**
 * Tables of two rows: a closed model in one deployment type, an open one in another at a hundred times its price. Whatever
 * makes the dear one a hundred times cheaper than the other, or keeps the cheap one out, changes the advice.
 */
const { tables: all, prose } = await shipped();
const tables = priced(all, { closed: 1, open: 100 });

const faq = (more: Partial<Written> = {}, task: Record<string, unknown> = {}): Written => ({
  workload: { volume: '10k' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1000, output: 1000 }, ...task }],
  preferences: { only: ['cloud-api', 'open-model-api'] },
  ...more,
});

const judged = (written: Written, judge: Partial<Judge> = {}) => {
  const by = { tables, prose, asOf, ...judge };
  return judgedBy(readWritten(written, by.tables), by);
};
const named = ({ causes }: ReturnType<typeof causesOf>) =>
  causes.map(({ what, table, name, change }) => [what, table, name, change]);

/** Tables in which a score of a model is another one. */
function scored(family: string, index: number): Tables {
  const capability = tables.capability.map((row) =>
    row.family === family ? { ...row, index, indexLow: index, indexHigh: index, indexThinking: index } : row,
  );
  return tablesWith(tables, { capability, capabilityOf: new Map(capability.map((row) => [row.family, row])) });
}

test('a price: the row that moved, with its figures and where the later one is from', () => {
  const later = priced(tables, { closed: 1, open: 0.01 });
  const found = causesOf(judged(faq()), judged(faq(), { tables: later }));
  expect(found.proof).toBe('decided');
  expect(named(found)).toEqual([['price', 'api', open, 'changed']]);
  const [{ figures, source, date }] = found.causes as [(typeof found.causes)[number]];
  expect(figures).toEqual([
    { figure: 'input_usd_per_mtok', before: 100, after: 0.01 },
    { figure: 'output_usd_per_mtok', before: 100, after: 0.01 },
  ]);
  const row = later.api.find(({ provider }) => provider === 'together')?.row ?? -1;
  expect({ source, date }).toEqual((({ source, date }) => ({ source, date }))(prose({ table: 'api', row })));
});

test('of two prices that moved, and of an input, only what is needed', () => {
  const later = priced(tables, { closed: 0.9, open: 0.01 });
  expect(named(causesOf(judged(faq()), judged(faq({ workload: { volume: '11k' } }), { tables: later })))).toEqual([
    ['price', 'api', open, 'changed'],
  ]);
});

/** Sixty rows more, of no plan: each at its own price. */
function beside(sold: Tables, usdPerMTok: number): Tables {
  const [row] = sold.api.filter(({ provider }) => provider === 'openai');
  if (row === undefined) throw new Error('nothing of openai');
  const others = Array.from({ length: 60 }, (_, i) => ({
    ...row,
    modelId: `of-no-plan-${i}`,
    row: 10_000 + i,
    inputUsdPerMTok: usdPerMTok + i,
    outputUsdPerMTok: usdPerMTok + i,
  }));
  return tablesWith(sold, { api: [...sold.api, ...others] });
}

/** What explains it, and how many decisions that took. */
function counted(before: Judged, after: Judged) {
  let decisions = 0;
  const found = causesOf(before, after, (made) => {
    decisions = made;
  });
  return { found, decisions };
}

test('a price of neither plan advised, but of the one that an input would have led to', async () => {
  const { tables: all } = await shipped();
  // All may serve: the closed one at 1. Without it a third at 5 would, had it not become dear: the open one at 10 does.
  const sold = (third: number, others: number): Tables =>
    beside(twoPrices(all, { closed: [1, 1], open: [10, 10], another: [third, third] }), others);
  const { found, decisions } = counted(
    judged(faq(), { tables: sold(5, 5000) }),
    judged(faq({}, { capability: { minIndex: 52 } }), { tables: sold(1000, 6000) }),
  );
  expect(found.proof).toBe('decided');
  expect(named(found)).toEqual([
    ['input', null, 'tasks.faq.capability.minIndex', 'added'],
    ['price', 'api', another, 'changed'],
  ]);
  expect(decisions).toBeLessThan(8);
});

test('a task that came or went is no cause of what became of the others', () => {
  const task = (name: string, share: string, more: object = {}) => ({
    name,
    type: 'faq-chat',
    share,
    tokens: { input: 1000, output: 1000 },
    ...more,
  });
  const two = faq({ tasks: [task('faq', '70%'), task('hard', '30%')] });
  const open = { preferences: { only: ['open-model-api'] } };
  const one = faq({ tasks: [task('faq', '100%')], ...open });
  expect(named(causesOf(judged(two), judged(one)))).toEqual([['input', null, 'preferences.only', 'changed']]);
  const more = faq({ tasks: [task('faq', '60%'), task('hard', '30%'), task('late', '10%')], ...open });
  expect(named(causesOf(judged(two), judged(more)))).toEqual([['input', null, 'preferences.only', 'changed']]);
  // Where every task has another name, they are told together.
  const renamed = faq({ tasks: [task('chat', '70%'), task('deep', '30%')], ...open });
  expect(named(causesOf(judged(two), judged(renamed)))).toEqual([['input', null, 'preferences.only', 'changed']]);
});

test('an input, with the words of both', () => {
  const found = causesOf(judged(faq()), judged(faq({ preferences: { only: ['open-model-api'] } })));
  expect(found).toEqual({
    causes: [
      {
        what: 'input',
        table: null,
        name: 'preferences.only',
        change: 'changed',
        figures: [{ figure: 'only', before: '["cloud-api","open-model-api"]', after: '["open-model-api"]' }],
        source: null,
        date: null,
      },
    ],
    proof: 'decided',
  });
});

test('what is spare only once another change is left out is left out too', () => {
  // Machines of one's own take people: those there are matter while nobody may be hired, and that is spare.
  const anywhere = { workload: { volume: '50k' }, preferences: undefined };
  const found = causesOf(
    judged(faq(anywhere)),
    judged(faq({ ...anywhere, data: { boundary: 'own-account' }, team: { devops: 6, mayHire: false } })),
  );
  expect(found.proof).toBe('decided');
  expect(named(found)).toEqual([['input', null, 'data.boundary', 'added']]);
});

test('the catalog, where nothing else differs: the row that has other cells', () => {
  const capable = faq({}, { capability: { minIndex: 60 } });
  const found = causesOf(judged(capable), judged(capable, { tables: scored('gpt-5-nano', 20) }));
  expect(named(found)).toEqual([['catalog', 'capability', 'gpt-5-nano', 'changed']]);
  expect(found.proof).toBe('decided');
});

test('a price that suffices only on the later catalog is told with what that has otherwise', () => {
  // At first neither model is good enough; later both are, and the other one is cheap.
  const capable = faq({}, { capability: { minIndex: 60 } });
  const best = { index: 70, indexLow: 70, indexHigh: 70, indexThinking: 70, indexStandard: 70 };
  const capability = tables.capability.map((row) => ({ ...row, ...best }));
  const cheapOpen = tablesWith(priced(tables, { closed: 100, open: 0.01 }), {
    capability,
    capabilityOf: new Map(capability.map((row) => [row.family, row])),
  });
  const found = causesOf(judged(capable), judged(capable, { tables: cheapOpen }));
  expect(found.proof).toBe('decided');
  const told = named(found).map(([what, table]) => `${what} ${table}`);
  expect(told).toContain('price api');
  expect(told).toContain('catalog capability');
  // Where the catalog moved and has no part in it, it is not told.
  const apart = causesOf(judged(faq()), judged(faq(), { tables: cheapOpen }));
  expect(named(apart).map(([what]) => what)).toEqual(['price']);
});

const asking = (minIndex: number): Written => faq({}, { capability: { minIndex } });

test('where prices alone give the later advice, no input is to blame that would have given it too', () => {
  // The closed model scores 50.7, the open one 53.4.
  const [before, stricter] = [judged(asking(30)), asking(52)];
  const later = priced(tables, { closed: 100, open: 0.01 });
  expect(named(causesOf(before, judged(stricter))).map(([what]) => what)).toEqual(['input']);
  const both = causesOf(before, judged(stricter, { tables: later }));
  expect(named(both).map(([what]) => what)).toEqual(['price']);
  expect(both.proof).toBe('decided');
});

test('the day, where the tables are the same', () => {
  const retiring = tablesWith(tables, {
    api: tables.api.map((row) => (row.provider === 'openai' ? { ...row, retires: '2026-12-01' } : row)),
  });
  const [before, after] = ['2026-11-30', '2026-12-01'].map((day) => judged(faq(), { tables: retiring, asOf: day }));
  if (before === undefined || after === undefined) throw new Error('two sides');
  expect(causesOf(before, after)).toEqual({
    causes: [
      {
        what: 'day',
        table: null,
        name: 'as-of',
        change: 'changed',
        figures: [{ figure: 'as-of', before: '2026-11-30', after: '2026-12-01' }],
        source: null,
        date: null,
      },
    ],
    proof: 'decided',
  });
});

/** What cannot be proved, since not a decision more may be made. */
const unproved = { assumptions: { compareDecisions: 1 } };

test('without a proof: inputs, rows of either plan, what the catalogs have otherwise, and the day', () => {
  const spare = (all: Tables, usd: number) => {
    const row = { ...(all.api[0] as Tables['api'][number]), row: 7000, provider: 'groq', inputUsdPerMTok: usd };
    return tablesWith(all, { api: [...all.api, row] });
  };
  const [known] = tables.capability;
  const more = { ...(known as Tables['capability'][number]), family: 'of no use here' };
  const scores = scored('gpt-5-nano', 90);
  const later = spare(tablesWith(scores, { api: priced(tables, { closed: 9, open: 0.01 }).api }), 300);
  const catalog = tablesWith(later, { capability: [...later.capability, more] });
  const before = judged(faq(unproved), { tables: spare(tables, 200), asOf: '2026-11-01' });
  const after = judged(faq({ ...unproved, workload: { volume: '11k' } }), { tables: catalog });
  const told: number[] = [];
  const found = causesOf(before, after, (decisions) => told.push(decisions));
  expect(named(found)).toEqual([
    ['input', null, 'workload.volume', 'changed'],
    ['price', 'api', closed, 'changed'],
    ['price', 'api', open, 'changed'],
    ['catalog', 'capability', 'gpt-5-nano', 'changed'],
    ['day', null, 'as-of', 'changed'],
  ]);
  expect(found.proof).toBe('listed');
  expect(told).toEqual([1]);
});

test('the same twice: nothing to tell', () => {
  expect(causesOf(judged(faq()), judged(faq()))).toEqual({ causes: [], proof: null });
});

test('the price of a machine, by its row of the list', async () => {
  const { tables: all } = await shipped();
  const few = fewRows(all);
  const renting = (usdPerHour: number): Tables =>
    tablesWith(few, {
      api: priced(all, { closed: 5, open: 500 }).api,
      hosting: [],
      rental: few.rental
        .filter(({ instanceType }) => instanceType === 'g6.xlarge')
        .map((row) => ({
          ...row,
          onDemandUsdPerHour: usdPerHour,
          spotUsdPerHour: null,
          reserved1yUsdPerHour: null,
          reserved3yUsdPerHour: null,
        })),
    });
  const small = faq(
    { team: { yearlyCost: '1 USD/year' }, preferences: { only: ['cloud-api', 'self-hosted-cloud'] } },
    { capability: { minIndex: 5 } },
  );
  const [dear, cheap] = [renting(1000), renting(0.01)];
  const found = causesOf(judged(small, { tables: dear }), judged(small, { tables: cheap }));
  expect(found.proof).toBe('decided');
  const rows = found.causes.map(({ table, name, change, figures }) => [table, name, change, figures]);
  expect(rows).toEqual([
    [
      'rental',
      'aws/g6.xlarge/l4-24gb/us-east-1',
      'changed',
      [{ figure: 'on_demand_usd_per_hour', before: 1000, after: 0.01 }],
    ],
  ]);
  // Of a catalog that lacks the card of the later plan, that is told too.
  const cards = dear.accelerators.filter(({ accelerator }) => accelerator !== 'l4-24gb');
  const lacking = tablesWith(dear, {
    accelerators: cards,
    acceleratorOf: new Map(cards.map((row) => [row.accelerator, row])),
    rental: [],
  });
  const told = causesOf(
    judged({ ...small, ...unproved }, { tables: lacking }),
    judged({ ...small, ...unproved }, { tables: cheap }),
  );
  expect(named(told)).toContainEqual(['catalog', 'accelerators', 'l4-24gb', 'added']);
});
