import { isUnpriced } from '../../cost/curve.js';
import type { Warning } from '../../decide/decision.js';
import { type NoPlan, planNamed, todaysPlan } from '../../decide/find-plan.js';
import { type Plan, planWords } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { bookLabels } from '../../tables/price-book/price-book.js';
import { sha256 } from '../../tables/sha256.js';
import type { Prose, Tables } from '../../tables/tables.js';
import { daysBetween } from '../../units/month.js';
import { difference, rounded, roundedTree } from '../../units/numeric.js';
import { type ReadScenario, withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import type { Workload } from '../../workload/workload.js';
import { type Actuals, added, type Served } from './actuals.js';
import { type Compared, type Correction, compareMonths, correctionsOf } from './corrections.js';
import { type Calendar, pricesOfOtherDays } from './months.js';

const schemaVersion = '2.0.0';

/** USD of an error by cause. They add up to it. */
type Causes = { volume: number; mix: number; price: number };

/** USD predicted and paid; the error is paid - predicted, the sum of its causes. */
export type Difference = { predicted: number; paid: number; error: number; causes: Causes };

export type MonthRow = Difference & { month: string; predictedServed: Served; served: Served };

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
  /** Mean over the months of the absolute error, as a share of what was paid; null where nothing was paid. */
  meanError: number | null;
  /** Inputs that were others than the scenario says, those that explain most first. */
  corrections: Correction[];
  warnings: Required<Warning>[];
};

export type BacktestOptions = {
  asOf: string;
  /** Id of an option or a plan, or a few words; null: today's option, else the recommended plan. */
  plan: string | null;
  actuals: Actuals;
  /** Where they came from. */
  source: { file: string; text: string };
  /** Days of the known price snapshots, to find nearer ones. */
  snapshots?: readonly string[];
  prose: Prose;
  tool: { name: string; version: string };
};

/** Why nothing can be compared. */
type NotCompared = NoPlan | { code: 'unpriced'; message: string; suggestion: string | null };

/** A plan's predicted bills by month against what was paid, and why they differ. Pure. */
export function backtest(read: ReadScenario, list: Tables, options: BacktestOptions): Backtest | NotCompared {
  const { asOf, actuals, source, tool } = options;
  const { tables } = withScenarioPrices(read, list, options.prose);
  const workload = resolve(read, tables, asOf);
  const context: Context = { workload, tables };
  const found = planOfBacktest(options.plan, context);
  if ('code' in found) return found;
  const { plan, planFrom } = found;
  const [first, last] = [actuals.months[0], actuals.months.at(-1)];
  if (first === undefined || last === undefined) throw new Error('actuals without a month: readActuals refuses them');
  const calendar: Calendar = { firstMonth: first.month, months: last.index + 1 };
  const months = compareMonths(actuals, plan, context, calendar);
  if (isUnpriced(months)) {
    const suggestion = 'check the rows of those months, or name the plan that was used: --option <id>';
    return { code: 'unpriced', message: `${plan.id} has no price: ${months.unpriced}`, suggestion };
  }
  const off = months.flatMap(({ usd: { paid, predicted } }) => (paid > 0 ? [Math.abs(paid - predicted) / paid] : []));
  const total = (months as readonly Compared[]).reduce(together);
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
      ...{ file: source.file, sha256: sha256(source.text), from: first.month, to: last.month },
      ...{ months: months.length, byTask: actuals.byTask },
    },
    ...{ plan: plan.id, label: planWords(plan, tables), planFrom },
    months: months.map((one, at) => ({ month: (actuals.months[at] as { month: string }).month, ...rowOf(one) })),
    total: rowOf(total),
    meanError: off.length === 0 ? null : rounded(off.reduce((sum, one) => sum + one, 0) / off.length),
    corrections: correctionsOf({ read, plan, context, calendar, actuals, months, total }),
    warnings: [
      ...pricesOfOtherDays(
        actuals.months.map(({ month }) => month),
        tables.snapshot.date,
        options.snapshots ?? [],
      ),
      ...unseenTasks(actuals, workload),
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
    const suggestion = 'name the plan that was used: --option <id>';
    return { code: 'no-such-plan', message: `today.option of the scenario: ${today}`, suggestion };
  }
  const plan = planNamed(asked, context);
  return 'code' in plan ? plan : { plan, planFrom: asked === null ? 'recommended' : 'option' };
}

const together = (sum: Compared, one: Compared): Compared => ({
  usd: added(sum.usd, one.usd),
  said: added(sum.said, one.said),
  was: added(sum.was, one.was),
});

/** A joint effect of two causes counts as the later one's, in the order of `docs/model.md`. */
const rowOf = ({ usd: { predicted, atVolume, atVolumeAndMix, paid }, said, was }: Compared): Omit<MonthRow, 'month'> =>
  roundedTree({
    predicted,
    paid,
    error: difference(paid, predicted),
    causes: {
      volume: difference(atVolume, predicted),
      mix: difference(atVolumeAndMix, atVolume),
      price: difference(paid, atVolumeAndMix),
    },
    predictedServed: said,
    served: was,
  });

/** Tasks that the file never names, though it names others. */
function unseenTasks({ byTask: told, months }: Actuals, { taskParts }: Workload): Warning[] {
  if (!told) return [];
  const seen = new Set(months.flatMap(({ tasks }) => [...(tasks?.keys() ?? [])]));
  const unseen = [...new Set(taskParts.map(({ task }) => task))].filter((task) => !seen.has(task));
  return unseen.length === 0
    ? []
    : [{ code: 'task-without-rows', message: `no row is of ${unseen.join(', ')}: taken as no requests` }];
}
