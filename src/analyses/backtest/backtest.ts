import { isUnpriced } from '../../cost/curve.js';
import type { Warning } from '../../decide/decision.js';
import { type NoPlan, planNamed, todaysPlan } from '../../decide/find-plan.js';
import { type Plan, planOf, planWords } from '../../decide/plan.js';
import { rounded } from '../../decide/round.js';
import type { Context } from '../../places/placement.js';
import { bookLabels } from '../../tables/price-book/price-book.js';
import { sha256 } from '../../tables/sha256.js';
import type { Prose, Tables } from '../../tables/tables.js';
import { daysBetween } from '../../units/month.js';
import { type ReadScenario, withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import type { Workload } from '../../workload/workload.js';
import { partsUnder } from '../uncertainty/costs.js';
import { casesOf, drawn, percentilesOf } from '../uncertainty/draws.js';
import { uncertainInputs } from '../uncertainty/inputs.js';
import { type Causes, fittedGrowth, less } from './causes.js';
import {
  type Bills,
  type Calendar,
  type Compared,
  compare,
  growthIn,
  predictedBill,
  retrievedIn,
  servedByTask,
  totalOf,
  workloadOn,
} from './compare.js';
import { type Correction, correctionsOf } from './corrections.js';
import { pricesOfOtherDays } from './months.js';
import type { ActualMonth, Actuals, Served } from './read-actuals.js';

const schemaVersion = '1.0.0';

/** What a month was thought to cost: percentiles over draws of everything uncertain. */
export type Band = { p5: number; p50: number; p95: number };

/** USD predicted and paid; the error is paid - predicted, and its causes add up to it. */
export type Difference = { predicted: number; paid: number; error: number; causes: Causes };

export type MonthRow = Difference & {
  month: string;
  predictedServed: Served;
  served: Served;
  /** Null: not drawn. */
  band: Band | null;
  /** Whether the band holds what was paid; null without a band. */
  covered: boolean | null;
};

export type Backtest = {
  schemaVersion: string;
  tool: { name: string; version: string };
  scenario: { name: string; file: string; sha256: string };
  tables: { snapshot: string; asOf: string; ageDays: number; sha256: string; priceBook: string | null };
  actuals: { file: string; sha256: string; from: string; to: string; months: number; byTask: boolean };
  plan: string;
  /** The plan in a few words. */
  label: string;
  /** What named the plan. */
  planFrom: 'option' | 'today' | 'recommended';
  months: MonthRow[];
  total: Difference & { predictedServed: Served; served: Served };
  /** Mean over the months of how far a prediction is off, as a share of what was paid; null where nothing was paid. */
  meanError: number | null;
  /** Months whose band holds what was paid, of those with a band; null without any. */
  coverage: { covered: number; months: number } | null;
  corrections: Correction[];
  warnings: Required<Warning>[];
};

export type BacktestOptions = {
  asOf: string;
  /** Id of an option or a plan, or a few words; null: today's option of the scenario, else the recommended plan. */
  plan: string | null;
  actuals: Actuals;
  /** Where they came from. */
  source: { file: string; text: string };
  /** Days of the price snapshots there are, to tell of nearer ones. */
  snapshots?: readonly string[];
  /** Makes the bands of the months, in their order, or null without draws. */
  bandsOf?: BandsOf;
  prose: Prose;
  tool: { name: string; version: string };
};

/** Bands of the bills of months (0 = first) of a plan; null: none is known. */
export type BandsOf = (
  read: ReadScenario,
  plan: Plan,
  context: Context,
  calendar: Calendar,
) => (month: number) => Band | null;

/** Why nothing can be compared. */
export type NotCompared = NoPlan | { code: 'unpriced'; message: string; suggestion: string | null };

/** What a plan was predicted to be billed, month by month, against what was paid, and why they differ. Pure. */
export function backtest(read: ReadScenario, list: Tables, options: BacktestOptions): Backtest | NotCompared {
  const { asOf, actuals, source, tool } = options;
  const { tables } = withScenarioPrices(read, list, options.prose);
  const context: Context = { workload: resolve(read, tables, asOf), tables };
  const found = planOfBacktest(options.plan, context);
  if ('code' in found) return found;
  const { plan, planFrom } = found;
  const first = actuals.months[0];
  const last = actuals.months.at(-1);
  if (first === undefined || last === undefined) throw new Error('actuals without a month: readActuals refuses them');
  const calendar: Calendar = { firstMonth: first.month, months: actuals.months.map(({ index }) => index) };
  const workload = workloadOn(context.workload, calendar);
  const bandAt = options.bandsOf?.(read, plan, context, calendar) ?? (() => null);

  const months: Compared[] = [];
  for (const month of actuals.months) {
    const row = compare(month, plan, { ...context, workload }, context.workload);
    if (isUnpriced(row)) {
      const message = `${plan.id} has no price for ${month.month}: ${row.unpriced}`;
      return {
        code: 'unpriced',
        message,
        suggestion: 'check the row of that month, or name the plan that was used: --option <id>',
      };
    }
    months.push(row);
  }
  const rows = months.map((one, at): MonthRow => monthRow(one, bandAt(calendar.months[at] ?? 0)));
  const total = totalOf(months);
  const banded = rows.filter(({ covered }) => covered !== null);
  const errors = months.flatMap(({ bills }) =>
    bills.paid > 0 ? [Math.abs(bills.paid - bills.predicted) / bills.paid] : [],
  );
  return {
    schemaVersion,
    tool,
    scenario: { name: workload.name, file: read.file, sha256: sha256(read.text) },
    tables: {
      snapshot: tables.snapshot.date,
      asOf,
      ageDays: daysBetween(tables.snapshot.date, asOf),
      sha256: tables.snapshot.sha256,
      priceBook: bookLabels(tables),
    },
    actuals: {
      file: source.file,
      sha256: sha256(source.text),
      from: first.month,
      to: last.month,
      months: months.length,
      byTask: actuals.byTask,
    },
    plan: plan.id,
    label: planWords(plan, tables),
    planFrom,
    months: rows,
    total: {
      ...differenceOf(total.bills, total.causes),
      predictedServed: servedRow(total.said),
      served: servedRow(total.was),
    },
    meanError: errors.length === 0 ? null : rounded(errors.reduce((sum, one) => sum + one, 0) / errors.length),
    coverage:
      banded.length === 0 ? null : { covered: banded.filter(({ covered }) => covered).length, months: banded.length },
    corrections: correctionsOf(
      {
        workload: context.workload,
        months: actuals.months,
        predictedRequests: total.said.requests,
        growthPerMonth: growthIn(context.workload),
        predictedTokens: total.tokens,
        actual: total.was,
        actualByTask: actuals.byTask ? servedByTask(actuals.months) : null,
        retrievedTokens: retrievedIn(context.workload),
        predictedUsd: total.bills.predicted,
        atActualUsd: total.bills.atVolumeAndMix,
        discountableUsd: total.bills.discountable,
        paidUsd: total.bills.paid,
      },
      total.causes,
    ).map((one) => ({ ...one, from: rounded(one.from), to: rounded(one.to) })),
    warnings: [
      ...pricesOfOtherDays(
        actuals.months.map(({ month }) => month),
        tables.snapshot.date,
        options.snapshots ?? [],
      ),
      ...unseenTasks(actuals, context.workload),
      ...emptyMonths(actuals.months),
    ].map((one) => ({ figures: {}, ...one })),
  };
}

function planOfBacktest(
  asked: string | null,
  context: Context,
): { plan: Plan; planFrom: Backtest['planFrom'] } | NoPlan {
  const today = asked === null ? todaysPlan(context) : null;
  if (today !== null) {
    if (typeof today !== 'string') return { plan: today, planFrom: 'today' };
    return {
      code: 'no-such-plan',
      message: `today.option of the scenario: ${today}`,
      suggestion: 'name the plan that was used: --option <id>',
    };
  }
  const plan = planNamed(asked, context);
  return 'code' in plan ? plan : { plan, planFrom: asked === null ? 'recommended' : 'option' };
}

const differenceOf = ({ predicted, paid }: Bills, { volume, mix, price }: Causes): Difference => ({
  predicted: rounded(predicted),
  paid: rounded(paid),
  error: rounded(less(paid, predicted)),
  causes: { volume: rounded(volume), mix: rounded(mix), price: rounded(price) },
});

const servedRow = ({ requests, inputTokens, outputTokens }: Served): Served => ({
  requests: rounded(requests),
  inputTokens: rounded(inputTokens),
  outputTokens: rounded(outputTokens),
});

function monthRow({ month, bills, causes, said, was }: Compared, band: Band | null): MonthRow {
  const { predicted, paid, error, causes: by } = differenceOf(bills, causes);
  const within = band && { p5: rounded(band.p5), p50: rounded(band.p50), p95: rounded(band.p95) };
  return {
    month,
    predicted,
    paid,
    error,
    causes: by,
    predictedServed: servedRow(said),
    served: servedRow(was),
    band: within,
    covered: within && within.p5 <= paid && paid <= within.p95,
  };
}

/** Tasks that the file never names, though it names others. */
function unseenTasks({ byTask: told, months }: Actuals, { taskParts }: Workload): Warning[] {
  if (!told) return [];
  const seen = new Set(months.flatMap(({ tasks }) => [...(tasks?.keys() ?? [])]));
  const unseen = [...new Set(taskParts.map(({ task }) => task))].filter((task) => !seen.has(task));
  return unseen.length === 0
    ? []
    : [{ code: 'task-without-rows', message: `no row is of ${unseen.join(', ')}: taken as no requests` }];
}

/** Months for which a figure is another one than usual: no steady growth has one without requests, and no bill no share. */
function emptyMonths(months: readonly ActualMonth[]): Warning[] {
  const named = (empty: readonly ActualMonth[]): string => empty.map(({ month }) => month).join(', ');
  const used = months.filter(({ requests }) => requests > 0);
  const idle = fittedGrowth(used) === null ? [] : months.filter(({ requests }) => requests === 0);
  const unpaid = months.filter(({ paidUsd }) => paidUsd === 0);
  return [
    ...(idle.length === 0
      ? []
      : [
          {
            code: 'months-without-requests',
            message: `nothing was served in ${named(idle)}: no growth is told, and the volume is that of all months`,
          },
        ]),
    ...(unpaid.length === 0 || unpaid.length === months.length
      ? []
      : [
          {
            code: 'months-without-bill',
            message: `nothing was paid in ${named(unpaid)}: the mean error is that of the other months`,
          },
        ]),
  ];
}

/**
 * Bands of predicted bills: each month of the plan priced on the same draws of everything uncertain, ranges of the scenario,
 * of prices of one's own and of the tables. Draws in which the plan cannot run are left out; null where nothing is uncertain.
 */
export const drawnBands =
  (seed: number): BandsOf =>
  (read, plan, context, calendar) => {
    // Volumes and lengths are those of the months.
    const inputs = uncertainInputs(read.scenario, [plan], context, seed).filter(
      ({ subject }) => subject.is !== 'figure',
    );
    if (inputs.length === 0) return () => null;
    const draws = context.workload.assume('drawCountWithoutRanges');
    const caseAt = casesOf(read, context, inputs);
    const bills = new Map(
      calendar.months.map((month) => [month, new Float64Array(draws).fill(Number.POSITIVE_INFINITY)]),
    );
    const values = new Float64Array(inputs.length);
    for (let draw = 0; draw < draws; draw++) {
      const then = caseAt(drawn(inputs, draw, values));
      const parts = partsUnder(plan, then);
      const priced = parts === null ? null : planOf(parts, then);
      if (priced === null || isUnpriced(priced)) continue;
      for (const [month, usd] of bills) {
        const bill = predictedBill(priced, then, calendar, month);
        if (bill !== null) usd[draw] = bill.usd;
      }
    }
    const bands = new Map([...bills].map(([month, usd]) => [month, percentilesOf(usd)]));
    return (month) => bands.get(month) ?? null;
  };
