import { type Admitted, admit } from '../core/admitted.js';
import type { CatalogUse } from '../core/catalog.js';
import { type Prepared, prepared } from '../core/decide.js';
import { changedShape, shapeOf } from '../core/shape.js';
import { amongOptions, type Supply, supplyOf, termsOf } from '../core/supply.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { isSame } from '../units/memo.js';
import {
  type Assumptions,
  assumeSame,
  type Needs,
  type Rules,
  type TaskPart,
  type Team,
  type Workload,
} from '../workload/workload.js';

/** One task with all that may serve it, for the next decision to reuse where nothing differs. */
export type TaskCase = {
  context: Context;
  admitted: Admitted;
  /** With the queues known so far. */
  start: Prepared;
  /** Names of assumptions used so far, by the step that used them; later queues add theirs. */
  asked: { supply: ReadonlySet<string>; admission: ReadonlySet<string>; rows: Set<string> };
  /** What is remembered for these assumptions. */
  assumptions: Assumptions;
  /** Options whose places and models alone take part; left out: all do. */
  only?: readonly Option[];
};

export const taskCase = (context: Context): TaskCase => suppliedIn(context, {}, new Set(), 'many decisions');

/** @param known names already used by cached results for the assumptions */
function suppliedIn(
  context: Context,
  assumptions: Assumptions,
  known: ReadonlySet<string>,
  use: CatalogUse,
  only?: readonly Option[],
): TaskCase {
  const { context: noted, asked: names } = noting(context, assumptions, new Set(known));
  const supply = supplyOf(noted, use);
  const some = only === undefined ? supply : amongOptions(supply, only);
  return { ...admittedIn(context, some, names, assumptions, names), ...(only && { only }) };
}

export function admittedIn(
  context: Context,
  { tables, catalog, apis, offers, among }: Supply,
  supply: ReadonlySet<string>,
  assumptions: Assumptions,
  known: ReadonlySet<string>,
  ignore: string | null = null,
): TaskCase {
  const { context: noted, asked: admission } = noting(context, assumptions, new Set(known));
  const admitted = admit({ tables, catalog, apis, offers, ...(among && { among }) }, noted, 'first', ignore);
  return shapedIn(context, admitted, { supply, admission }, assumptions);
}

function shapedIn(
  context: Context,
  admitted: Admitted,
  before: Pick<TaskCase['asked'], 'supply' | 'admission'>,
  assumptions: Assumptions,
): TaskCase {
  const { context: noted, asked: rows } = noting(context, assumptions);
  const start = prepared(shapeOf(admitted, noted));
  return { context, admitted, start, asked: { ...before, rows }, assumptions };
}

/** The case with assumptions that record their use. */
export function noting(
  context: Context,
  assumptions: Assumptions,
  asked = new Set<string>(),
): { context: Context; asked: Set<string> } {
  const { workload } = context;
  const assume = (name: string): number => {
    asked.add(name);
    return workload.assume(name);
  };
  return { context: { ...context, workload: { ...workload, assume, assumptions } }, asked };
}

/** A changed case: all of an earlier one that it leaves as it is, is taken over. */
export function changedCase(before: TaskCase, context: Context, anew = madeAnew(before, context)): TaskCase {
  const { admitted, start, asked, only } = before;
  const areSame = assumeSame(before.context.workload, context.workload);
  const assumptions = areSame ? before.assumptions : {};
  const known = (names: ReadonlySet<string>): ReadonlySet<string> => (areSame ? names : new Set());
  switch (anew) {
    case 'prices': {
      const { context: noted } = noting(context, assumptions, asked.rows);
      const { shape, rows } = start;
      return { ...before, context, start: { shape: changedShape(shape, { context: noted }), rows } };
    }
    case 'rows':
      return { ...shapedIn(context, admitted, asked, assumptions), ...(only && { only }) };
    case 'admission': {
      const made = admittedIn(context, admitted, asked.supply, assumptions, known(asked.admission));
      return { ...made, ...(only && { only }) };
    }
    case 'supply':
      return suppliedIn(context, assumptions, known(asked.supply), 'one decision', only);
  }
}

/**
 * What a change makes anew: prices alone (volume, people, budgets, their assumptions), rows as well (tokens, hours,
 * targets on latency), what the rules allow (needs, data, wishes), or also all that may serve anyone (horizon, regions,
 * sites, tables).
 */
type MadeAnew = 'prices' | 'rows' | 'admission' | 'supply';

