import { isUnpriced } from '../cost/curve.js';
import { peopleUsd, staffingOf } from '../cost/people.js';
import { type Candidate, candidateCost, dominates, dropDominated } from '../places/candidate.js';
import type { Option } from '../places/option.js';
import type { Context, Placement } from '../places/placement.js';
import { placementOf, placements } from '../places/registry.js';
import type { Row } from '../places/row.js';
import type { TaskColumns } from '../places/task-columns.js';
import { devices } from '../rules/place.js';
import { gates, neverLoosened, planGates } from '../rules/registry.js';
import { type Gate, mayRun } from '../rules/rule.js';
import { certainlyAbove } from '../units/float.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { planUsd } from './assignment.js';
import { candidatesOf } from './candidates.js';
import { type Filtered, filterBy, rulesAlone, waysWithout } from './filter.js';
import type { OfferScope } from './offered.js';
import { failedGates, type Looked, lookAt, planVerdicts } from './option-report.js';
import { type Plan, planPhrase } from './plan.js';
import { type Reason, reason, review } from './review.js';
import { cheapestPlan } from './ways.js';
import { workloadOf } from './workload.js';

const shown = 6;
/** Of what is cheapest without a rule so many are looked at. */
export const missesTried = 6;
const fewest = 3;

export type Miss = { looked: Looked; task: string; gate: string };

/**
 * Nothing fits: for every rule and task the cheapest option that this rule alone turns down, cheapest first. Rules about
 * the whole plan, and those of other tasks, may turn it down too; one of the cheapest few that they let pass goes before.
 * Where a rule turns at a number, the API that misses it by least is told too: the cheapest may miss it by far. Where nothing
 * that a scenario says lets the cheapest pass, so is the cheapest API that something does.
 */
export function nearMisses(context: Context, source: MissSource = missesAmongCandidates(context)): Miss[] {
  const { workload } = context;
  const found = new Map<string, Miss>();
  const least = new Map<Miss, Miss>();
  /** What is seen on machines is not told beforehand. */
  const mayBeAlone = ({ id, level }: Gate): boolean => level === 'service' || source.isAlone(id);
  const asked = gates.filter(
    (gate) => mayBeAlone(gate) && workload.taskParts.some((taskPart) => gate.asks?.(taskPart, context) ?? true),
  );
  // Without any rule ignored only rules about the whole plan are left to fail.
  for (const ignore of [...asked, null]) {
    const optionsFor = source.without(ignore);
    for (const [s, taskPart] of workload.taskParts.entries()) {
      let nearest: Miss | null = null;
      const { cheapest, apis } = optionsFor(s);
      for (const option of cheapest.slice(0, missesTried)) {
        const looked = lookAt(option(), context);
        const failed = failedGates(looked);
        const miss = failed.find(({ task, gate }) =>
          ignore === null ? planGates.some(({ id }) => id === gate) : task === taskPart.task && gate === ignore.id,
        );
        if (miss === undefined) continue;
        const alone = failed.length === 1;
        if (nearest === null || alone) nearest = { looked, task: miss.task, gate: miss.gate };
        if (alone) break;
      }
      if (ignore?.id === devices.id) nearest = onMostDevices(s, context) ?? nearest;
      if (nearest === null) continue;
      const key = `${nearest.gate} ${nearest.task}`;
      if (found.has(key)) continue;
      found.set(key, nearest);
      const closer = ignore && leastShort(apis, ignore, taskPart, context);
      if (closer !== null && closer.looked.option.id !== nearest.looked.option.id) least.set(nearest, closer);
    }
  }
  if (found.size === 0) return closest(context);
  const cheapest = cheapestFirst([...found.values()]).slice(0, shown);
  return cheapestFirst(cheapest.flatMap((miss) => [miss, least.get(miss) ?? []].flat()));
}

/** Where options come from that one rule alone turns down. */
export type MissSource = {
  /** Whether a rule alone turns some option down, as far as that is told without a machine. */
  isAlone(rule: string): boolean;
  /** Of a task, by its place: what is cheapest without a rule (null: under all of them), and the APIs that could be the whole plan. */
  without(
    rule: Gate | null,
  ): (task: number) => { cheapest: readonly (() => Option)[]; apis: readonly (() => Option)[] };
};

