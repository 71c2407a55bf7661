import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { TuningRow } from '../../src/tables/columns.js';
import { leavesRegions, trainingUsdPerMTok, tuningOf } from '../../src/tables/service-tiers.js';
import type { Tables } from '../../src/tables/tables.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { tablesWith } from '../support/scenario.js';

const cases = casesIn('tuning', {
  notes: { family: z.string(), note: z.string() },
  regions: {
    dataInRegion: z.enum(['no', 'us_only', 'conditional', 'yes']).nullable(),
    residency: z.array(z.string()),
    leaves: z.boolean(),
  },
  prices: { facts: z.record(z.string(), z.unknown()), usd: z.number().nullable() },
});

let tables: Tables;
let blank: TuningRow;
beforeAll(async () => {
  tables = await shippedTables();
  const [first] = tables.tuning;
  if (first === undefined) throw new Error('no row');
  blank = { ...first, provider: 'acme', methods: ['sft'], offered: 'yes', trainingUnit: 'usd_per_mtok' };
});

/** Models of a size, and what a provider's rows say, in their order. */
function asked(sizes: Record<string, number>, facts: readonly Partial<TuningRow>[]): Tables {
  const [model] = tables.models;
  if (model === undefined) throw new Error('no model');
  const models = Object.entries(sizes).map(([family, paramsTotalB]) => ({ ...model, family, paramsTotalB }));
  return tablesWith(tables, {
    modelOf: new Map(models.map((one) => [one.family, one])),
    tuning: facts.map((fact, row) => ({ ...blank, ...fact, row })),
  });
}

describe('the row of a model', () => {
  test.each(cases.notes)('$family is told by that of $note', ({ family, note }) => {
    const sizes = { b8: 8, b16: 16, b17: 17, b69: 69, 'b69.5': 69.5, b300: 300, b301: 301, named: 8 };
    const models = ['*', 'up to 16B', '17B-69B', 'above 300B', 'named;second'];
    const notes = ['all others', 'up to 16B', '17B-69B', 'above 300B', 'by name'];
    const list = asked(
      sizes,
      models.map((model) => ({ model })),
    );
    expect(notes[tuningOf({ provider: 'acme', family }, [], list)?.row ?? -1]).toBe(note);
  });

  test('there is none of another provider, nor of a model that no row names', () => {
    const list = asked({ b8: 8 }, [{ model: 'up to 4B' }]);
    expect(tuningOf({ provider: 'acme', family: 'b8' }, [], list)).toBeNull();
    expect(tuningOf({ provider: 'other', family: 'b8' }, [], list)).toBeNull();
  });

  test('of several that name it, it is the cheapest that tunes to examples, in the regions asked for', () => {
    const list = asked({}, [
      { model: 'm', methods: ['rft'], trainingUsdHigh: 0 },
      { model: 'm', trainingUsdHigh: 1, dataInRegion: 'no' },
      { model: 'm', trainingUsdHigh: 3, dataInRegion: 'yes' },
      { model: 'm', trainingUsdHigh: null, dataInRegion: 'yes' },
      { model: '*', trainingUsdHigh: 0.1, dataInRegion: 'yes' },
    ]);
    const found = (residency: readonly string[]) => tuningOf({ provider: 'acme', family: 'm' }, residency, list)?.row;
    expect(found([])).toBe(1);
    expect(found(['eea'])).toBe(2);
    const unpriced = asked({}, [
      { model: 'm', methods: ['rft'], trainingUsdHigh: 0 },
      { model: 'm', trainingUsdHigh: null },
    ]);
    expect(tuningOf({ provider: 'acme', family: 'm' }, [], unpriced)?.row).toBe(1);
  });
});

test.each(cases.regions)(
  'data in region $dataInRegion, asked for $residency: leaves them $leaves',
  ({ dataInRegion, residency, leaves }) => {
    expect(leavesRegions({ ...blank, dataInRegion }, residency)).toBe(leaves);
  },
);

test.each(cases.prices)('$facts costs $usd to train', ({ facts, usd }) => {
  expect(trainingUsdPerMTok({ ...blank, ...(facts as Partial<TuningRow>) })).toBe(usd);
});