export function madeAnew({ context: before, asked }: TaskCase, after: Context): MadeAnew {
  const [one, other] = [before.workload, after.workload];
  const isMoved = (name: string): boolean => one.assume(name) !== other.assume(name);
  if (movesSupply(before, after, asked.supply)) return 'supply';
  if (some(asked.admission, isMoved)) return 'admission';
  if (!isAlikeBut(ofWorkload, one, other)) return 'admission';
  if (!isAlikeBut(ofRules, one.rules, other.rules) || !isAlikeBut(ofTeam, one.team, other.team)) return 'admission';
  const [part, otherPart] = [one, other].map(({ taskParts }) => taskParts[0] as TaskPart) as [TaskPart, TaskPart];
  if (!isAlikeBut(ofParts, part, otherPart) || !isAlikeBut(ofSeen, part.needs, otherPart.needs)) return 'admission';
  const isAlike = isAlikeBut(ofVolume, part, otherPart);
  return isAlike && !some(asked.rows, isMoved) ? 'prices' : 'rows';
}

/** Whether all that may serve anyone is made anew; `asked`: names of assumptions that it used. */
export function movesSupply(before: Context, after: Context, asked: ReadonlySet<string>): boolean {
  const [one, other] = [before.workload, after.workload];
  if (before.tables !== after.tables || termsOf(one) !== termsOf(other)) return true;
  // Engines have the factors of what the user measured.
  return some(asked, (name) => one.assume(name) !== other.assume(name)) || !isSame(one.measured, other.measured);
}

function some<One>(names: ReadonlySet<One>, holds: (name: One) => boolean): boolean {
  for (const name of names) if (holds(name)) return true;
  return false;
}

/** What prices alone depend on, or what is looked at apart. */
const ofWorkload: ReadonlySet<keyof Workload> = new Set([
  ...(['name', 'requestsPerDay', 'today', 'inputs', 'resolvedWith', 'documentTokens'] as const),
  ...(['team', 'rules', 'taskParts', 'assume', 'assumptions', 'measured', 'capacityError', 'near'] as const),
]);
const ofRules: ReadonlySet<keyof Rules> = new Set([
  ...(['budgetMonthlyUsd', 'budgetUpfrontUsd', 'objective', 'failedAnswerUsd', 'weights'] as const),
]);
const ofTeam: ReadonlySet<keyof Team> = new Set(['given', 'freeFte', 'mayHire', 'yearlyCostUsd', 'isLearning']);
const ofVolume: ReadonlySet<keyof TaskPart> = new Set(['requestsPerDay', 'share', 'scales', 'requestFeeUsd']);
/** Fields without a rule on models or places. */
const ofParts: ReadonlySet<keyof TaskPart> = new Set([
  ...ofVolume,
  ...(['tokens', 'hours', 'waits', 'bursts', 'batchable', 'serviceTier', 'needs', 'tools'] as const),
]);
const ofSeen: ReadonlySet<keyof Needs> = new Set([
  ...(['ttftP95Ms', 'presetTtftP95Ms', 'tokensPerSecond', 'totalP95Ms'] as const),
  ...(['contextTokens', 'presetContext'] as const),
]);

/** Whether all but some fields are the same. */
function isAlikeBut<Of extends object>(names: ReadonlySet<keyof Of>, one: Of, other: Of): boolean {
  if (one === other) return true;
  const fields = new Set([...Object.keys(one), ...Object.keys(other)] as (keyof Of)[]);
  return !some(
    fields,
    (field) => one[field] !== other[field] && !names.has(field) && !isSame(one[field], other[field]),
  );
}

/** The case with only the places and models of some options, so that it is decided among these. */
export const narrowedCase = (
  { context, admitted, asked, assumptions }: TaskCase,
  options: readonly Option[],
): TaskCase => ({
  ...admittedIn(context, amongOptions(admitted, options), asked.supply, assumptions, asked.admission),
  only: options,
});

/** Some of all offers, as what is admitted has them. */
export function keptOffers(
  { offers: { units } }: Admitted,
  takes: (offer: number) => boolean,
): Pick<Admitted, 'live' | 'firstLive'> {
  const live: number[] = [];
  const firstLive = new Int32Array(units.count + 1);
  for (let unit = 0; unit < units.count; unit++) {
    firstLive[unit] = live.length;
    const end = units.firstOffer[unit + 1] as number;
    for (let offer = units.firstOffer[unit] as number; offer < end; offer++) if (takes(offer)) live.push(offer);
  }
  firstLive[units.count] = live.length;
  return { live: Int32Array.from(live), firstLive };
}
