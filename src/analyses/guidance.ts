import { cashExtraUsd } from '../cost/people.js';
import type { ChecklistItem, Decision, GuideReport, PlaybookStep } from '../decide/decision.js';
import { todaysPlanIfKnown } from '../decide/find-plan.js';
import { conditions } from '../decide/option-report.js';
import { optionsOf, servedWords } from '../decide/plan.js';
import type { Reviewed } from '../decide/review.js';
import { leadTimeWeeks } from '../places/fleet-numbers.js';
import { type Option, proseNames, withMode } from '../places/option.js';
import { type Context, regimeRows } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { dataGates } from '../rules/registry.js';
import { allHold, type Condition, type Facts, factForm, kinds } from '../tables/column.js';
import type { GuideRow, Kind, RegimeRow } from '../tables/columns.js';
import { factNames, type PlanFact, type ScenarioFact } from '../tables/row-facts.js';
import type { Prose, Tables } from '../tables/tables.js';
import { hoursPerDay } from '../units/month.js';
import { countWords, rounded, usdWords } from '../units/numeric.js';
import { profileOf } from '../workload/conversation.js';
import { highestOf } from '../workload/load.js';
import type { Scenario } from '../workload/schema.js';
import { taskNames } from '../workload/set.js';
import { enums } from '../workload/words.js';
import { boundaries, type TaskPart } from '../workload/workload.js';
import type { Stage } from './stages/stages.js';

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
  const facts: Partial<Record<ScenarioFact, FactValue>> = {
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
    sensitivity: enums.sensitivity.findLast((one) => taskParts.some(({ needs }) => needs.sensitivity === one)),
    sensitiveShare: sum(taskParts, (one) => sensitiveIn(one) * weightOf(one)) / sum(taskParts, weightOf),
    boundary: boundaries.find((one) => taskParts.some(({ needs }) => needs.boundary === one)),
    baa: agreed(taskParts, 'baa'),
    fineTuning: taskParts.some(({ needs }) => needs.fineTuning),
    offline: taskParts.some(({ needs }) => needs.offline),
  };
  return asFacts(facts);
}

type FactValue = number | string | boolean | undefined;

/** Facts as rows compare them; what is undefined is none. */
const asFacts = (facts: Record<string, FactValue>): Map<string, number | string> =>
  new Map(
    Object.entries(facts).flatMap(([name, value]): [string, number | string][] => {
      if (value === undefined) return [];
      if (typeof value === 'boolean') return [[name, value ? 'yes' : 'no']];
      return [[name, typeof value === 'number' ? rounded(value) : value]];
    }),
  );

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

/** Inputs of the first steps: the plan of a decision with its verdicts, and following stages. */
type Made = { reviewed: Reviewed | null; followedBy: readonly Stage[]; context: Context };

/** The rows of playbook.csv that hold, with figures. The first is the next step. */
export function stepsOf(decision: Decision, made: Made, prose: Prose): PlaybookStep[] {
  const { tables, workload } = made.context;
  const facts = asFacts(factsOf(decision, made));
  const known = (name: string): number | string | null =>
    facts.get(name) ?? (tables.parameterOf.has(name) ? workload.assume(name) : null);
  return tables.playbook
    .filter(({ when }) => allHold(when, facts))
    .map(({ id, text, takes, row }, index) => {
      const figures: Record<string, number> = {};
      const does = text.replace(factForm, (_, name: string, form: string | undefined) => {
        const value = known(name);
        if (typeof value !== 'number') return value ?? 'unknown';
        figures[name] = rounded(value);
        return written(value, form);
      });
      const weeks = takes === null ? null : known(takes);
      return {
        step: index + 1,
        id,
        do: does,
        weeks: typeof weeks === 'number' ? rounded(weeks) : null,
        figures,
        source: prose({ table: 'playbook', row }).source,
      };
    });
}

function written(value: number, form: string | undefined): string {
  if (form === 'usd') return usdWords(value);
  if (form === 'count') return countWords(value);
  const plain = String(Number(value.toFixed(2)));
  return form === 'weeks' ? `${plain} week${value === 1 ? '' : 's'}` : plain;
}

