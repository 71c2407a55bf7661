import { adjustedColumns, summedTerms } from '../../core/adjusted.js';
import type { ApiBills } from '../../core/api-bills.js';
import { numberOf } from '../../core/kinds.js';
import { apiStaff } from '../../core/offers.js';
import { type PeopleCurves, peopleCurves } from '../../core/people.js';
import { type Priced, price } from '../../core/price.js';
import type { Rows } from '../../core/rows.js';
import { changedShape } from '../../core/shape.js';
import { at } from '../../cost/curve.js';
import type { Staff } from '../../cost/people.js';
import { taskLines } from '../../decide/plan.js';
import { onlyPart, type Workload } from '../../workload/workload.js';
import { likelyOf } from '../uncertainty/draws.js';
import type { UncertainInput } from '../uncertainty/input.js';
import type { Effect } from './effects.js';
import { capacityOf, type Field } from './field.js';

/** Rows at some values of the inputs, and USD a month: what they count beyond bill and people, and the task wherever it runs. */
export type PricedAt = { priced: Priced; extra: Float64Array; taskUsd: number };

/** What a row costs by; all of it moves with its price. */
const prices = [
  ...['perHour', 'oncePerHour', 'fixed', 'beyondPerHour', 'roomPerHour', 'perRequest', 'perWork', 'upfront'],
] as const;
const ofBills = ['plain', 'looking', 'found', 'fixed'] as const;

/** Prices rows at values of the inputs, of which some matter. */
export type Pricing = { priceAt: (values: Float64Array) => PricedAt; felt: ReadonlySet<number> };

/**
 * Prices the rows of a field at values of the inputs. What is priced holds until the next is: rows and bills are written
 * into.
 */
export function pricing(field: Field, effects: readonly Effect[], inputs: readonly UncertainInput[]): Pricing {
  const { rows, shape, context } = field;
  const { workload } = context;
  const taskPart = onlyPart(workload);
  const own = (column: Float64Array) => new Float64Array(column);
  const { staffs, staffOf } = staffsOf(field);
  const moved: Rows = {
    ...rows,
    staff: rows.staff.map((staff) => staffOf.get(staff) as number),
    perSecond: own(rows.perSecond),
    ...(Object.fromEntries(prices.map((name) => [name, own(rows[name])])) as Pick<Rows, (typeof prices)[number]>),
  };
  const bills: ApiBills = {
    ...shape.bills,
    ...(Object.fromEntries(ofBills.map((name) => [name, own(shape.bills[name])])) as Pick<
      ApiBills,
      (typeof ofBills)[number]
    >),
    months: shape.bills.months.map((column) => column && own(column)),
  };
  const movedShape = changedShape(shape, { bills });
  const priceLog = new Float64Array(rows.count);
  const rateLog = new Float64Array(rows.count);
  const capacities = capacitiesOf(field, inputs);
  const extra = new Float64Array(rows.count);
  const extraAt = extraIn(field);
  const { assumeAt, peopleAt, asked } = peopleIn(field, staffs, effects, inputs);
  const taskCurves = taskLines([{ taskParts: workload.taskParts }], context).map(({ curve }) => curve);
  const weights = effects.map(weighing);

  const felt = new Set([
    ...effects.flatMap((effect) => effect.inputs),
    ...capacities.map(({ input }) => input),
    ...asked,
  ]);

  return { felt, priceAt };

  function priceAt(values: Float64Array): PricedAt {
    priceLog.fill(0);
    rateLog.fill(0);
    let [volume, wages, task] = [0, 0, 0];
    for (let e = 0; e < effects.length; e++) {
      const effect = effects[e] as Effect;
      const own = (weights[e] as (typeof weights)[number])(values);
      if (effect.price !== null) addTo(priceLog, effect.price, own);
      if (effect.rate !== null) addTo(rateLog, effect.rate, own);
      if (effect.volume !== null) volume += dot(effect.volume, own);
      if (effect.wages !== null) wages += dot(effect.wages, own);
      if (effect.task !== null) task += dot(effect.task, own);
    }
    for (const { row, input } of capacities)
      rateLog[row] = (rateLog[row] as number) + Math.log(values[input] as number);
    for (let row = 0; row < rows.count; row++) {
      const factor = Math.exp(priceLog[row] as number);
      const rate = Math.exp(rateLog[row] as number);
      if (row < rows.apis) {
        for (const name of ofBills) bills[name][row] = (shape.bills[name][row] as number) * factor;
        const months = bills.months[row] ?? null;
        const then = shape.bills.months[row] as Float64Array;
        if (months !== null) for (let at = 0; at < months.length; at++) months[at] = (then[at] as number) * factor;
        continue;
      }
      for (const name of prices) moved[name][row] = (rows[name][row] as number) * factor;
      moved.perSecond[row] = (rows.perSecond[row] as number) * rate;
      moved.perWork[row] = (moved.perWork[row] as number) / rate;
    }
    const requestsPerDay = workload.requestsPerDay * Math.exp(volume);
    const then: Workload = {
      ...workload,
      assume: assumeAt(values),
      requestsPerDay,
      taskParts: [{ ...taskPart, requestsPerDay }],
      team: { ...workload.team, yearlyCostUsd: workload.team.yearlyCostUsd * Math.exp(wages) },
    };
    const priced = price(moved, movedShape, then, {}, peopleAt(then));
    extraAt(priced, Math.exp(wages), Math.exp(volume), extra);
    let taskUsd = 0;
    for (const curve of taskCurves) taskUsd += at(curve, requestsPerDay);
    return { priced, extra, taskUsd: taskUsd * Math.exp(task) };
  }
}

