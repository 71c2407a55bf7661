import type { PriceDate } from '../report/sheets.js';
import { acceleratorsNamed, familiesNamed } from '../tables/query.js';
import type { AcceleratorRow, ModelRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { daysBetween } from '../units/month.js';
import type { Problem } from '../units/problem.js';
import { fileProblem, type Io } from './io.js';
import { nearNames } from './read-workload.js';

/** What a name stands for, or null and what is wrong with it. */
export type Found<Row> = { row: Row | null; problems: readonly Problem[] };

/** Default sequence length in tokens for fits and caches. */
const usualContext = 8_192;

/** The requested length; else the default, or the longest of `model` if shorter. */
export function contextOf(text: string | undefined, model: ModelRow | null = null): number {
  return text === undefined ? Math.min(usualContext, model?.maxContext ?? usualContext) : Number(text);
}

/** The model with open weights of that name, at the date of the tables. */
export const findModel = (tables: Tables, name: string): Found<ModelRow> =>
  theOnly('model', name, familiesNamed(tables, name), tables.modelOf, () =>
    noSuch('model', name, whyNoModel(tables, name), nearNames(name, [...tables.modelOf.keys()])),
  );

/** The accelerator of that name, at the date of the tables. */
export const findAccelerator = (tables: Tables, name: string): Found<AcceleratorRow> =>
  theOnly('accelerator', name, acceleratorsNamed(tables, name), tables.acceleratorOf, () => {
    const known = [...tables.acceleratorOf.keys()];
    const near = nearNames(name, known) ?? nearNames(name, known.map(chip));
    return noSuch('accelerator', name, ` in the tables of ${tables.snapshot.date}`, near);
  });

/** The row of the one name that was found. */
function theOnly<Row>(
  what: string,
  asked: string,
  [found = '', ...others]: readonly string[],
  rows: ReadonlyMap<string, Row>,
  none: () => Problem,
): Found<Row> {
  const row = rows.get(found);
  if (row !== undefined && others.length === 0) return { row, problems: [] };
  const hint = `write one of ${[found, ...others].join(', ')}`;
  const ambiguous = () => fileProblem(`ambiguous-${what}`, '', `"${asked}" is not one ${what}`, hint);
  return { row: null, problems: [row === undefined ? none() : ambiguous()] };
}

/** Without the form and memory that an id goes on with. */
const chip = (accelerator: string): string => accelerator.split('-')[0] ?? accelerator;

/** An unknown maker, ignoring case, with the known ones. */
export function unknownVendor(asked: string | undefined, rows: readonly { vendor: string }[]): Problem[] {
  const name = asked?.toLowerCase();
  const known = [...new Set(rows.map(({ vendor }) => vendor))].sort();
  return name === undefined || known.includes(name) ? [] : [noSuch('vendor', name, '', nearNames(name, known))];
}

/** Options that say nothing together with a name, or without one. */
export const misplaced = (options: readonly string[], why: string): Problem[] =>
  options.map((option) => fileProblem('option-does-not-apply', '', `${option} ${why}`));

function whyNoModel(tables: Tables, name: string): string {
  const { date } = tables.snapshot;
  const row = tables.yardstickOf.get(name.trim().toLowerCase());
  if (row === undefined) return ` in the tables of ${date}`;
  if (row.released !== null && row.released.slice(0, 7) > date.slice(0, 7))
    return `: it was released in ${row.released.slice(0, 7)}, after the snapshot of ${date}`;
  return row.openWeights ? ` in the tables of ${date}` : ': its weights are not open: pricing show has its prices';
}

const noSuch = (what: string, asked: string, why: string, near: string | null): Problem =>
  fileProblem(`no-such-${what}`, '', `unknown ${what} "${asked}"${why}`, near);

/** The date of the prices and their age on the given day, by default today. */
export function priceDate(
  { snapshot }: Pick<Tables, 'snapshot'>,
  io: Io,
  { asOf = io.today() }: { asOf?: string },
): PriceDate {
  return { snapshot: snapshot.date, asOf, ageDays: daysBetween(snapshot.date, asOf) };
}