function factsOf(decision: Decision, { reviewed, followedBy, context }: Made): Partial<Record<PlanFact, FactValue>> {
  if (reviewed === null) return { fits: false };
  const { recommendation, uncertainty } = decision;
  const { workload, tables } = context;
  const { plan, verdicts } = reviewed;
  const options = plan.deployments.flatMap(optionsOf);
  const now = todaysPlanIfKnown(context);
  const agreements = conditions({ verdicts: verdicts.filter(({ gate }) => dataGates.has(gate)) });
  type Lead = { option?: Option; weeks: number };
  const leads = options.map((option): Lead => ({ option, weeks: leadTimeWeeks(option, context) ?? 0 }));
  const slowest = leads.reduce((most, one) => (one.weeks > most.weeks ? one : most), { weeks: 0 } as Lead);
  const retiring = options.filter(({ retires }) => retires !== null);
  const [next] = followedBy;
  return {
    fits: true,
    stays: now?.id === plan.id,
    plan: servedWords(plan, tables),
    qualityOpen:
      uncertainty?.confidence.driver === 'quality' || recommendation.assignments.some((one) => one.needAssumed),
    failedAnswerPriced: recommendation.betterQuality.length < 2 || recommendation.failedAnswers?.monthlyCost !== null,
    bought: recommendation.costParts.some(({ part, upfront }) => upfront > 0 && part === 'capital.purchase'),
    ...(workload.today && { today: (now && servedWords(now, tables)) || workload.today.option }),
    ...belowList(decision, now?.monthlyUsd ?? null, context),
    agreements: agreements.join('; '),
    agreementCount: agreements.length,
    fteMissing: workload.team.given ? Math.max(0, plan.fte - workload.team.freeFte) : 0,
    fteNeeded: plan.fte,
    fteFree: workload.team.freeFte,
    cashExtra: cashExtraUsd(plan.fte, workload),
    upfrontCost: plan.upfrontUsd,
    slowest: slowest.option === undefined ? '' : machineOf(slowest.option, tables),
    leadWeeks: slowest.weeks,
    retires: retiring.length > 0,
    retiring: [...new Set(retiring.map(({ model, mode }) => withMode(model, mode)))].join(' and '),
    retiresOn: retiring.map(({ retires }) => retires ?? '').sort()[0] ?? '',
    nextStage: next !== undefined,
    ...(next && {
      stagePlan: servedWords(next.plan, tables),
      stageOn: next.then.workload.firstMonth,
      stageVolume: next.then.workload.taskParts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0),
      stageCost: next.plan.monthlyUsd,
      stageMoveCost: next.moveUsd,
    }),
  };
}

/** A bill below list prices. With growth the mean of months is above today's bill in any case. */
function belowList({ recommendation }: Decision, listUsd: number | null, { workload }: Context) {
  const { savingsOverToday, monthlyCost } = recommendation;
  const isBelow = workload.growth.length === 1 && savingsOverToday !== null && savingsOverToday < 0;
  if (!isBelow || listUsd === null || monthlyCost === null || listUsd <= monthlyCost) return {};
  return { dearer: -savingsOverToday, todayList: listUsd, todayBill: workload.today?.billUsdPerMonth ?? 0 };
}

/** What is waited for, as people call it. */
function machineOf(option: Option, tables: Tables): string {
  const { machine, provider } = proseNames(option, tables);
  return machine ?? (option.kind === 'edge' ? 'what runs on devices' : provider);
}

/** The rows of regimes.csv with what whoever runs a model has to see to. */
const security = 'self-hosted-security';

/** Conditions of the plan, then data rules, then security of self-hosted weights. */
export function checklistOf(
  { plan }: Reviewed,
  conditions: readonly string[],
  context: Context,
  prose: Prose,
): ChecklistItem[] {
  const items = new Map<string, ChecklistItem>();
  const add = (item: string, because: string, source: string): void => {
    const same = items.get(item);
    if (same === undefined) items.set(item, { item, because, source });
    else if (!same.because.includes(because)) same.because = `${same.because}; ${because}`;
  };
  const addRow = ({ requirement, row }: RegimeRow, because: string): void =>
    add(requirement, because, prose({ table: 'regimes', row }).source);
  for (const condition of conditions) add(condition, 'the plan depends on it', 'this decision');
  for (const deployment of plan.deployments)
    for (const taskPart of deployment.taskParts)
      for (const row of regimeRows(taskPart, context))
        if (
          row.effect === 'checklist' &&
          optionsOf(deployment).some(({ kind }) => row.allowedPlacements.includes(kind))
        )
          addRow(row, `${row.regime} for ${taskPart.task}`);
  const own = plan.deployments.flatMap(optionsOf).filter(({ kind }) => !placementOf(kind).perToken);
  for (const row of context.tables.regimes.filter(({ regime }) => regime === security)) {
    const on = own.filter(({ kind }) => row.allowedPlacements.includes(kind));
    const places = [...new Set(on.map(({ kind, provider }) => `${kind}/${provider}`))].join(', ');
    if (places !== '') addRow(row, `${security} on ${places}`);
  }
  return [...items.values()];
}