/** All that placements list without a rule. */
function missesAmongCandidates(context: Context): MissSource {
  const rules = context.workload.taskParts.map((taskPart) => rulesAlone(taskPart, context));
  const strict = admitted(context, null, null);
  const optionsOf = (ranked: readonly Ranked[]) => ranked.map(({ candidate }) => candidate.option);
  return {
    isAlone: (rule) => rules.some(({ alone }) => alone.has(rule)),
    without(rule) {
      const { apis, machines } = rule === null ? strict : admitted(context, rule, strict);
      return (s) => {
        const ranked = rankedFor(s, [...apis, ...machines], context);
        // What a rule about the whole plan is missed by, is told of what could be a whole plan.
        const whole = rule === null ? ranked.filter(({ servesAll }) => servesAll) : [];
        const all = rankedFor(s, apis, context).filter(({ servesAll }) => servesAll);
        return { cheapest: optionsOf(whole.length > 0 ? whole : ranked), apis: optionsOf(all) };
      };
    },
  };
}

/** Of the models that not all devices run, the one that most of them do, then the one that lacks least memory. */
function onMostDevices(s: number, context: Context): Miss | null {
  const taskPart = context.workload.taskParts[s] as TaskPart;
  const { filter } = filterBy(context, { ignore: devices.id });
  const found = placements
    .flatMap(({ candidates }) => candidates?.(context, filter) ?? [])
    .flatMap(({ linear, option }) => {
      const placed = Number.isNaN(linear[s] as number) ? null : option();
      if (placed === null || placed.onDevices === null) return [];
      const { havePercent = 0, needGb = 0, roomGb = 0 } = devices.check(placed, taskPart, context, null).why().figures;
      return [{ placed, havePercent, lackGb: needGb - roomGb }];
    })
    .sort((a, b) => b.havePercent - a.havePercent || a.lackGb - b.lackGb);
  const [best] = found;
  return best === undefined ? null : { looked: lookAt(best.placed, context), task: taskPart.task, gate: devices.id };
}

/**
 * What could be the whole plan if it were not for a rule, and what turns that: with the number nearest to the one asked for; of
 * equals, and where there is no number, the cheapest.
 */
function leastShort(apis: readonly (() => Option)[], gate: Gate, taskPart: TaskPart, context: Context): Miss | null {
  const short = apis.flatMap((api) => {
    const option = api();
    const service = gate.level === 'service' ? placementOf(option.kind).service(option, taskPart, context) : null;
    const verdict = gate.check(option, taskPart, context, service === null || isUnpriced(service) ? null : service);
    const { turnsAt, figures } = verdict.why();
    const { have, need } = figures;
    if (turnsAt === null) return [];
    return [{ option, by: have === undefined || need === undefined ? 0 : Math.abs(have - need) }];
  });
  for (const { option } of short.sort((a, b) => a.by - b.by).slice(0, missesTried)) {
    const looked = lookAt(option, context);
    const [first, ...others] = failedGates(looked);
    if (first?.gate === gate.id && others.length === 0) return { looked, task: taskPart.task, gate: gate.id };
  }
  return null;
}

/**
 * APIs that rules let in; and of all else what may be among the cheapest few of some task part, or of what serves all of them where
 * no rule is left out.
 */
type Admitted = { apis: Candidate[]; machines: Candidate[]; columns: TaskColumns };

const [tokenKinds, machineKinds] = [true, false].map((perToken) =>
  placements.filter((placement) => placement.perToken === perToken),
) as [Placement[], Placement[]];

/**
 * What is let in without a rule (null: under all of them).
 *
 * @param strict what all rules together let in: it bounds what is worth looking at
 */