/** Rows of machines, and the input that is what they are off by. */
function capacitiesOf(field: Field, inputs: readonly UncertainInput[]): { row: number; input: number }[] {
  const placeOf = new Map(
    inputs.flatMap(({ subject }, i) =>
      subject.is === 'capacity' ? [[`${subject.family} ${subject.accelerator}`, i] as const] : [],
    ),
  );
  return Array.from({ length: field.rows.paired }, (_, row) => row).flatMap((row) => {
    const pair = capacityOf(field, row);
    const input = pair === null ? undefined : placeOf.get(`${pair.family} ${pair.accelerator}`);
    return input === undefined ? [] : [{ row, input }];
  });
}

/**
 * What rows count beyond bill and people: a sum of what stays, what goes by wages and what goes by the volume, and the risk of
 * the machines that are bought.
 */
function extraIn({ rows, shape, context, adjusted }: Field) {
  if (adjusted === null) return () => {};
  const { baseUsd, prices: ofPreferences } = adjusted;
  const { workload } = context;
  const priced = price(rows, shape, workload);
  const at = (then: Partial<Priced>): Float64Array =>
    summedTerms({ ...adjustedColumns({ ...priced, ...then }, baseUsd, ofPreferences), atRisk: none });
  const none = new Float64Array(rows.count);
  const now = at({});
  const { team } = workload;
  const dearer = at({ workload: { ...workload, team: { ...team, yearlyCostUsd: 2 * team.yearlyCostUsd } } });
  const busier = at({ requestsPerDay: 2 * workload.requestsPerDay });
  const onPrem = numberOf('on-prem');
  const riskOf = rows.upfront.map((_, row) =>
    rows.kind[row] === onPrem && rows.owned[row] === 0 ? ofPreferences.atRisk / workload.months : 0,
  );
  return (then: Priced, wages: number, volume: number, into: Float64Array): void => {
    for (let row = 0; row < rows.count; row++) {
      const own = now[row] as number;
      into[row] =
        own +
        (wages - 1) * ((dearer[row] as number) - own) +
        (volume - 1) * ((busier[row] as number) - own) +
        (riskOf[row] as number) * (then.machines[row] as number) * (then.rows.upfront[row] as number);
    }
  };
}

/** How rows ask for people, that of an API first: as few as there are. */
function staffsOf({ rows, shape }: Field): { staffs: Staff[]; staffOf: ReadonlyMap<number, number> } {
  const used = [...new Set([apiStaff, ...rows.staff])];
  const { staffs } = shape.admitted.offers;
  return {
    staffs: used.map((staff) => staffs[staff] as Staff),
    staffOf: new Map(used.map((staff, place) => [staff, place])),
  };
}

