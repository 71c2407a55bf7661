import { type BandFactors, bandOf } from '../../capacity/model-work.js';
import { normalQuantile } from '../../capacity/queue/percentiles.js';
import { doubtsOn, usualEngine } from '../../capacity/run.js';
import { assumptionsOf } from '../../decide/basis.js';
import { linesOf, optionsOf, type Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import type { AcceleratorRow } from '../../tables/columns.js';
import { priceColumns, rentalForms } from '../../tables/columns.js';
import type { PriceRange, RangedCells } from '../../tables/price-book/price-book.js';
import type { Tables } from '../../tables/tables.js';
import {
  type Dimension,
  dimensionOf,
  groupSize,
  lognormalFrom,
  pertQuantile,
  type ThreePointEstimate,
  triangularQuantile,
} from '../../units/statistics.js';
import type { Range, Uncertain } from '../../units/uncertain.js';
import type { Scenario } from '../../workload/schema.js';
import { rangesOf, setUnder, taskNames } from '../../workload/set.js';
import { measuredOf, type Workload } from '../../workload/workload.js';

/** A number of a scenario, or of its assumptions. */
export type ScenarioSubject =
  | { is: 'scenario' }
  | { is: 'figure'; placeIn(scenario: Scenario): Uncertain }
  | { is: 'assumption'; name: string };

/** What an input is of: where a draw is written. */
type Subject =
  | ScenarioSubject
  | { is: 'capacity'; family: string; accelerator: string }
  | { is: 'listPrice'; accelerator: string }
  | { is: 'rent'; rows: RangedCells[] }
  | { is: 'ownPrice'; range: PriceRange };

/** A number that is not known exactly: one draw of it holds wherever it counts. */
export type UncertainInput = {
  /** As `--set` takes it, where it does. */
  path: string;
  unit: string;
  /** Ends of what it was given as; of an error the ends of its 80 % band. */
  low: number;
  likely: number;
  high: number;
  /** Whose range it is. */
  origin: 'user' | 'tables';
  subject: Subject;
  quantile: Quantile;
  /** Its share in each draw. */
  share: Dimension;
};

const units: readonly (readonly [RegExp, string])[] = [
  [/\.tokens\.(?!cacheHitRate)|^needs\.rag\./, 'tokens'],
  [/\.(?:share|cacheHitRate|relative)$/, 'fraction'],
  [/growth$/, 'fraction/month'],
  [/^team\.yearlyCost$/, 'USD/year'],
  [/^team\./, 'FTE'],
  [/\.bill$/, 'USD/month'],
  [/\.cost$|\.fees\./, 'USD'],
  [/\.tools\./, 'calls'],
  [/^devices\.count$/, 'devices'],
  [/\.ofPredicted$/, 'x predicted'],
  [/^workload\.(?:turns|requestsPerUser)$/, 'requests'],
];

function unitOf(path: string, { workload, tasks }: Scenario, { parameterOf }: Tables): string {
  if (path.startsWith('assumptions.')) return parameterOf.get(path.replace('assumptions.', ''))?.unit ?? '';
  if (path.endsWith('.volume')) {
    const task = taskNames(tasks).findIndex((name) => path === `tasks.${name}.volume`);
    const { of, per } = tasks[task]?.volume ?? workload.volume;
    return per === null ? of : `${of}/${per}`;
  }
  return units.find(([pattern]) => pattern.test(path))?.[1] ?? '';
}

/** Value of an uncertain number that a share (0 to 1) of its draws does not exceed. */
type Quantile = (share: number) => number;

/**
 * A range of the user: triangular between its ends with the peak at the likely value, wide ones without it by their
 * logarithms; of a mean with a coefficient of variation lognormal.
 */
export function quantileOf(range: Range): Quantile {
  if (range.of === undefined) return (share) => triangularQuantile(range, share);
  if (range.of === 'logarithm') {
    const logs = { low: Math.log(range.low), likely: Math.log(range.likely), high: Math.log(range.high) };
    return (share) => Math.exp(triangularQuantile(logs, share));
  }
  const quantile = lognormalQuantile(range.low, range.high);
  const { least = 0, most = Number.MAX_VALUE } = range.within ?? {};
  return (share) => Math.max(least, Math.min(quantile(share), most));
}

/** An estimate of the tables: PERT, closer to its likely value than to its ends. */
export function estimateQuantile({ low, likely, high }: ThreePointEstimate): Quantile {
  const whole = high - low;
  const shape = pertQuantile((likely - low) / whole);
  return (share) => low + whole * shape(share);
}

/** Lognormal through its 10th and 90th percentiles, as for prediction errors. */
export function lognormalQuantile(p10: number, p90: number): Quantile {
  const { mu, sigma } = lognormalFrom(p10, p90);
  return (share) => Math.exp(mu + sigma * normalQuantile(share));
}

/** An input whose range is not the user's, drawn by its name; by default an estimate. */
const ofTables = (
  path: string,
  band: ThreePointEstimate & { unit: string },
  subject: Subject,
  seed: number,
  quantile = estimateQuantile(band),
): UncertainInput => ({
  path,
  unit: band.unit,
  low: band.low,
  likely: band.likely,
  high: band.high,
  origin: 'tables',
  subject,
  quantile,
  share: dimensionOf(seed, path, 0),
});

/** A figure without a range: where it stands in a scenario, and how it was found. */
type Figure = { path: string; likely: number; spread: string; placeIn(scenario: Scenario): Uncertain };

/** Volumes and lengths given as one figure: lognormal about it, closer where counted than where a preset assumes it. */
export function figureInputs(scenario: Scenario, { workload, tables }: Context, seed: number): UncertainInput[] {
  const names = taskNames(scenario.tasks);
  const figures: Figure[] = [];
  const volumes = [
    { path: 'workload.volume', placeIn: ({ workload: { volume } }: Scenario) => volume.amount },
    ...scenario.tasks.flatMap(({ volume }, t) =>
      volume === undefined
        ? []
        : {
            path: `tasks.${names[t]}.volume`,
            placeIn: ({ tasks }: Scenario) => (tasks[t]?.volume ?? volume).amount,
          },
    ),
  ];
  for (const { path, placeIn } of volumes) {
    const { likely, range } = placeIn(scenario);
    if (range === null) figures.push({ path, likely, spread: 'volumeSpread', placeIn });
  }
  for (const [t, { tokens, type }] of scenario.tasks.entries()) {
    const preset = tables.taskOf.get(type);
    const usual = { input: preset?.inputTokens ?? 0, output: preset?.outputTokens ?? 0 };
    for (const key of ['input', 'output'] as const) {
      const written = tokens?.[key];
      if (written !== undefined && written.range !== null) continue;
      const likely = written?.likely ?? usual[key];
      figures.push({
        path: `tasks.${names[t]}.tokens.${key}`,
        likely,
        spread: written === undefined ? 'presetTokensSpread' : 'writtenTokensSpread',
        placeIn(other) {
          const place = { likely, range: null };
          const task = other.tasks[t];
          if (task !== undefined) task.tokens = { ...task.tokens, [key]: place };
          return place;
        },
      });
    }
  }
  return figures.flatMap(({ path, likely, spread, placeIn }): UncertainInput[] => {
    const sigma = workload.assume(spread);
    if (sigma === 0 || likely <= 0) return [];
    const quantile = (share: number): number => likely * Math.exp(sigma * normalQuantile(share));
    const band = { unit: unitOf(path, scenario, tables), low: quantile(0.1), likely, high: quantile(0.9) };
    return [ofTables(path, band, { is: 'figure', placeIn }, seed, quantile)];
  });
}

/** Lengths of prompts and answers that are uncertain: what bills hang on most. */
export const lengthInputs = (scenario: Scenario, context: Context, seed: number): UncertainInput[] =>
  [...scenarioInputs(scenario, context, seed), ...figureInputs(scenario, context, seed)].filter(({ path }) =>
    /\.tokens\.(?:input|output)$/.test(path),
  );

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
    ...pricedRowInputs(plans, tables, seed),
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
    return ofTables(`assumptions.${source}`, row, { is: 'assumption', name: source }, seed);
  });
}

