import type { Decision } from '../../decide/decision.js';
import { planKey } from '../../decide/plan.js';
import { kinds } from '../../tables/column.js';
import type { Kind } from '../../tables/columns.js';
import { tableNames } from '../../tables/columns.js';
import type { Prose, Tables } from '../../tables/tables.js';
import { percentChange } from '../../units/amount.js';
import { roundedOrNull } from '../../units/numeric.js';
import type { Problem } from '../../units/problem.js';
import { comparisonSchemaVersion } from '../../units/schema.js';
import { type ReadScenario, withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import { type AssessOptions, assess } from '../assess.js';
import { causesOf, type Judged, planCosts } from './causes.js';
import type { AdviceChange, Comparison, Side, Step, TaskMove } from './comparison.js';
import { areInputsKnown, arePricesKnown, movedInputs, movedPrices, replacedRows, rowChanges } from './moved.js';
import type { Decided } from './read-result.js';

/** Deployment types of every task over its parts, sorted: the advice changes with them. */
function kindsOfTask({ recommendation, options }: Decided): Map<string, Kind[]> {
  const kindOf = new Map(options.map(({ id, kind }) => [id, kind]));
  const byTask = new Map<string, Kind[]>();
  for (const { task, option } of recommendation.assignments) {
    // An id begins with its kind, whatever else is in it.
    const kind = kindOf.get(option) ?? kinds.find((each) => option.startsWith(`${each}/`));
    if (kind !== undefined) byTask.set(task, [...new Set([...(byTask.get(task) ?? []), kind])].sort());
  }
  return byTask;
}

/** Tasks with another deployment type; without those of only one scenario. */
export function taskMoves(before: Decided, after: Decided): TaskMove[] {
  const [old, now] = [kindsOfTask(before), kindsOfTask(after)];
  const everywhere = before.recommendation.status !== after.recommendation.status;
  const all = [...new Set([...old.keys(), ...now.keys()])];
  const shared = all.filter((task) => old.has(task) && now.has(task));
  // If all tasks were renamed, they are reported as one.
  if (!everywhere && shared.length === 0) {
    const kindsIn = (byTask: typeof old): Kind[] => [...new Set([...byTask.values()].flat())].sort();
    const [was, is] = [kindsIn(old), kindsIn(now)];
    return was.join() === is.join() ? [] : [{ task: 'all tasks', before: was, after: is }];
  }
  const tasks = everywhere ? all : shared;
  return tasks.flatMap((task) => {
    const [was, is] = [old.get(task) ?? [], now.get(task) ?? []];
    return was.join() === is.join() ? [] : [{ task, before: was, after: is }];
  });
}

/** A decision to compare: its result, and (`judged`) what it was made of, to try changes. */
export type Compared = {
  name: string;
  decision: Decided;
  judged: Judged | null;
  /** What reading it found. */
  problems?: readonly Problem[];
};

/** A scenario that cannot be read with some tables. */
export type Unread = { name: string; file: string; snapshot: string; asOf: string; why: string[] };

type CompareOptions = {
  tool: { name: string; version: string };
  /** Told how many decisions were made to explain a change. */
  progress?: (decisions: number) => void;
};

/** Changes from one decision to the next, their effect on costs, and whether the advice changed. Pure. */
export function compare(sides: readonly (Compared | Unread)[], { tool, progress }: CompareOptions): Comparison {
  const read = sides.filter((side) => 'decision' in side);
  const steps = read.slice(1).map((after, index) => stepOf(read[index] as Compared, after, progress));
  return {
    schemaVersion: comparisonSchemaVersion,
    tool,
    sides: sides.map((side, index) =>
      'decision' in side
        ? sideOf(
            side,
            sides.slice(0, index).findLast((one) => 'decision' in one),
          )
        : unreadSide(side),
    ),
    steps,
    flips: steps.filter(({ advice }) => advice.change === 'flip').length,
  };
}

/** From one decision to another. */
export function stepOf(before: Compared, after: Compared, progress?: (decisions: number) => void): Step {
  const judged = before.judged !== null && after.judged !== null ? ([before.judged, after.judged] as const) : null;
  const changes = judged && rowChanges(judged[0].context.tables, judged[1].context.tables, tableNames);
  const inputs = movedInputs(before.decision, after.decision, [
    before.judged?.context ?? null,
    after.judged?.context ?? null,
  ]);
  const plans = planCosts(
    { decision: before.decision, context: before.judged?.context ?? null },
    { decision: after.decision, context: after.judged?.context ?? null },
  );
  const replaced = judged === null ? [] : replacedRows(plans, ...judged);
  const prices = movedPrices(before.decision, after.decision, changes, replaced);
  return {
    from: before.name,
    to: after.name,
    inputs,
    inputsKnown: areInputsKnown(before.decision, after.decision),
    prices,
    pricesKnown: changes !== null || arePricesKnown(before.decision, after.decision),
    plans,
    advice: adviceChange(before, after, { inputs, prices, plans }, progress),
  };
}

function adviceChange(
  { decision: before, judged: judgedBefore }: Compared,
  { decision: after, judged: judgedAfter }: Compared,
  { inputs, prices, plans }: Pick<Step, 'inputs' | 'prices' | 'plans'>,
  progress?: (decisions: number) => void,
): AdviceChange {
  const tasks = taskMoves(before, after);
  const planAfter = after.recommendation.plan;
  const keyBefore = planKey(before.recommendation.plan ?? '');
  // One plan has one name, that of its costs.
  const planBefore = plans.find(({ plan }) => planKey(plan) === keyBefore)?.plan ?? null;
  const base = { tasks, planBefore, planAfter };
  if (tasks.length === 0)
    return { change: planBefore === planAfter ? 'same' : 'switch', ...base, explainedBy: [], proof: null };
  if (judgedBefore !== null && judgedAfter !== null) {
    const { causes, proof } = causesOf(judgedBefore, judgedAfter, progress);
    return { change: 'flip', ...base, explainedBy: causes, proof };
  }
  const explainedBy = listedCauses(inputs, prices);
  return { change: 'flip', ...base, explainedBy, proof: explainedBy.length === 0 ? null : 'listed' };
}

/** Changes in the bills of the advised plans, and of the user's inputs. */
const listedCauses = (inputs: Step['inputs'], prices: Step['prices']): AdviceChange['explainedBy'] => [
  ...inputs
    .filter(({ originBefore, originAfter }) => originBefore === 'user' || originAfter === 'user')
    .map(({ path, before, after }) => ({
      what: 'input' as const,
      table: null,
      name: path,
      change: before === null ? ('added' as const) : after === null ? ('removed' as const) : ('changed' as const),
      figures: [{ figure: path, before, after }],
      source: null,
      date: null,
    })),
  ...prices
    .filter(({ billedBefore, billedAfter }) => billedBefore || billedAfter)
    .map(({ table, row, figure, before, after, source, date }) => ({
      what: 'price' as const,
      table,
      name: row,
      change: 'changed' as const,
      figures: [{ figure, before, after }],
      source,
      date,
    })),
];

function sideOf({ name, decision }: Compared, before: Compared | undefined): Side {
  const { scenario, tables, recommendation } = decision;
  const earlier = before?.decision.recommendation;
  const moved = (old: number | null | undefined, now: number | null | undefined): number | null =>
    typeof old === 'number' && typeof now === 'number' ? roundedOrNull(percentChange(old, now)) : null;
  return {
    name,
    file: scenario.file,
    scenario: scenario.name,
    snapshot: tables.snapshot,
    asOf: tables.asOf,
    status: recommendation.status,
    unread: [],
    plan: recommendation.plan,
    label: recommendation.label,
    kinds: recommendation.kinds,
    monthlyCost: recommendation.monthlyCost,
    costChange: moved(earlier?.monthlyCost, recommendation.monthlyCost),
    cheapest: recommendation.cheapest,
    cheapestChange: moved(earlier?.cheapest?.monthlyCost, recommendation.cheapest?.monthlyCost),
  };
}

const unreadSide = ({ name, file, snapshot, asOf, why }: Unread): Side => ({
  name,
  file,
  scenario: '',
  snapshot,
  asOf,
  status: 'unread',
  unread: why,
  plan: null,
  label: null,
  kinds: [],
  monthlyCost: null,
  costChange: null,
  cheapest: null,
  cheapestChange: null,
});

/** What scenarios are judged by. */
export type Judge = { tables: Tables; prose: Prose; asOf: string };

/** How much is decided: the point alone, or (`draws`) how sure it is too. */
type JudgeOptions = Pick<AssessOptions, 'tool' | 'seed' | 'include'> & { draws: boolean };

/** Decides a scenario for a comparison, with what its bills are made of. */
export function decide(read: ReadScenario, { tables, prose, asOf }: Judge, options: JudgeOptions): Decision {
  const { draws, ...rest } = options;
  return assess(read, tables, { ...rest, asOf, prose, point: !draws, basis: true, flips: 'none' });
}

/** What was decided on, so that it can be decided again on other inputs. */
export function judgedBy(read: ReadScenario, { tables: list, prose, asOf }: Judge): Judged {
  const own = withScenarioPrices(read, list, prose);
  return { read, list, prose, context: { workload: resolve(read, own.tables, asOf), tables: own.tables } };
}
