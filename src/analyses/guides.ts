import type { GuideReport } from '../decide/decision.js';
import type { Context } from '../places/placement.js';
import { kinds } from '../tables/column.js';
import { allHold, type Condition, type Facts } from '../tables/condition.js';
import { factNames, type ScenarioFact } from '../tables/row-facts.js';
import type { GuideRow, Kind } from '../tables/rows.js';
import type { Prose } from '../tables/tables.js';
import { hoursPerDay } from '../units/month.js';
import { rounded } from '../units/numeric.js';
import { profileOf } from '../workload/conversation.js';
import { highestOf } from '../workload/load.js';
import type { Scenario } from '../workload/schema.js';
import { taskNames } from '../workload/set.js';
import { boundaries, type TaskPart } from '../workload/workload.js';

/** The strictest last. */
const sensitivities = ['public', 'internal', 'pii', 'regulated', 'device-only'] as const;
const ownOnly: readonly string[] = ['regulated', 'device-only'];

/** Facts of a scenario for guides, without those that are neither given nor needed. */
function scenarioFactsOf(scenario: Scenario, { workload, tables }: Context): Facts {
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

const mostReasons = 3;

/** Facts that a guide needs and the scenario does not have, by `guide.fact`. */
export type Answers = ReadonlyMap<string, number | string>;

/** The verdict of each guide; it agrees if its places include every recommended type. */
export function guideReports(
  scenario: Scenario,
  context: Context,
  recommended: readonly Kind[],
  { prose, answers = new Map() }: { prose: Prose; answers?: Answers },
): GuideReport[] {
  const { guides } = context.tables;
  const facts = scenarioFactsOf(scenario, context);
  return [...new Set(guides.map(({ guide }) => guide))].map((id) => {
    const rows = guides.filter(({ guide }) => guide === id);
    const told = [...answers].flatMap(([name, value]): [string, number | string][] =>
      name.startsWith(`${id}.`) ? [[name.slice(id.length + 1), value]] : [],
    );
    const opinion = consult(rows, new Map([...facts, ...told]));
    const called = calledBy(rows, recommended);
    const [first] = rows;
    return {
      id,
      title: first === undefined ? id : prose({ table: 'guides', row: first.row }).source,
      agrees: called.length > 0 && called.every((kind) => opinion.verdict.includes(kind)),
      ...opinion,
    };
  });
}

/** To a guide that nowhere names hosted open models they are APIs like others. */
function calledBy(rows: readonly GuideRow[], recommended: readonly Kind[]): Kind[] {
  const named = rows.some(({ places }) => places.includes('open-model-api'));
  return recommended.map((kind) => (kind === 'open-model-api' && !named ? 'cloud-api' : kind));
}

/**
 * Evaluates a guide: gates (`only`) leave places, points go to places or other names; the first answer that holds is
 * the verdict, else the remaining places with most points.
 */
export function consult(
  rows: readonly GuideRow[],
  facts: Facts,
): Pick<GuideReport, 'verdict' | 'shape' | 'unknown' | 'because'> {
  const known = new Map(facts);
  const unknown = new Set<string>();
  const asked = (row: GuideRow): boolean => {
    for (const name of missing(row.when, known)) unknown.add(name);
    return allHold(row.when, known);
  };
  const held = rows.filter((row) => (row.effect === 'only' || row.effect === 'for') && asked(row));
  const gates = held.filter(({ effect }) => effect === 'only');
  const left = kinds.filter((kind) => gates.every(({ places }) => places.includes(kind)));
  const names = new Set([...kinds, ...rows.flatMap(({ effect, places }) => (effect === 'for' ? places : []))]);
  const pointsOf = (name: string | null): number =>
    held.reduce(
      (sum, { effect, places, points }) =>
        effect === 'for' && (name === null || places.includes(name)) ? sum + points : sum,
      0,
    );
  for (const name of names) known.set(name, pointsOf(name));
  known.set('points', pointsOf(null)).set('gated', gates.length > 0 ? 'yes' : 'no');
  const most = Math.max(...left.map(pointsOf));
  const voted = left.filter((kind) => pointsOf(kind) === most);
  const chosen = rows.find((row) => (row.effect === 'answer' || row.effect === 'hybrid') && asked(row));
  const places = chosen?.places ?? ['voted'];
  const verdict = kinds.filter((kind) => places.includes(kind) || (places.includes('voted') && voted.includes(kind)));
  const reasons = held.filter(
    (row) => row.effect === 'only' || row.places.some((one) => [...places, ...verdict].includes(one)),
  );
  const says = [...(chosen === undefined ? [] : [chosen]), ...reasons].map((row) => row.says);
  return {
    verdict,
    shape: chosen?.effect === 'hybrid' ? 'hybrid' : null,
    unknown: factNames.filter((name) => unknown.has(name)),
    because: [...new Set(says)]
      .filter((text) => text !== '')
      .slice(0, mostReasons)
      .join('; '),
  };
}

/** Unknown facts in conditions; none where another condition fails already. */
function missing(when: readonly Condition[], facts: Facts): string[] {
  const open = when.filter(({ fact }) => !facts.has(fact));
  const others = when.filter(({ fact }) => facts.has(fact));
  return allHold(others, facts) ? open.map(({ fact }) => fact) : [];
}