/** People at some values: whoever is asked for by an assumption that is drawn. */
function peopleIn(
  { context }: Field,
  staffs: readonly Staff[],
  effects: readonly Effect[],
  inputs: readonly UncertainInput[],
): {
  assumeAt: (values: Float64Array) => Workload['assume'];
  peopleAt: (workload: Workload) => PeopleCurves;
  asked: ReadonlySet<number>;
} {
  const { tables, workload } = context;
  const placeOf = new Map(
    inputs.flatMap(({ subject }, i) => (subject.is === 'assumption' ? [[subject.name, i] as const] : [])),
  );
  const drawnAs = new Map<string, number>();
  const isPriced = new Set(effects.flatMap(({ price, rate, inputs: some }) => ((price ?? rate) ? some : [])));
  for (const [name, { as }] of tables.parameterOf) {
    const input = placeOf.get(as ?? name);
    // What the user gave another value stays, and what rows are made of is told by effects.
    if (input === undefined || isPriced.has(input)) continue;
    if (workload.assume(name) === inputs[input]?.likely) drawnAs.set(name, input);
  }
  const asked = new Set<number>();
  const assumeAt =
    (values: Float64Array) =>
    (name: string): number => {
      const input = drawnAs.get(name);
      if (input === undefined) return workload.assume(name);
      asked.add(input);
      return values[input] as number;
    };
  const peopleAt = (then: Workload): PeopleCurves =>
    peopleCurves(
      staffs.map((staff): Staff => (staff.shareOf === null ? staff : { ...staff, share: then.assume(staff.shareOf) })),
      onlyPart(then),
      then,
    );
  peopleAt({ ...workload, assume: assumeAt(likelyOf(inputs)) });
  return { assumeAt, peopleAt, asked };
}

/** Tells the weights of the nodes of an effect, the first input first; beyond the outer nodes it is as at them. */
function weighing({ inputs, nodes, isLog, isLinear }: Effect): (values: Float64Array) => Float64Array {
  const weights = new Float64Array(nodes.reduce((all, { length }) => all * length, 1));
  const scales = nodes.map((own, place) => {
    const isLogarithm = isLog[place] === true;
    const scaled = isLogarithm ? own.map(Math.log) : own;
    return { isLogarithm, scaled, into: new Float64Array(own.length), isLinear: isLinear[place] === true };
  });
  return (values) => {
    weights[0] = 1;
    let count = 1;
    for (let place = 0; place < inputs.length; place++) {
      const { isLogarithm, scaled, into, isLinear: isStraight } = scales[place] as (typeof scales)[number];
      const value = values[inputs[place] as number] as number;
      const first = scaled[0] as number;
      const last = scaled[scaled.length - 1] as number;
      const x = Math.min(last, Math.max(first, isLogarithm ? Math.log(value) : value));
      if (isStraight) straightWeights(scaled, x, into);
      else lagrangeWeights(scaled, x, into);
      // The first node last: what stands there is read for all others.
      for (let node = into.length - 1; node >= 0; node--)
        for (let before = 0; before < count; before++)
          weights[node * count + before] = (into[node] as number) * (weights[before] as number);
      count *= into.length;
    }
    return weights;
  };
}

function lagrangeWeights(nodes: Float64Array, x: number, into: Float64Array): void {
  for (let node = 0; node < nodes.length; node++) {
    const own = nodes[node] as number;
    let weight = 1;
    for (let other = 0; other < nodes.length; other++) {
      const there = nodes[other] as number;
      if (other !== node) weight *= (x - there) / (own - there);
    }
    into[node] = weight;
  }
}

/** Of the two nodes beside a value alone. */
function straightWeights(nodes: Float64Array, x: number, into: Float64Array): void {
  into.fill(0);
  let above = 1;
  while (above < nodes.length - 1 && (nodes[above] as number) < x) above++;
  const [low, high] = [nodes[above - 1] as number, nodes[above] as number];
  into[above] = (x - low) / (high - low);
  into[above - 1] = 1 - (into[above] as number);
}

function addTo(sums: Float64Array, logs: Float64Array, weights: Float64Array): void {
  const { length } = sums;
  for (let node = 0; node < weights.length; node++) {
    const weight = weights[node] as number;
    if (weight === 0) continue;
    for (let row = 0; row < length; row++)
      sums[row] = (sums[row] as number) + weight * (logs[node * length + row] as number);
  }
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] as number) * (other[at] as number);
  return sum;
}
