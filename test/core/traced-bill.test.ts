import { describe, expect, test } from 'vitest';
import { admit } from '../../src/core/admitted.js';
import { kindOf } from '../../src/core/apis.js';
import { askedUnit, isOpen, type PlaceOptions, type Prepared, placesOf, prepared } from '../../src/core/decide.js';
import { termsAt } from '../../src/core/floors.js';
import { copied, type Priced, price, settle, tooLate } from '../../src/core/price.js';
import { optionAt } from '../../src/core/rows.js';
import { refitted, shapeOf } from '../../src/core/shape.js';
import { supplyOf } from '../../src/core/supply.js';
import { at, isUnpriced } from '../../src/cost/curve.js';
import { planOf, taskLines } from '../../src/decide/plan.js';
import { overflowPairs } from '../../src/decide/task-overflow.js';
import type { Context } from '../../src/places/placement.js';
import { type CoreCase, committedCases, generatedCases } from '../support/core-cases.js';
import { latestSnapshot, newestSnapshot } from '../support/load.js';
import { long, sampled } from '../support/sample.js';

/** Rows of a deployment type, and units of machines, that are looked at in each scenario. */
const mostRows = long ? 40 : 5;
const mostUnits = long ? 60 : 12;
const tolerance = 1e-9;

/** Numbers in an order as good as random, the same every time. */
const shuffled = (all: Iterable<number>): number[] =>
  [...all]
    .map((one): [number, number] => [Math.imul(one + 1, 0x9e3779b1) >>> 0, one])
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);

/** A scenario with the models of some units of machines, and the queues of those that have targets. */
function preparedOn(context: Context): Prepared {
  const shape = shapeOf(admit(supplyOf(context), context), context);
  const { units } = shape.admitted.offers;
  const { floors } = termsAt(shape, context.workload);
  const open = shuffled(floors.keys()).filter((unit) => (floors[unit] as number) < Number.POSITIVE_INFINITY);
  const some = new Set(kindOf.flatMap((_, k) => open.filter((unit) => units.kind[unit] === k).slice(0, mostUnits)));
  return prepared(refitted(shape, some, { keep: 'better' }));
}

/** Rows of every deployment type and, of pairs, of both types together. */
function rowsToCheck({ rows }: Prepared): number[] {
  const groups = new Map<string, number[]>();
  for (const row of shuffled(rows.kind.keys())) {
    const key = `${rows.kind[row]} ${rows.secondKind[row]} ${(rows.owned[row] as number) > 0}`;
    const known = groups.get(key) ?? [];
    groups.set(key, known);
    if (known.length < mostRows) known.push(row);
  }
  return [...groups.values()].flat();
}

/** What the traced bill says that places cost, without what the task costs wherever it runs; null: it says nothing. */
function traced({ option, second }: PlaceOptions, context: Context): number | null {
  const { taskParts, requestsPerDay } = context.workload;
  const parts = [{ option, taskParts, ...(second && { second }) }];
  const plan = planOf(parts, context);
  if (isUnpriced(plan)) return null;
  return plan.monthlyUsd - taskLines(parts, context).reduce((usd, { curve }) => usd + at(curve, requestsPerDay), 0);
}

type Checked = { kind: string; what: string };

/** Compares rows with the traced bill. */
function wrongRows(context: Context): { wrong: string[]; checked: Checked[] } {
  const wrong: string[] = [];
  const checked: Checked[] = [];
  const compare = (kind: string, places: PlaceOptions, usd: number): void => {
    const bill = traced(places, context);
    checked.push({ kind, what: places.second?.role ?? 'alone' });
    if (bill === null || !(Math.abs(bill - usd) <= tolerance * Math.abs(bill)))
      wrong.push(`${places.option.id}${places.second ? ` + ${places.second.option.id}` : ''}: ${usd} for ${bill}`);
  };
  let now = preparedOn(context);
  // Queues decide how many requests a machine takes: they are asked before it has a price.
  for (
    let row = rowsToCheck(now).find((one) => isOpen(now, one)), asked = 0;
    row !== undefined && asked < mostUnits;
    asked++
  ) {
    const fit = now.rows.fit[row] as number;
    const { fits } = now.shape;
    now = prepared(askedUnit(now.shape, fits.unit[fit] as number, fits.item[fit] as number, 1));
    row = rowsToCheck(now).find((one) => isOpen(now, one));
  }
  const priced = copied(price(now.rows, now.shape, context.workload));
  for (const row of rowsToCheck(now)) {
    if (isOpen(now, row) || !Number.isFinite(priced.usd[row] as number)) continue;
    settle(priced, row);
    if (priced.state[row] === tooLate) continue;
    compare(kindOf[now.rows.kind[row] as number] as string, placesOf(priced, row), priced.usd[row] as number);
  }
  for (const { own, api, usd } of overflowsOf(priced)) {
    if (isOpen(now, own)) continue;
    const second = { role: 'overflow', option: optionAt(priced, api) } as const;
    compare(kindOf[now.rows.kind[own] as number] as string, { option: optionAt(priced, own), second }, usd);
  }
  return { wrong, checked };
}

/** Machines with an API for what exceeds them: some of the cheapest, and some others. */
function overflowsOf(priced: Priced) {
  const { workload } = priced;
  if (workload.rules.maxDeployments < 2) return [];
  const pairs = overflowPairs(priced, 1e12);
  return shuffled(pairs.keys())
    .slice(0, 2 * mostRows)
    .flatMap((pair) => pairs[pair] ?? []);
}

const shipped = [...(await committedCases(newestSnapshot)), ...(await committedCases(latestSnapshot))];
const generated = (await generatedCases(300)).slice(0, long ? 300 : 60);
const name = ({ name: of }: CoreCase): string => of;
const groups: [string, CoreCase[]][] = [
  ['shipped', sampled(shipped, 20, { group: () => '', name })],
  ['generated', sampled(generated, 30, { group: () => '', name })],
];

describe.each(groups)('%s scenarios', (_, cases) => {
  const seen: Checked[] = [];

  test.each(cases.map((one): [string, CoreCase] => [one.name, one]))(
    '%s: rows cost what the traced bill says',
    (_name, { context }) => {
      const { wrong, checked } = wrongRows(context);
      seen.push(...checked);
      expect(wrong).toEqual([]);
    },
  );

  test('have rows of every deployment type, and second places', () => {
    const kinds = new Set(seen.map(({ kind }) => kind));
    expect(kindOf.filter((kind) => !kinds.has(kind))).toEqual([]);
    expect([...new Set(seen.map(({ what }) => what))].sort()).toEqual(['alone', 'failover', 'overflow']);
  });
});