export function admitted(context: Context, ignore: Gate | null, strict: Admitted | null): Admitted {
  const { taskParts } = context.workload;
  const rule = ignore === null ? {} : { ignore: ignore.id };
  // What the rule lets pass anyway is among what all rules let in (`strict`): it is not looked at anew.
  const { filter: open } = filterBy(context, { ...rule, blamedAlone: strict !== null });
  const blamedApis = tokenKinds.flatMap((kind) => candidatesOf(kind, context, open));
  const isBlamed = new Set(blamedApis.map(({ option }) => option().id));
  const apis = [...blamedApis, ...(strict?.apis ?? []).filter(({ option }) => !isBlamed.has(option().id))];
  const columns = strict?.columns ?? workloadOf(context);
  // For rules about whole plans, what serves everything is looked for as well.
  const rankings: Ranking[] = [
    ...taskParts.map((_, s) => ({
      set: (serves: number) => (serves === columns.all ? serves : serves & (1 << (columns.bundles.of[s] as number))),
      of: (candidates: readonly Candidate[]) => rankedFor(s, candidates, context),
    })),
    ...(strict === null && taskParts.length > 1
      ? [
          {
            set: (serves: number) => (serves === columns.all ? serves : 0),
            of: (candidates: readonly Candidate[]) =>
              rankedFor(0, candidates, context).filter(({ servesAll }) => servesAll),
          },
        ]
      : []),
  ];
  let below = rankings.map(() => Number.POSITIVE_INFINITY);
  /** Cheap machines first: what is found bounds (`early`) what may be among the cheapest few. */
  const look = (known: readonly Candidate[], early: boolean): Candidate[] => {
    const few = rankings.map((ranking) => cheapestFew(ranking.of, [...apis, ...known]));
    const note = (found: readonly Candidate[]): void => {
      below = below.map((usd, n) => Math.min(usd, (few[n] as (typeof few)[number])(found) * certainlyAbove));
    };
    if (early) note([]);
    const { filter } = filterBy(context, { ...rule, blamedAlone: strict !== null && early });
    const found = machineKinds.flatMap((kind) => kind.candidates?.(context, filter) ?? []);
    const groups = machineKinds
      .flatMap((kind) => kind.groups?.(context, filter, columns) ?? [])
      .sort((a, b) => a.floorUsd - b.floorUsd);
    const bounds = new Float64Array(columns.all + 1);
    const isCheap = (row: Row, peopleUsd: number): boolean => {
      row.least(bounds);
      return rankings.some(({ set }, n) => {
        const served = set(row.serves);
        return served !== 0 && (bounds[served] as number) + peopleUsd < (below[n] as number);
      });
    };
    if (early) note(found);
    for (const group of groups) {
      const { staffs, fewestUnits } = group;
      const peopleUsdOf = Math.min(
        ...staffs.map((staff) =>
          peopleUsd(
            staffingOf(
              [{ provider: '', staff, model: null, machines: fewestUnits, onCall: 0, requestsPerDay: 0 }],
              context.workload.assume,
            ),
            context.workload,
          ),
        ),
      );
      if (group.floorUsd + peopleUsdOf >= Math.max(...below)) continue;
      // Of what misses its targets, others may make way for the next.
      let here: Row[] = [];
      for (let isOpen = true; isOpen; ) {
        here = group.rows(Math.max(...below) - peopleUsdOf).filter((row) => isCheap(row, peopleUsdOf));
        const open = here.filter(({ isExact }) => !isExact);
        for (const row of open) group.confirm(row);
        isOpen = open.length > 0;
      }
      const candidates = here.map((row) => row.candidate());
      found.push(...candidates);
      if (early) note(candidates);
    }
    // What is found without the rule stands for itself under it.
    const isFound = new Set(found.map(({ option }) => option().id));
    const all = [...found, ...known.filter(({ option }) => !isFound.has(option().id))];
    return machineKinds.flatMap(({ kind }) => dropDominated(all.filter((one) => one.kind === kind)));
  };
  // What the rule turns down for a task may be cut otherwise without it: it is looked at anew.
  const isBlamedFor = ({ linear, option }: Candidate): boolean =>
    ignore !== null &&
    taskParts.some((taskPart, s) =>
      ignore.level === 'service'
        ? Number.isNaN(linear[s] as number) && (ignore.asks?.(taskPart, context) ?? true)
        : !mayRun(ignore.check(option(), taskPart, context, null)),
    );
  const unchanged = (strict?.machines ?? []).filter((one) => !isBlamedFor(one));
  let machines = look(unchanged, true);
  const most = () => rankings.map((ranking) => lastOf(ranking.of([...apis, ...machines])) * certainlyAbove);
  // One that is found may stand for several of those that bounded it: then dearer ones may be among the cheapest few.
  for (let last = most(); last.some((usd, n) => usd > (below[n] as number) * certainlyAbove); last = most()) {
    below = last;
    machines = look([], false);
  }
  return { apis, machines, columns };
}

/** Candidates for a task, or for all, by what they cost; `set`: the tasks of those that one may serve that count. */
type Ranking = { set(serves: number): number; of(candidates: readonly Candidate[]): Ranked[] };

/** What the last of the cheapest few costs; infinite where they are fewer. */
const lastOf = (ranked: readonly Ranked[]): number => ranked[missesTried - 1]?.usd ?? Number.POSITIVE_INFINITY;

/**
 * Takes candidates that are found one after another, and tells what the last of the cheapest few costs, those known at `first` among
 * them: what others stand for is none of them.
 */
