import { type BandFactors, bandOf } from '../../capacity/model-work.js';
import { doubtsOn, usualEngine } from '../../capacity/run.js';
import { assumptionsOf } from '../../decide/basis.js';
import { linesOf, optionsOf, type Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import type { AcceleratorRow } from '../../tables/columns.js';
import { priceColumns, rentalForms } from '../../tables/columns.js';
import type { Tables } from '../../tables/tables.js';
import { type Dimension, dimensionOf, groupSize } from '../../units/statistics.js';
import type { Scenario } from '../../workload/schema.js';
import { rangesOf, setUnder } from '../../workload/set.js';
import { measuredOf, type Workload } from '../../workload/workload.js';
import { estimateQuantile, figureInputs, lognormalQuantile, quantileOf, type UncertainInput, unitOf } from './input.js';

/**
 * Every uncertain input of some plans' costs, each once: ranges, volumes and single lengths of the scenario, own prices
 * with a range, estimates of the tables, list prices and rents of machines, and capacity errors by model and card.
 */
export function uncertainInputs(
  scenario: Scenario,
  plans: readonly Plan[],
  context: Context,
  seed: number,
): UncertainInput[] {
  const { tables, workload } = context;
  return [
    ...scenarioInputs(scenario, context, seed),
    ...figureInputs(scenario, context, seed),
    ...ownPriceInputs(tables, seed),
    ...assumptionInputs([...workload.resolvedWith, ...assumptionsOf(plans, context, false)], scenario, tables, seed),
    ...listPriceInputs(plans, tables, seed),
    ...rentInput(plans, context, seed),
    ...capacityInputs(plans, workload, tables, seed),
  ];
}

/** The user's uncertain inputs come in groups with space-filling dimensions; others go by name. */
const scenarioInputs = (scenario: Scenario, { workload, tables }: Context, seed: number): UncertainInput[] =>
  rangesOf(scenario).map(({ path, value: { range } }, i) => ({
    path,
    unit: unitOf(path, scenario, tables),
    low: range.low,
    likely: range.likely,
    high: range.high,
    origin: 'user' as const,
    subject: { is: 'scenario' as const },
    quantile: quantileOf(range),
    share: inLevels(path, dimensionOf(seed, `scenario ${Math.floor(i / groupSize)}`, i % groupSize), workload),
  }));

/** An input on the hours of the load takes few equal steps of its share, so that sorted loads are reused. */
function inLevels(path: string, share: Dimension, { assume }: Workload): Dimension {
  if (!/^workload\.(?:growth|profile)/.test(path)) return share;
  const levels = Math.max(1, Math.floor(assume('drawLevels')));
  return (draw) => (Math.floor(share(draw) * levels) + 0.5) / levels;
}

/** Own prices with a range: discounts in percent, others as factors on their likely values. */
const ownPriceInputs = ({ ownPricing }: Tables, seed: number): UncertainInput[] =>
  (ownPricing?.ranges ?? []).map((range) => {
    const [path, { name, inScenario }] = [range.path.join('.'), range.book];
    return {
      path: inScenario ? `prices.${path}` : `${path} of ${name}`,
      unit: range.unit,
      low: range.low,
      likely: range.likely,
      high: range.high,
      origin: 'user' as const,
      subject: { is: 'ownPrice' as const, range },
      quantile: quantileOf(range),
      share: dimensionOf(seed, `${name} ${path}`, 0),
    };
  });

/**
 * Estimates of the tables without a value of the user's; parameters with the value of another one move under its name,
 * as in the scenario.
 */
function assumptionInputs(used: readonly string[], scenario: Scenario, tables: Tables, seed: number): UncertainInput[] {
  const open = used.filter((name) => setUnder(name, scenario.assumptions, tables) === null);
  const sources = new Set(open.map((name) => tables.parameterOf.get(name)?.as ?? name));
  return [...sources].sort().flatMap((source) => {
    const row = tables.parameterOf.get(source);
    if (row === undefined || row.low === row.high || !row.drawn) return [];
    const path = `assumptions.${source}`;
    return {
      path,
      unit: row.unit,
      low: row.low,
      likely: row.likely,
      high: row.high,
      origin: 'tables' as const,
      subject: { is: 'assumption' as const, name: source },
      quantile: estimateQuantile(row),
      share: dimensionOf(seed, path, 0),
    };
  });
}

/** List prices of machines that some plans pay. */
function listPriceInputs(plans: readonly Plan[], tables: Tables, seed: number): UncertainInput[] {
  const paid = new Set(
    plans.flatMap((plan) =>
      linesOf(plan).flatMap((line) =>
        line.sources().flatMap(({ table, row }) => (table === 'accelerators' ? row : [])),
      ),
    ),
  );
  return tables.accelerators.filter(({ row }) => paid.has(row)).flatMap((row) => listPriceInput(row, seed) ?? []);
}

/** Hourly prices of rented machines, with their change over a year; reserved prices stay. */
function rentInput(plans: readonly Plan[], { tables }: Context, seed: number): UncertainInput[] {
  const paid = new Set(
    plans.flatMap((plan) => linesOf(plan).flatMap((line) => line.sources().map(({ table, row }) => `${table} ${row}`))),
  );
  const rows = [
    ...tables.rental.map((row) => ({ table: 'rental' as const, of: row, columns: uncommitted })),
    ...tables.hosting.map((row) => ({ table: 'hosting' as const, of: row, columns: perUnit })),
  ].flatMap(({ table, of, columns }) => {
    const known = columns.filter((column) => (of as { [column: string]: unknown })[column] != null);
    return paid.has(`${table} ${of.row}`) && known.length > 0 ? [{ table, row: of.row, columns: known }] : [];
  });
  const band = tables.parameterOf.get('rentOverToday');
  if (rows.length === 0 || band === undefined || band.low === band.high) return [];
  const path = 'price of rented machines';
  return [
    {
      path,
      unit: band.unit,
      low: band.low,
      likely: band.likely,
      high: band.high,
      origin: 'tables',
      subject: { is: 'rent', rows },
      quantile: estimateQuantile(band),
      share: dimensionOf(seed, path, 0),
    },
  ];
}
const uncommitted = rentalForms.flatMap(({ field, months }) => (months === 0 ? [field] : []));
const perUnit = priceColumns.hosting.map(({ field }) => field);

/** Null where its price has no range. */
export function listPriceInput(row: AcceleratorRow, seed: number): UncertainInput | null {
  const { accelerator, listPriceUsd: likely, listPriceLowUsd: low, listPriceHighUsd: high } = row;
  if (likely === null || low === null || high === null || low === high) return null;
  const path = `price of ${accelerator}`;
  return {
    path,
    unit: 'USD',
    low,
    likely,
    high,
    origin: 'tables',
    subject: { is: 'listPrice', accelerator },
    quantile: estimateQuantile({ low, likely, high }),
    share: dimensionOf(seed, path, 0),
  };
}

/** Own models on the cards that some plans use; a measured rate has the scenario's error. */
function capacityInputs(
  plans: readonly Plan[],
  { measured }: Workload,
  tables: Tables,
  seed: number,
): UncertainInput[] {
  const pairs = new Map<string, UncertainInput>();
  const bands = capacityBands(tables);
  for (const { fleet, family, onDevices } of plans.flatMap(({ deployments }) => deployments.flatMap(optionsOf))) {
    const cards = onDevices === null ? (fleet === null ? [] : [fleet.accelerator.accelerator]) : [];
    for (const card of cards) {
      if (measuredOf(measured, family, card) !== null) continue;
      const input = capacityInput(family, card, bands, seed);
      if (input !== null) pairs.set(input.path, input);
    }
  }
  return [...pairs.values()];
}

/** Bands of measured over predicted rates by card, from the calibration; wider for cards without measurements. */
export const capacityBands = ({ accelerators, engines, residuals, bands }: Tables): ReadonlyMap<string, BandFactors> =>
  new Map(
    accelerators.flatMap((accelerator) => {
      const doubts = doubtsOn([], residuals, { accelerator, engine: usualEngine(engines, accelerator.kind) });
      const band = bandOf('system', doubts, bands);
      return band === null ? [] : [[accelerator.accelerator, band]];
    }),
  );

/** Error of a model's predicted capacity on a card: measured over predicted; null: no band. */
export function capacityInput(
  family: string,
  accelerator: string,
  bands: ReadonlyMap<string, BandFactors>,
  seed: number,
): UncertainInput | null {
  const band = bands.get(accelerator);
  if (band === undefined) return null;
  const path = `capacity of ${family} on ${accelerator}`;
  return {
    path,
    unit: 'x predicted',
    low: band.low,
    likely: 1,
    high: band.high,
    origin: 'tables',
    subject: { is: 'capacity', family, accelerator },
    quantile: lognormalQuantile(band.low, band.high),
    share: dimensionOf(seed, path, 0),
  };
}
