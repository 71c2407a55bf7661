import { type CostLine, traceOf } from '../cost/curve.js';
import type { Traced } from '../formula/traced.js';
import type { Context } from '../places/placement.js';
import { rowKey } from '../tables/price-book/apply-price-book.js';
import { rowName } from '../tables/query.js';
import type { Prose, TableName, Tables } from '../tables/tables.js';
import { daysBetween } from '../units/month.js';
import { rounded } from '../units/numeric.js';
import type { ReadScenario } from '../workload/read.js';
import { setUnder } from '../workload/set.js';
import type { Workload } from '../workload/workload.js';
import type { Assumed, BasisRow, Warning } from './decision.js';
import { figuresOf } from './figures.js';
import { linesOf, optionWords, type Plan, partsOf, planOf, unitsOf } from './plan.js';
import { type Reason, reason, review } from './review.js';

/** Every figure of the tables in the monthly costs of some plans, each once; values of the scenario are not in it. */
export function basisOf(
  plans: readonly Plan[],
  context: Context,
  { scenario }: ReadScenario,
  prose: Prose,
): BasisRow[] {
  const found = new Map<string, BasisRow>();
  for (const plan of new Map(plans.map((one) => [one.id, one])).values()) {
    const cost = figuresOf(plan, context).get('monthlyCost')?.() ?? null;
    for (const { how, label, value, unit, assumption, sources } of cost === null ? [] : figuresIn(cost)) {
      const isSet = assumption !== null && setUnder(assumption, scenario.assumptions, context.tables) !== null;
      if (how !== 'given' || isSet) continue;
      for (const { table, row } of sources) {
        const name = nameOf(context.tables, table, row);
        if (name === null) continue;
        // A label may name its caller; a parameter is the same for all.
        const figure = assumption ?? label;
        const key = [table, name, figure].join('\0');
        const known = found.get(key);
        if (known === undefined) {
          const { source, date } = prose({ table, row });
          found.set(key, { table, row: name, figure, value: rounded(value), unit, source, date, plans: [plan.id] });
        } else if (!known.plans.includes(plan.id)) known.plans.push(plan.id);
      }
    }
  }
  return [...found.values()];
}

function nameOf(tables: Tables, table: TableName, row: number): string | null {
  const found = (tables[table] as readonly { row: number }[]).find((one) => one.row === row);
  return found === undefined ? null : rowName(table, found);
}

/** What the scenario leaves out, and what of a plan's cost rests on each; null: of no plan. */
export function assumedOf(plan: Plan | null, { inputs, requestsPerDay }: Workload): Assumed[] {
  const left = inputs.filter(({ origin }) => origin === 'assumed');
  const amounts =
    plan === null || left.length === 0 ? [] : linesOf(plan).flatMap((line) => amountsOf(line, requestsPerDay));
  const all = amounts.reduce((sum, { usd }) => sum + usd, 0);
  return left.map(({ path, text }) => {
    const isPart = partOf(path);
    const rests = amounts.filter(({ leaves }) => leaves.some(isPart));
    const share = all > 0 && rests.length > 0 ? rests.reduce((sum, { usd }) => sum + usd, 0) / all : null;
    return { path, value: text, share: share === null ? null : rounded(share) };
  });
}

/** What is added up, with every figure it is made of. */
type Amount = { usd: number; leaves: readonly Traced[] };

const amountsOf = (line: CostLine, volume: number): Amount[] =>
  addends(traceOf(line, volume)).map((traced) => ({ usd: traced.value, leaves: figuresIn(traced) }));

const addends = (traced: Traced): readonly Traced[] =>
  traced.how === 'sum' ? traced.parts.flatMap(addends) : [traced];

/** Every figure that one is made of, each once and after its parts. */
function figuresIn(traced: Traced): readonly Traced[] {
  const seen = new Set<Traced>();
  const found: Traced[] = [];
  const visit = (one: Traced): void => {
    if (seen.has(one)) return;
    seen.add(one);
    one.parts.forEach(visit);
    found.push(one);
  };
  visit(traced);
  return found;
}

type IsPart = (figure: Traced) => boolean;

const ofVolume: IsPart = ({ path }) => path !== null && /^(workload|tasks\..+)\.volume$/.test(path);

/** Whether a figure is computed hour by hour: work of a volume, or hits in a shared cache. */
function ofHours({ how, parts }: Traced): boolean {
  const within = how === 'predicted' ? parts.flatMap(figuresIn) : [];
  const isOf = (name: string) => within.some(({ assumption }) => assumption === name);
  const ofCache = isOf('promptCacheLifeS') || isOf('promptCacheLongLifeS');
  return within.some(ofVolume) || (ofCache && !isOf('turnGapS'));
}

