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
import { causesOf, type Judged, listedCauses, planCosts } from './causes.js';
import type { Comparison, Side, Step, TaskMove } from './comparison.js';
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
  const moved = (task: string, was: readonly Kind[] = [], is: readonly Kind[] = []): TaskMove[] =>
    was.join() === is.join() ? [] : [{ task, before: [...was], after: [...is] }];
  const everywhere = before.recommendation.status !== after.recommendation.status;
  const all = [...new Set([...old.keys(), ...now.keys()])];
  const tasks = everywhere ? all : all.filter((task) => old.has(task) && now.has(task));
  if (everywhere || tasks.length > 0) return tasks.flatMap((task) => moved(task, old.get(task), now.get(task)));
  // If all tasks were renamed, they are reported as one.
  const kindsIn = (byTask: typeof old): Kind[] => [...new Set([...byTask.values()].flat())].sort();
  return moved('all tasks', kindsIn(old), kindsIn(now));
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
      sideOf(side, sides.slice(0, index).findLast((one) => 'decision' in one)?.decision),
    ),
    steps,
    flips: steps.filter(({ advice }) => advice.change === 'flip').length,
  };
}

/** From one decision to another. */
export function stepOf(before: Compared, after: Compared, progress?: (decisions: number) => void): Step {
  const judged = before.judged !== null && after.judged !== null ? ([before.judged, after.judged] as const) : null;
  const changes = judged && rowChanges(judged[0].context.tables, judged[1].context.tables, tableNames);
  const contexts = [before.judged?.context ?? null, after.judged?.context ?? null] as const;
  const inputs = movedInputs(before.decision, after.decision, contexts);
  const plans = planCosts(
    { decision: before.decision, context: contexts[0] },
    { decision: after.decision, context: contexts[1] },
  );
  const replaced = judged === null ? [] : replacedRows(plans, ...judged);
  const prices = movedPrices(before.decision, after.decision, changes, replaced);
  const tasks = taskMoves(before.decision, after.decision);
  const explain = () => (judged === null ? listedCauses(inputs, prices) : causesOf(...judged, progress));
  const { causes, proof } = tasks.length === 0 ? { causes: [], proof: null } : explain();
  const planAfter = after.decision.recommendation.plan;
  const keyBefore = planKey(before.decision.recommendation.plan ?? '');
  // One plan has one name, that of its costs.
  const planBefore = plans.find(({ plan }) => planKey(plan) === keyBefore)?.plan ?? null;
  const otherPlan = planBefore === planAfter ? 'same' : 'switch';
  return {
    from: before.name,
    to: after.name,
    inputs,
    inputsKnown: areInputsKnown(before.decision, after.decision),
    prices,
    pricesKnown: changes !== null || arePricesKnown(before.decision, after.decision),
    plans,
    advice: {
      change: tasks.length > 0 ? 'flip' : otherPlan,
      tasks,
      planBefore,
      planAfter,
      explainedBy: causes,
      proof,
    },
  };
}

/** A side as it is told, beside the last one before it that could be read. */
function sideOf(side: Compared | Unread, earlier: Decided | undefined): Side {
  const decision = 'decision' in side ? side.decision : null;
  const { snapshot, asOf } = 'decision' in side ? side.decision.tables : side;
  const [old, now] = [earlier?.recommendation, decision?.recommendation];
  const moved = (from: number | null = null, to: number | null = null): number | null =>
    from === null || to === null ? null : roundedOrNull(percentChange(from, to));
  return {
    name: side.name,
    file: 'decision' in side ? side.decision.scenario.file : side.file,
    scenario: decision?.scenario.name ?? '',
    snapshot,
    asOf,
    status: now?.status ?? 'unread',
    unread: 'why' in side ? side.why : [],
    plan: now?.plan ?? null,
    label: now?.label ?? null,
    kinds: now?.kinds ?? [],
    monthlyCost: now?.monthlyCost ?? null,
    costChange: moved(old?.monthlyCost, now?.monthlyCost),
    cheapest: now?.cheapest ?? null,
    cheapestChange: moved(old?.cheapest?.monthlyCost, now?.cheapest?.monthlyCost),
  };
}

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
