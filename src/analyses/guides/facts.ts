import { rounded } from '../../decide/round.js';
import type { Feed, Guide, GuideBook, ScenarioFact, TaskFact } from '../../tables/guides/guide.js';
import type { Tables } from '../../tables/tables.js';
import { highestOf } from '../../workload/load.js';
import { profileOf } from '../../workload/resolve-profile.js';
import type { Scenario } from '../../workload/schema.js';
import { taskNames } from '../../workload/set.js';
import { boundaries, type Sensitivity, type TaskPart, type Workload } from '../../workload/workload.js';
import { evaluate, firstCase, type Value, type Values } from './consult.js';

/** A scenario as guides are asked about it. */
export type Asked = { scenario: Scenario; workload: Workload; tables: Tables };

/** The strictest last. */
const sensitivities: readonly Sensitivity[] = ['public', 'internal', 'pii', 'regulated', 'device-only'];
const ownOnly: readonly Sensitivity[] = ['regulated', 'device-only'];

/**
 * What guides may know of some tasks of a scenario, by the names of `scenarioFacts` and of the book's own conditions. What
 * the scenario does not say and the decision does not need is missing.
 */
export function factsOf(
  { scenario, workload, tables }: Asked,
  taskParts: readonly TaskPart[],
  book: GuideBook,
): Values {
  const typeOf = typesOf(scenario);
  const total = sum(taskParts, ({ requestsPerDay }) => requestsPerDay);
  const classOf = (taskPart: TaskPart): string | undefined => {
    const { needs } = taskPart;
    const task: Record<TaskFact, Value> = {
      type: typeOf(taskPart),
      tier: tierOf(taskPart, tables),
      fine_tuning: needs.fineTuning,
    };
    return firstCase(book.taskClasses, new Map(Object.entries(task)));
  };
  const largest = taskParts.reduce((most, taskPart) =>
    taskPart.requestsPerDay > most.requestsPerDay ? taskPart : most,
  );
  const basic = taskParts.filter((taskPart) => classOf(taskPart) === 'basic');
  // A preset's target is what is usual, not what is needed.
  const targets = taskParts.flatMap(({ needs: { ttftP95Ms: of } }) => (of?.by === 'user' ? [of.value] : []));
  const { team } = scenario;
  const ml = team?.mlInfra?.likely ?? 0;
  const facts: Record<ScenarioFact, Value | undefined> = {
    tokens_day: sum(taskParts, ({ requestsPerDay, tokens }) => requestsPerDay * (tokens.input + tokens.output)),
    requests_day: total,
    requests_month: total * book.daysPerMonth,
    basic_requests_month: sum(basic, ({ requestsPerDay }) => requestsPerDay) * book.daysPerMonth,
    ttft_p95_ms: targets.length === 0 ? undefined : Math.min(...targets),
    peak_to_mean: highestOf(profileOf(scenario, tables).multipliers),
    horizon_months: scenario.workload.horizonMonths,
    launch_weeks: team?.launchWithinWeeks,
    people: team && (team.devops?.likely ?? 0) + ml,
    ml_people: team && ml,
    tiers: new Set(taskParts.map((taskPart) => tierOf(taskPart, tables))).size,
    sensitivity: sensitivities.findLast((one) => taskParts.some(({ needs }) => needs.sensitivity === one)),
    sensitive_share: shareOf(taskParts, sensitiveIn),
    boundary: boundaries.find((one) => taskParts.some(({ needs }) => needs.boundary === one)),
    baa: agreed(taskParts, 'baa'),
    frontier: taskParts.some((taskPart) => tierOf(taskPart, tables) === 'frontier'),
    fine_tuning: taskParts.some(({ needs }) => needs.fineTuning),
    offline: taskParts.some(({ needs }) => needs.offline),
    all_basic: basic.length === taskParts.length,
    objective: workload.rules.objective,
    largest_class: classOf(largest),
    largest_type: typeOf(largest),
  };
  const values = new Map(
    Object.entries(facts).flatMap(([name, value]): [string, Value][] =>
      value === undefined ? [] : [[name, typeof value === 'number' ? rounded(value) : value]],
    ),
  );
  for (const { name, when } of book.derived) {
    const holds = evaluate(when, values);
    if (holds !== null) values.set(name, holds);
  }
  return values;
}

/** What a guide's inputs are by these facts; inputs that they do not tell are missing. */
export function fedBy(guide: Guide, facts: Values): Values {
  return new Map(
    guide.inputs.flatMap(({ name, from }): [string, Value][] => {
      const value = from === null ? undefined : fed(from, facts);
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );
}

function fed(from: Feed, facts: Values): Value | null | undefined {
  if (from.is === 'fact') return facts.get(from.name);
  return from.is === 'condition' ? evaluate(from.when, facts) : firstCase(from.of, facts);
}

/** Preset of the task of a task part. */
function typesOf({ tasks }: Scenario): (taskPart: TaskPart) => string {
  const names = taskNames(tasks);
  const types = new Map(tasks.map(({ type }, index) => [names[index], type]));
  return ({ task }) => types.get(task) ?? '';
}

/** The highest tier that the need reaches. */
const tierOf = ({ needs }: TaskPart, { tiers }: Tables): string =>
  tiers.reduce(
    (highest, tier) =>
      tier.fromIndex <= needs.capability.need && tier.fromIndex >= highest.fromIndex ? tier : highest,
    { name: '', fromIndex: Number.NEGATIVE_INFINITY },
  ).name;

/** Whether every task has an agreement, signed or to be signed, with anyone; undefined: the scenario names none at all. */
function agreed(taskParts: readonly TaskPart[], agreement: string): boolean | undefined {
  const lists = taskParts.map(({ needs }) => needs.agreements);
  if (lists.every((list) => list === null)) return undefined;
  return lists.every((list) =>
    [...(list?.signed ?? []), ...(list?.canSign ?? [])].some((one) => one.split(':')[0] === agreement),
  );
}

/** Share of a task's requests with data that are regulated or stay on the device. */
const sensitiveIn = ({ needs, divisible }: TaskPart): number =>
  ownOnly.includes(needs.sensitivity) ? (divisible?.sensitive?.share ?? 1) : 0;

/** Share of the requests; of the tasks where there are no requests. */
function shareOf(taskParts: readonly TaskPart[], of: (taskPart: TaskPart) => number): number {
  const weigh = taskParts.some(({ requestsPerDay }) => requestsPerDay > 0)
    ? (one: TaskPart) => one.requestsPerDay
    : () => 1;
  return sum(taskParts, (taskPart) => of(taskPart) * weigh(taskPart)) / sum(taskParts, weigh);
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