function cheapestFew(
  ranked: (candidates: readonly Candidate[]) => readonly Ranked[],
  first: readonly Candidate[],
): (found: readonly Candidate[]) => number {
  let few = ranked(first).slice(0, missesTried);
  return (found) => {
    for (const one of ranked(found)) {
      if (one.usd >= lastOf(few)) break;
      if (few.some(({ candidate }) => dominates(candidate, one.candidate))) continue;
      few = [...few.filter(({ candidate }) => !dominates(one.candidate, candidate)), one];
      few = few.sort((a, b) => a.usd - b.usd).slice(0, missesTried);
    }
    return lastOf(few);
  };
}

type Ranked = { candidate: Candidate; servesAll: boolean; usd: number };

/** Candidates that may serve a task part by what they cost with their people, serving all there is where they may. */
export function rankedFor(s: number, candidates: readonly Candidate[], { workload }: Context): Ranked[] {
  const ranked: Ranked[] = [];
  for (const candidate of candidates) {
    if (Number.isNaN(candidate.linear[s] as number)) continue;
    const servesAll = !candidate.linear.some(Number.isNaN);
    ranked.push({ candidate, servesAll, usd: aloneUsd(candidate, servesAll ? null : s, workload) });
  }
  return ranked.sort((a, b) => a.usd - b.usd);
}

/** What candidates cost with one task part alone, and at the end with all: the same ones are ranked for every rule anew. */
const knownUsd = new WeakMap<Workload, WeakMap<Candidate, Float64Array>>();

function aloneUsd(candidate: Candidate, s: number | null, workload: Workload): number {
  const ofWorkload = knownUsd.get(workload) ?? new WeakMap<Candidate, Float64Array>();
  knownUsd.set(workload, ofWorkload);
  const count = workload.taskParts.length;
  const known = ofWorkload.get(candidate) ?? new Float64Array(count + 1).fill(Number.NaN);
  ofWorkload.set(candidate, known);
  const at = s ?? count;
  if (Number.isNaN(known[at] as number)) {
    const taskParts = s === null ? workload.taskParts.map((_, one) => one) : [s];
    known[at] = planUsd([{ candidate, taskParts }], workload);
  }
  return known[at] as number;
}

/** No rule alone is to blame: the APIs that fewest rules turn down, then the cheapest, each with the first of its rules. */
function closest(context: Context): Miss[] {
  const { workload } = context;
  const all = workload.taskParts.map((_, s) => s);
  const open = filterBy(context, { ignoreAll: true }).filter;
  const strict = filterBy(context);
  const ranked = placements
    .filter(({ perToken }) => perToken)
    .flatMap((placement) =>
      candidatesOf(placement, context, open).flatMap((candidate) => {
        const usd = candidateCost(candidate, all, workload);
        const option = candidate.option();
        const failed = failuresOf(option, placement, strict, context);
        const [first] = failed;
        const rules = new Set(failed.map(({ gate }) => gate)).size;
        return Number.isNaN(usd) || first === undefined ? [] : [{ option, usd, rules, ...first }];
      }),
    )
    .sort((a, b) => a.rules - b.rules || a.usd - b.usd)
    .slice(0, fewest);
  return ranked.map(({ option, task, gate }) => ({ looked: lookAt(option, context), task, gate }));
}

/** Every rule that turns an option down for a task, what the task would see of it included. */
function failuresOf(option: Option, placement: Placement, { failing }: Filtered, context: Context) {
  return context.workload.taskParts.flatMap((taskPart) => {
    const service = placement.service(option, taskPart, context);
    const gates = failing(option, taskPart, isUnpriced(service) ? null : service);
    return gates.map((gate) => ({ gate, task: taskPart.task }));
  });
}

/**
 * Something fits: for every rule the cheapest API, and the cheapest model on devices, that would undercut the plan and that
 * this rule alone turns down; where the rule turns at a number, what misses it by least is told too.
 */
export function cheaperMisses(context: Context, planUsd: number): Miss[] {
  const { workload } = context;
  const all = workload.taskParts.map((_, s) => s);
  type Short = { option: Option; usd: number; task: string; gate: string; by: number };
  const [cheapest, closest] = [new Map<string, Short>(), new Map<string, Short>()];
  const open = filterBy(context, { ignoreAll: true }).filter;
  const strict = filterBy(context);
  for (const placement of placements) {
    for (const candidate of placement.candidates?.(context, open) ?? []) {
      const usd = candidateCost(candidate, all, workload);
      if (!(usd < planUsd)) continue;
      const option = candidate.option();
      const failed = failuresOf(option, placement, strict, context);
      const [first] = failed;
      if (first === undefined || failed.some(({ gate }) => gate !== first.gate)) continue;
      // People are left out here, so what needs few and what needs many are not compared.
      const key = `${first.gate} ${placement.perToken}`;
      const miss = { option, usd, ...first, by: shortBy(option, first, placement, context) };
      if (!(usd >= (cheapest.get(key)?.usd ?? Number.POSITIVE_INFINITY))) cheapest.set(key, miss);
      if (miss.by < (closest.get(key)?.by ?? Number.POSITIVE_INFINITY)) closest.set(key, miss);
    }
  }
  const lookedAt = (some: ReadonlyMap<string, Short>): Miss[] =>
    cheapestFirst(
      [...some.values()]
        .map(({ option, task, gate }) => ({ looked: lookAt(option, context), task, gate }))
        .filter(({ looked }) => looked.plan !== null && looked.plan.monthlyUsd < planUsd),
    ).slice(0, shown);
  const told = new Map([...lookedAt(cheapest), ...lookedAt(closest)].map((miss) => [miss.looked.option.id, miss]));
  return cheapestFirst([...told.values()]);
}

