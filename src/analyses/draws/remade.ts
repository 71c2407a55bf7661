import { apiBills } from '../../core/api-bills.js';
import { billApis } from '../../core/api-months.js';
import { noFits, refit } from '../../core/fits.js';
import { inOrderOfWork } from '../../core/order.js';
import { peopleUsd } from '../../core/people.js';
import { exact, type Priced, peopleOf, price, settle } from '../../core/price.js';
import { type Rows, rowsOf } from '../../core/rows.js';
import { changedShape, type Shape, shapeOf } from '../../core/shape.js';
import type { Context } from '../../places/placement.js';
import { onlyPart } from '../../workload/workload.js';
import { type Field, smaller } from './field.js';

/** USD a month of the APIs of a field under another case, people left out. */
export function apiBillsIn({ rows, shape }: Field, context: Context): Float64Array {
  const { workload } = context;
  const bills = apiBills(shape.admitted, rows.model.slice(0, rows.apis), new Float64Array(rows.apis), context);
  return billApis(bills, onlyPart(workload), workload.requestsPerDay, workload);
}

/** Machines and devices of a field under another case, by their place there; -1: they do not hold the request any more. */
export type Remade = { rows: Rows; shape: Shape; placeOf: Int32Array };

/** Makes machines of a field again, for other tokens, hours and assumptions about them; offers cost what they did. */
export function remadeRows({ rows, shape }: Field, context: Context): Remade {
  const { admitted, fits, timed } = shape;
  const { catalog } = admitted;
  const single = Array.from({ length: rows.paired }, (_, row) => row);
  const ofMachines = single.filter((row) => rows.fit[row] !== -1);
  const ofFit = (row: number): number => rows.fit[row] as number;
  const items = new Set(single.slice(rows.apis).map((row) => rows.model[row] as number));
  const few = { ...admitted, items: Int32Array.from(items).sort(), api: new Int32Array(0), availability: null };
  const again = shapeOf(few, context, 'better');
  const units = new Set(ofMachines.map((row) => fits.unit[ofFit(row)] as number));
  const order = inOrderOfWork(catalog, again.requests, null);
  const { requests } = again;
  const of = { admitted: few, context, requests, order, queues: new Map(), standsFor: () => false, keepsCuts: !timed };
  const all = changedShape(again, { fits: refit(of, noFits, units) });
  const allRows = rowsOf(all);
  const keyOf = (own: Rows, { fits: ownFits }: Shape, row: number): number => {
    const fit = own.fit[row] as number;
    // Devices come first.
    const [offer, cards] = fit === -1 ? [0, 0] : [1 + (own.offer[row] as number), ownFits.cards[fit] as number];
    return (offer * catalog.items.count + (own.model[row] as number)) * mostCards + cards;
  };
  const found = new Map<number, number>();
  for (let row = 0; row < allRows.paired; row++) found.set(keyOf(allRows, all, row), row);
  const placeOf = Int32Array.from(single, (row) => (row < rows.apis ? -1 : (found.get(keyOf(rows, shape, row)) ?? -1)));
  const places = Int32Array.from(new Set(placeOf.filter((row) => row !== -1))).sort();
  const placeAmong = new Map(Array.from(places, (row, at) => [row, at]));
  return { ...smaller(all, allRows, places), placeOf: placeOf.map((row) => placeAmong.get(row) ?? -1) };
}
const mostCards = 128;

/** Requests a second of machines over what a request asks of them in the busiest hour: what the size of a fleet goes by. */
export const speedOf = ({ rows, shape }: Remade, row: number): number =>
  (rows.perSecond[row] as number) / shape.load.unitsPerRate;

/** USD a month of some rows, people left out; NaN: it has none. */
export function billsOf(
  { rows, shape }: Pick<Remade, 'rows' | 'shape'>,
  some: readonly number[],
  { workload }: Context,
): number[] {
  const people = peopleOf(shape, workload);
  const priced: Priced = price(rows, shape, workload, {}, people);
  return some.map((row) => {
    settle(priced, row);
    const usd = priced.usd[row] as number;
    if (priced.state[row] !== exact || usd === Number.POSITIVE_INFINITY) return Number.NaN;
    return usd - peopleUsd(people, rows.staff[row] as number, priced.machines[row] as number);
  });
}
