import { at, isUnpriced, type Unpriced } from '../../cost/curve.js';
import { runFormula } from '../../cost/people.js';
import type { Warning } from '../../decide/decision.js';
import { planIn } from '../../decide/months.js';
import { linesOf, type Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import { reasoningTokens } from '../../places/service-trace.js';
import { daysBetween, daysIn, hoursPerDay } from '../../units/month.js';
import { growthOf, highestOf } from '../../workload/load.js';
import { monthOf } from '../../workload/scheduling.js';
import type { TaskPart, Workload } from '../../workload/workload.js';
import { added, nothingServed, type Served } from './actuals.js';

/** Predicted requests and tokens. Rewritten tokens repeat input; actuals count them as output. */
type Predicted = Served & { rewrittenTokens: number };

/** Factors of one month on the requests of a task part, and on its tokens. */
export type Change = { requests: number; input: number; output: number };
export const unchanged: Change = { requests: 1, input: 1, output: 1 };

/** The first month of the actuals, and how many they reach over. */
export type Calendar = { firstMonth: string; months: number };

/**
 * The workload with its first month on the calendar of the actuals, and growth up to their end. Purchases are sized for
 * the busiest month of the horizon, or of the actuals where they go further.
 */
export function onCalendar(workload: Workload, { firstMonth, months }: Calendar): Workload {
  const perMonth = workload.inputs.find(({ path }) => path === 'workload.growth')?.value.likely ?? 0;
  const growth = growthOf(perMonth, Math.max(months, workload.months));
  return { ...workload, firstMonth, growth, peakGrowth: Math.max(workload.peakGrowth, highestOf(growth)) };
}

/** One month alone (0 = first) with its number of days, its grown task parts changed. */
export function changedMonth(workload: Workload, month: number, changeOf: (taskPart: TaskPart) => Change): Workload {
  const grown = monthOf(workload, month);
  const then = { ...grown, hoursPerMonth: daysIn(grown.firstMonth) * hoursPerDay };
  const taskParts = then.taskParts.map((taskPart) => changed(taskPart, changeOf(taskPart)));
  const sum = (all: readonly TaskPart[]) => all.reduce((total, { requestsPerDay }) => total + requestsPerDay, 0);
  const total = sum(taskParts);
  // Without a request the axis stays where it is: task parts are parts of it.
  const factor = total > 0 ? total / sum(then.taskParts) : 1;
  return {
    ...then,
    requestsPerDay: then.requestsPerDay * factor,
    // Machines that were bought stay, whatever the month brings.
    peakGrowth: Math.max(1, then.peakGrowth / factor),
    taskParts: taskParts.map((taskPart) => ({ ...taskPart, share: total > 0 ? taskPart.requestsPerDay / total : 0 })),
  };
}

function changed(taskPart: TaskPart, { requests, input, output }: Change): TaskPart {
  const { tokens } = taskPart;
  return {
    ...taskPart,
    requestsPerDay: taskPart.requestsPerDay * requests,
    tokens: {
      ...tokens,
      input: tokens.input * input,
      longestInput: tokens.longestInput * input,
      prefix: tokens.prefix * input,
      history: tokens.history * input,
      answer: tokens.answer * input,
      output: tokens.output * output,
      reasoning: tokens.reasoning === null ? null : tokens.reasoning * output,
    },
  };
}

/** Requests of a task part in a month of a workload. */
export const requestsOf = ({ requestsPerDay }: TaskPart, { hoursPerMonth }: Workload): number =>
  (requestsPerDay * hoursPerMonth) / hoursPerDay;

/** Tokens over those of the scenario; of no month without requests. Rewritten output follows input. */
export function tokenRatios(actual: Served, predicted: Predicted): { input: number; output: number } {
  if (actual.requests === 0) return { input: 1, output: 1 };
  const over = (tokens: number, said: number) => (said > 0 ? tokens / said : 1);
  const input = over(actual.inputTokens, predicted.inputTokens);
  const answered = (tokens: number, read: number) => Math.max(0, tokens - predicted.rewrittenTokens * read);
  return { input, output: over(answered(actual.outputTokens, input), answered(predicted.outputTokens, 1)) };
}

/** A plan's bill of one month, and what it would serve by task, tokens as billed. */
export type MonthBill = {
  usd: number;
  /** The part that a discount on tokens, rental and hosting would lower. */
  discountableUsd: number;
  tasks: Map<string, Predicted>;
};

const discountable = /^(?:tokens|compute)\./;

/**
 * The bill of one month, without people and one-time costs. Tokens are those of all calls, reasoning included, without
 * retries.
 *
 * @param plan made for `workload`
 * @param then the month alone
 */
export function monthBill(plan: Plan, workload: Workload, then: Context): MonthBill | Unpriced {
  const priced = planIn(plan, workload, then);
  if (isUnpriced(priced)) return priced;
  let [usd, discountableUsd] = [0, 0];
  for (const { curve, once, part } of linesOf(priced)) {
    if (once === true || part === runFormula.id) continue;
    const lineUsd = at(curve, then.workload.requestsPerDay);
    usd += lineUsd;
    if (discountable.test(part)) discountableUsd += lineUsd;
  }
  const tasks = new Map<string, Predicted>();
  const add = (task: string, more: Partial<Predicted>): void => {
    tasks.set(task, added(tasks.get(task) ?? nothingPredicted, { ...nothingPredicted, ...more }));
  };
  for (const taskPart of then.workload.taskParts) add(taskPart.task, { requests: requestsOf(taskPart, then.workload) });
  for (const { option, taskParts } of priced.deployments)
    for (const taskPart of taskParts) {
      const requests = requestsOf(taskPart, then.workload);
      const { input, output } = taskPart.tokens;
      const outputTokens = requests * (output + reasoningTokens(option, taskPart, then.workload));
      const rewrittenTokens = taskPart.rewrites ? outputTokens : 0;
      add(taskPart.task, { inputTokens: requests * input, outputTokens, rewrittenTokens });
    }
  return { usd, discountableUsd, tasks };
}

const nothingPredicted: Predicted = { ...nothingServed, rewrittenTokens: 0 };
export const sumOf = (tasks: Iterable<Predicted>): Predicted => [...tasks].reduce(added<Predicted>, nothingPredicted);

/** Months that are nearer to the prices of another snapshot than to the used ones, with that snapshot. */
export function pricesOfOtherDays(months: readonly string[], used: string, snapshots: readonly string[]): Warning[] {
  const away = (month: string, snapshot: string) => Math.abs(daysBetween(snapshot, `${month}-15`));
  const nearest = (month: string) =>
    snapshots.reduce((best, each) => (away(month, each) < away(month, best) ? each : best), used);
  const bySnapshot = new Map<string, string[]>();
  for (const month of months) {
    const better = nearest(month);
    if (better !== used) bySnapshot.set(better, [...(bySnapshot.get(better) ?? []), month]);
  }
  return [...bySnapshot].map(([snapshot, nearer]) => ({
    code: 'other-prices-nearer',
    message: `prices are those of ${used}; those of ${snapshot} are nearer to ${spanText(nearer)}: --pricing ${snapshot}`,
  }));
}

const spanText = (months: readonly string[]): string => {
  const [first = '', last = ''] = [months[0], months.at(-1)];
  return first === last ? first : `${first} to ${last}`;
};