/** Parts left out of a derivation, such as a factor of one: each would be where another figure is. */
const beside: ReadonlyMap<string, IsPart> = new Map<string, IsPart>([
  ['workload.growth', ofVolume],
  // A mean over the months.
  ['workload.horizon', ({ path }) => path === 'workload.growth'],
  ['workload.profile', ofHours],
  ['workload.turns', ({ path }) => path?.endsWith('.tokens.input') === true],
  ['assumptions.priceDeclinePerYear', ({ sources }) => sources.some(({ table }) => table === 'api')],
]);

function partOf(input: string): IsPart {
  const isBeside = beside.get(input);
  return (figure) =>
    figure.path === input || `assumptions.${figure.assumption}` === input || isBeside?.(figure) === true;
}

/** Stands behind a figure that one of these plans has from a price book, in texts; else empty. */
export const ownMark = ({ ownPricing }: Tables, ...plans: readonly Plan[]): '*' | '' =>
  ownPricing !== undefined &&
  plans.some((plan) =>
    linesOf(plan).some((line) => line.sources().some((origin) => ownPricing.changed.has(rowKey(origin)))),
  )
    ? '*'
    : '';

/** How far the machines under contract go for the plan. */
export function contractWarnings(plan: Plan, tables: Tables, volume: number): Warning[] {
  return plan.deployments.flatMap((deployment) => {
    const { option } = deployment;
    const contract = tables.ownPricing?.reserved.find(
      ({ row, purchase }) =>
        option.fleet?.offer.row.table === 'rental' &&
        row === option.fleet.offer.row.row &&
        purchase === option.purchase,
    );
    if (contract === undefined) return [];
    const needed = unitsOf(deployment, volume);
    const { count } = contract;
    const message =
      needed > count
        ? `the contract covers ${count} of the ${needed} machines of ${optionWords(option, tables)}; the rest is billed alike`
        : `${optionWords(option, tables)} needs ${needed} of the ${count} machines under contract; the others are not in the bill`;
    return [{ code: 'reserved-contract', message }];
  });
}

/** Names of the assumptions used in pricing and reviewing some plans; sorted. */
export function assumptionsOf(plans: readonly Plan[], context: Context, reviewed: boolean): string[] {
  const used = new Set<string>();
  const assume = (name: string) => {
    used.add(name);
    return context.workload.assume(name);
  };
  // A cached result uses no assumptions.
  const recording: Context = { tables: context.tables, workload: { ...context.workload, assume, assumptions: {} } };
  for (const plan of plans) {
    planOf(
      partsOf(plan, (taskPart) => taskPart),
      recording,
    );
    if (reviewed) review(plan, recording);
  }
  return [...used].sort();
}

/** Age in days of the oldest price of the tables that a plan is billed at; null: it has none. */
export function priceAgeDays(plan: Plan, tables: Tables, asOf: string): number | null {
  const dates = new Map<string, ReadonlyMap<number, string>>([
    ['api', new Map(tables.api.map(({ row, lastSeen }) => [row, lastSeen ?? tables.snapshot.date]))],
    ['rental', new Map(tables.rental.map((one) => [one.row, one.asOf]))],
    ['hosting', new Map(tables.hosting.map((one) => [one.row, one.asOf]))],
  ]);
  const seen = linesOf(plan)
    .flatMap((line) => line.sources())
    .flatMap(({ table, row }) => dates.get(table)?.get(row) ?? []);
  const [oldest] = seen.sort();
  return oldest === undefined ? null : daysBetween(oldest, asOf);
}

/** From here on a factor says more than percent. */
const manyTimes = 10;

/** Cost of a plan against the advised one: `+$192 (+250 %)`, `+$4,171 (55 x)`. */
export function costBeside(plan: Plan, advised: Plan, { tables }: Pick<Context, 'tables'>): Reason {
  const extraCost = plan.monthlyUsd - advised.monthlyUsd;
  const mark = ownMark(tables, plan, advised);
  const times = plan.monthlyUsd / advised.monthlyUsd;
  // Beside what costs nothing, or next to nothing, no factor says anything.
  if (!Number.isFinite(times)) return reason('cost', '{extraCost:more}{mark}', { mark }, { extraCost });
  return times >= manyTimes
    ? reason('cost', '{extraCost:more}{mark} ({times:times})', { mark }, { extraCost, times })
    : reason(
        'cost',
        '{extraCost:more}{mark} ({percent:morePercent})',
        { mark },
        { extraCost, percent: (times - 1) * 100 },
      );
}
