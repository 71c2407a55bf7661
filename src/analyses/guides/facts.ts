import { rounded } from '../../decide/round.js';
import type { Context } from '../../places/placement.js';
import type { Facts } from '../../tables/condition.js';
import type { ScenarioFact } from '../../tables/guide-facts.js';
import { hoursPerDay } from '../../units/clock.js';
import { highestOf } from '../../workload/load.js';
import { profileOf } from '../../workload/resolve-profile.js';
import type { Scenario } from '../../workload/schema.js';
import { taskNames } from '../../workload/set.js';
import { boundaries, type TaskPart } from '../../workload/workload.js';

/** The strictest last. */
const sensitivities = ['public', 'internal', 'pii', 'regulated', 'device-only'] as const;
const ownOnly: readonly string[] = ['regulated', 'device-only'];

/** Facts of a scenario for guides, without those that are neither given nor needed. */
export function scenarioFactsOf(scenario: Scenario, { workload, tables }: Context): Facts {
  const { tasks, team } = scenario;
  const { taskParts } = workload;
  const types = new Map(taskNames(tasks).map((name, index) => [name, tasks[index]?.type ?? '']));
  const perMonth = workload.hoursPerMonth / hoursPerDay;
  const tiers = [...tables.tiers].sort((a, b) => a.fromIndex - b.fromIndex);
  const tierOf = ({ needs }: TaskPart): number =>
    tiers.findLastIndex(({ fromIndex }) => fromIndex <= needs.capability.need);
  const isSimple = (one: TaskPart): boolean =>
    !needsTop(one) && !one.needs.fineTuning && tables.taskOf.get(types.get(one.task) ?? '')?.simple === true;
  const needsTop = (one: TaskPart): boolean => tierOf(one) === tiers.length - 1;
  const largest = taskParts.reduce((most, one) => (one.requestsPerDay > most.requestsPerDay ? one : most));
  const classOf = (one: TaskPart): string =>
    needsTop(one) ? 'frontier' : one.needs.fineTuning ? 'tuned' : isSimple(one) ? 'simple' : 'general';
  // A preset's target is what is usual, not what is needed.
  const targets = taskParts.flatMap(({ needs: { ttftP95Ms: of } }) => (of?.by === 'user' ? [of.value] : []));
  const requestsPerDay = sum(taskParts, (one) => one.requestsPerDay);
  const weightOf = (one: TaskPart): number => (requestsPerDay > 0 ? one.requestsPerDay : 1);
  const ml = team?.mlInfra?.likely ?? 0;
  const facts: Partial<Record<ScenarioFact, number | string | boolean | undefined>> = {
    tokensPerDay: sum(taskParts, ({ requestsPerDay: each, tokens }) => each * (tokens.input + tokens.output)),
    requestsPerDay,
    requestsPerMonth: requestsPerDay * perMonth,
    simpleRequestsPerMonth: sum(taskParts.filter(isSimple), (one) => one.requestsPerDay) * perMonth,
    allSimple: taskParts.every(isSimple),
    ttftP95Ms: targets.length === 0 ? undefined : Math.min(...targets),
    peakToMean: highestOf(profileOf(scenario, tables).multipliers),
    horizonMonths: scenario.workload.horizonMonths,
    launchWeeks: team?.launchWithinWeeks,
    people: team && (team.devops?.likely ?? 0) + ml,
    mlPeople: team && ml,
    tiers: new Set(taskParts.map(tierOf)).size,
    hardestTask: tiers[Math.max(...taskParts.map(tierOf))]?.name,
    largestTask: classOf(largest),
    sensitivity: sensitivities.findLast((one) => taskParts.some(({ needs }) => needs.sensitivity === one)),
    sensitiveShare: sum(taskParts, (one) => sensitiveIn(one) * weightOf(one)) / sum(taskParts, weightOf),
    boundary: boundaries.find((one) => taskParts.some(({ needs }) => needs.boundary === one)),
    baa: agreed(taskParts, 'baa'),
    fineTuning: taskParts.some(({ needs }) => needs.fineTuning),
    offline: taskParts.some(({ needs }) => needs.offline),
  };
  return new Map(
    Object.entries(facts).flatMap(([name, value]): [string, number | string][] => {
      if (value === undefined) return [];
      if (typeof value === 'boolean') return [[name, value ? 'yes' : 'no']];
      return [[name, typeof value === 'number' ? rounded(value) : value]];
    }),
  );
}

/** Share of a task's requests with data that are regulated or stay on the device. */
const sensitiveIn = ({ needs, divisible }: TaskPart): number =>
  ownOnly.includes(needs.sensitivity) ? (divisible?.sensitive?.share ?? 1) : 0;

/** Whether every task has an agreement, signed or to be signed, with anyone; undefined: none named. */
function agreed(taskParts: readonly TaskPart[], agreement: string): boolean | undefined {
  const lists = taskParts.map(({ needs }) => needs.agreements);
  if (lists.every((list) => list === null)) return undefined;
  return lists.every((list) =>
    [...(list?.signed ?? []), ...(list?.canSign ?? [])].some((one) => one.split(':')[0] === agreement),
  );
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