/** Prices that plans pay: list prices of machines, and rents with their change over a year; reserved prices stay. */
function pricedRowInputs(plans: readonly Plan[], tables: Tables, seed: number): UncertainInput[] {
  const lines = plans.flatMap(linesOf);
  const paid = new Set(lines.flatMap((line) => line.sources().map(({ table, row }) => `${table} ${row}`)));
  const listed = tables.accelerators
    .filter(({ row }) => paid.has(`accelerators ${row}`))
    .flatMap((row) => listPriceInput(row, seed) ?? []);
  const rented = [
    ...tables.rental.map((row) => ({ table: 'rental' as const, of: row, columns: uncommitted })),
    ...tables.hosting.map((row) => ({ table: 'hosting' as const, of: row, columns: perUnit })),
  ].flatMap(({ table, of, columns }) => {
    const known = columns.filter((column) => (of as { [column: string]: unknown })[column] != null);
    return paid.has(`${table} ${of.row}`) && known.length > 0 ? [{ table, row: of.row, columns: known }] : [];
  });
  const band = tables.parameterOf.get('rentOverToday');
  if (rented.length === 0 || band === undefined || band.low === band.high) return listed;
  return [...listed, ofTables('price of rented machines', band, { is: 'rent', rows: rented }, seed)];
}
const uncommitted = rentalForms.flatMap(({ field, months }) => (months === 0 ? [field] : []));
const perUnit = priceColumns.hosting.map(({ field }) => field);

/** Null where its price has no range. */
function listPriceInput(row: AcceleratorRow, seed: number): UncertainInput | null {
  const { accelerator, listPriceUsd: likely, listPriceLowUsd: low, listPriceHighUsd: high } = row;
  if (likely === null || low === null || high === null || low === high) return null;
  const band = { unit: 'USD', low, likely, high };
  return ofTables(`price of ${accelerator}`, band, { is: 'listPrice', accelerator }, seed);
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
    if (fleet === null || onDevices !== null) continue;
    const card = fleet.accelerator.accelerator;
    if (measuredOf(measured, family, card) !== null) continue;
    const input = capacityInput(family, card, bands, seed);
    if (input !== null) pairs.set(input.path, input);
  }
  return [...pairs.values()];
}

/** Bands of measured over predicted rates by card, from the calibration; wider for cards without measurements. */
const capacityBands = ({ accelerators, engines, residuals, bands }: Tables): ReadonlyMap<string, BandFactors> =>
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
  const { low, high } = band;
  const quantile = lognormalQuantile(low, high);
  const factor = { unit: 'x predicted', low, likely: 1, high };
  return ofTables(path, factor, { is: 'capacity', family, accelerator }, seed, quantile);
}