/** By which ratio, as a logarithm, an option misses the number at which a rule turns; without bound where there is none. */
function shortBy(
  option: Option,
  { task, gate: id }: { task: string; gate: string },
  placement: Placement,
  context: Context,
): number {
  const gate = gates.find((one) => one.id === id);
  const taskPart = context.workload.taskParts.find((one) => one.task === task);
  if (gate === undefined || taskPart === undefined) return Number.POSITIVE_INFINITY;
  const service = gate.level === 'service' ? placement.service(option, taskPart, context) : null;
  const { turnsAt, figures } = gate
    .check(option, taskPart, context, service === null || isUnpriced(service) ? null : service)
    .why();
  const { have, need } = figures;
  return turnsAt === null || !have || !need ? Number.POSITIVE_INFINITY : Math.abs(Math.log(have / need));
}

function cheapestFirst(misses: Miss[]): Miss[] {
  const cost = ({ looked }: Miss) => looked.plan?.monthlyUsd ?? Number.POSITIVE_INFINITY;
  return misses.sort((a, b) => cost(a) - cost(b));
}

/** As many are told. */
const shownRules = 3;

/**
 * Nothing fits: the cheapest plans, of several places where it takes them, that would if it were not for one rule, as far as no
 * option alone tells. Left out in turn are the limits on money and on people, unless an option misses one of them alone, and,
 * where no option misses any rule alone, each rule that alone turns some option down for a task or a part of one; none for the data
 * that only a looser one would let pass.
 *
 * @param alone rules that an option misses alone
 */
export function oneRuleAway(context: Context, alone: ReadonlySet<string>): Reason[] {
  const { workload } = context;
  const { rules, team } = workload;
  const unlimited: Context[] = [
    ...(alone.has('budget') || (rules.budgetMonthlyUsd === null && rules.budgetUpfrontUsd === null)
      ? []
      : [
          {
            ...context,
            workload: { ...workload, rules: { ...rules, budgetMonthlyUsd: null, budgetUpfrontUsd: null } },
          },
        ]),
    ...(alone.has('team') || team.mayHire
      ? []
      : [{ ...context, workload: { ...workload, team: { ...team, mayHire: true } } }]),
  ];
  const { anyRule, rule } = waysWithout(context);
  let cheapest: Plan[] = [];
  const look = (then: Context, scope: OfferScope): void => {
    // What costs more than those that are told does not matter.
    const below = cheapest[shownRules - 1]?.monthlyUsd;
    const plan = cheapestPlan(then, { ...scope, ...(below !== undefined && { below }) });
    if (plan === null || cheapest.some(({ id }) => id === plan.id)) return;
    cheapest = [...cheapest, plan].sort((one, other) => one.monthlyUsd - other.monthlyUsd).slice(0, shownRules);
  };
  for (const then of unlimited) look(then, { ways: anyRule });
  if (alone.size === 0)
    for (const gate of gates) if (!neverLoosened.has(gate.id)) look(context, { ignore: gate.id, ways: rule(gate) });
  return cheapest.map((plan) => reasonFor(plan, context));
}

function reasonFor(plan: Plan, context: Context): Reason {
  const failing = [...review(plan, context).verdicts, ...planVerdicts(plan, context)].filter(
    ({ verdict }) => !mayRun(verdict),
  );
  const whys = failing.map(({ verdict }) => verdict.why());
  const gate = failing[0]?.gate ?? '';
  return reason(
    'one-rule-away',
    'but for the rule {gate} this would do, {cost:usd} a month: {plan} ({why})',
    { gate, plan: planPhrase(plan, context.tables), why: [...new Set(whys.map((why) => why.reason))].join('; ') },
    { ...whys[0]?.figures, cost: plan.monthlyUsd },
  );
}
