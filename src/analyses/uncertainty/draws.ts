import type { CapacityError } from '../../capacity/replica.js';
import type { Context } from '../../places/placement.js';
import { factorOf } from '../../tables/price-book/price-range.js';
import { copied, originalOf } from '../../tables/row-copies.js';
import type { Tables } from '../../tables/tables.js';
import { withRows } from '../../tables/with-rows.js';
import type { Uncertain } from '../../units/uncertain.js';
import { measuredOf } from '../../workload/workload.js';
import { rangesOf } from '../../workload/ranges.js';
import type { ReadScenario } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import { capacityInput, listPriceInput, type UncertainInput } from './inputs.js';

/** The case with the inputs at some values, in the order of the inputs; used before the next one is made. */
export type CaseAt = (values: ArrayLike<number>) => Context;

/** Values of the inputs in a draw (0, 1, …). */
export function drawn(inputs: readonly UncertainInput[], draw: number, into: Float64Array): Float64Array {
  for (const [i, { quantile, share }] of inputs.entries()) into[i] = quantile(share(draw));
  return into;
}

/** Every input at its likely value. */
export const likelyOf = (inputs: readonly UncertainInput[]): Float64Array =>
  Float64Array.from(inputs, ({ likely }) => likely);

/**
 * A copy of a scenario and its tables into which values are written, so that thousands of draws take the time of resolving
 * them. What takes long to tell of targets on latency is taken over from the workload at likely values.
 */
export function casesOf(read: ReadScenario, context: Context, inputs: readonly UncertainInput[]): CaseAt {
  const template = templateOf(read, context, inputs);
  return (values) => {
    for (const [i, write] of template.writes.entries()) write(values[i] as number);
    return template.caseWith(template.errorOf);
  };
}

/**
 * The case of a draw for a whole decision: everything the inputs say, and what any model on any card is off by, and any
 * machine's price, in the same draw.
 */
export function wholeCases(
  read: ReadScenario,
  context: Context,
  inputs: readonly UncertainInput[],
  seed: number,
): (draw: number) => Context {
  const listed = new Set(inputs.flatMap(({ subject }) => (subject.is === 'listPrice' ? subject.accelerator : [])));
  const all = [
    ...inputs,
    ...context.tables.accelerators.flatMap((row) =>
      listed.has(row.accelerator) ? [] : (listPriceInput(row, seed) ?? []),
    ),
  ];
  const values = new Float64Array(all.length);
  return (draw) => {
    const template = templateOf(read, context, all);
    drawn(all, draw, values);
    for (const [i, write] of template.writes.entries()) write(values[i] as number);
    const errors = new Map<string, number>();
    const capacityError: CapacityError = (family, accelerator) => {
      const key = `${family} ${accelerator}`;
      let error = errors.get(key);
      if (error === undefined) {
        const input = capacityInput(family, accelerator, context.tables, seed);
        error = input === null ? 1 : input.quantile(input.share(draw));
        errors.set(key, error);
      }
      return error;
    };
    return template.caseWith(capacityError);
  };
}

type Template = {
  /** One for each input, in their order. */
  writes: ((value: number) => void)[];
  errorOf: CapacityError;
  /** The case as it is written now. */
  caseWith(capacityError: CapacityError): Context;
};

function templateOf(read: ReadScenario, context: Context, inputs: readonly UncertainInput[]): Template {
  const scenario = structuredClone(read.scenario);
  const assumptions = { ...scenario.assumptions };
  scenario.assumptions = assumptions;
  const ranges = new Map(rangesOf(scenario).map(({ path, value }) => [path, value]));
  const priced = inputs.some(({ subject }) => subject.is === 'listPrice' || subject.is === 'ownPrice');
  const tables = priced ? withOwnRows(context.tables) : context.tables;
  const errors = new Map<string, Map<string, number>>();
  const places: Places = { ranges, assumptions, tables, errors, cells: new Map() };
  const writes = inputs.map((input) => writeOf(input, places));
  const again = { ...read, scenario };
  return {
    writes,
    errorOf: (family, accelerator) => errors.get(family)?.get(accelerator) ?? 1,
    caseWith: (drawnError) => {
      const workload = resolve(again, tables, context.workload.asOf);
      // What was measured is off by what the user says, and by nothing more.
      const capacityError: CapacityError = (family, accelerator) =>
        measuredOf(workload.measured, family, accelerator) ?? drawnError(family, accelerator);
      return {
        tables,
        workload: {
          ...workload,
          // Rows are written into: what is remembered of the same assumptions does not hold of them.
          assumptions: {},
          capacityError,
          near: context.workload,
        },
      };
    },
  };
}

type Places = {
  ranges: ReadonlyMap<string, Uncertain>;
  assumptions: Record<string, Uncertain>;
  tables: Tables;
  errors: Map<string, Map<string, number>>;
  cells: Cells;
};

type PricedRow = { row: number; [column: string]: unknown };

/** Cells that ranges move: what stands there, and the factors of all ranges that move it. */
type Cells = Map<PricedRow, Map<string, { usd: number; factors: number[] }>>;

/** Takes a factor of one range into a cell, which other ranges may move too. */
function factorOn(row: PricedRow, column: string, cells: Cells): (factor: number) => void {
  const ofRow = cells.get(row) ?? new Map<string, { usd: number; factors: number[] }>();
  cells.set(row, ofRow);
  const cell = ofRow.get(column) ?? { usd: row[column] as number, factors: [] };
  ofRow.set(column, cell);
  const place = cell.factors.push(1) - 1;
  return (factor) => {
    cell.factors[place] = factor;
    row[column] = cell.factors.reduce((usd, one) => usd * one, cell.usd);
  };
}

/** Where a value of an input goes. */
function writeOf(
  { subject, path }: UncertainInput,
  { ranges, assumptions, tables, errors, cells }: Places,
): (value: number) => void {
  if (subject.is === 'scenario') {
    const place = ranges.get(path);
    return (value) => {
      if (place !== undefined) place.likely = value;
    };
  }
  if (subject.is === 'assumption') {
    const place = { likely: 0, range: null };
    assumptions[subject.name] = place;
    return (value) => {
      place.likely = value;
    };
  }
  if (subject.is === 'listPrice') {
    const row = tables.acceleratorOf.get(subject.accelerator);
    return (value) => {
      if (row !== undefined) row.listPriceUsd = value;
    };
  }
  if (subject.is === 'ownPrice') {
    const moves = subject.range.rows.flatMap(({ table, row, columns }) => {
      const found = (tables[table] as readonly PricedRow[]).find((one) => one.row === row);
      return found === undefined ? [] : columns.map((column) => factorOn(found, column, cells));
    });
    return (value) => {
      const factor = factorOf(subject.range, value);
      for (const move of moves) move(factor);
    };
  }
  const ofFamily = errors.get(subject.family) ?? new Map<string, number>();
  errors.set(subject.family, ofFamily);
  return (value) => {
    ofFamily.set(subject.accelerator, value);
  };
}

/** Tables with rows of prices of their own, to be written into. */
function withOwnRows(tables: Tables): Tables {
  const copyOf = new Map<object, object>();
  const own = <Row extends object>(rows: readonly Row[]): Row[] =>
    rows.map((row) => {
      const copy = copied(row);
      copyOf.set(originalOf(row), copy);
      return copy;
    });
  const accelerators = own(tables.accelerators);
  return withRows(tables, {
    accelerators,
    acceleratorOf: new Map(accelerators.map((row) => [row.accelerator, row])),
    api: own(tables.api),
    rental: own(tables.rental),
    hosting: own(tables.hosting),
    copyOf,
  });
}
