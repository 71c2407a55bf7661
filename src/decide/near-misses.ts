import { admit } from '../core/admitted.js';
import { apiBills, apiService } from '../core/api-bills.js';
import { apiPrices } from '../core/apis.js';
import { ownModelAt } from '../core/catalog.js';
import { billApis } from '../core/people.js';
import { type Supply, supplyOf } from '../core/supply.js';
import { at, isUnpriced } from '../cost/curve.js';
import { optionOnDevices } from '../places/device.js';
import type { Option } from '../places/option.js';
import type { Context, TaskService } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { devices } from '../rules/place.js';
import { gates, neverLoosened, planGates } from '../rules/registry.js';
import { type Gate, mayRun, type Why } from '../rules/rule.js';
import { aloneIn } from '../several/tasks.js';
import { placesUpTo } from '../units/columns.js';
import { filled } from '../units/numeric.js';
import type { TaskPart } from '../workload/workload.js';
import { failedGates, type Looked, lookAt, verdictsOf } from './option-report.js';
import { type Plan, planPhrase } from './plan.js';
import { type Reason, reason, seenOn } from './review.js';
import { searchByCost, severalCase, tracedCase } from './several-case.js';
import { type Missing, missesIn, missesTried, withoutTarget } from './task-misses.js';

/** An option with its bill for all tasks (USD a month; NaN: unknown), and every rule that excludes it, by task. */
type RuledOption = { option: Option; usd: number; failed: readonly { gate: string; task: string }[] };

/** Every API with its bill and what all rules say of it. */
function ruledApis(context: Context, supply: Supply = supplyOf(context)): RuledOption[] {
  const { apis } = supply;
  const { workload } = context;
  const all = placesUpTo(apis.count);
  const usd = new Float64Array(apis.count);
  const once = new Float64Array(apis.count);
  const bits = workload.taskParts.map((taskPart) => {
    const alone = aloneIn(context, taskPart);
    const admitted = admit(supply, alone, 'all');
    const service = apiService(apis, alone);
    const priced = { ...admitted, api: all, apiPrices: apiPrices(apis, all, taskPart, alone) };
    const bills = apiBills(priced, all, service.firstTokenMs, alone);
    const billed = billApis(bills, taskPart, taskPart.requestsPerDay, workload);
    for (let api = 0; api < apis.count; api++) {
      usd[api] = (usd[api] as number) + (billed[api] as number) - (bills.fixed[api] as number);
      once[api] = Math.max(once[api] as number, bills.fixed[api] as number);
    }
    return admitted.verdicts.apis.map((failed, api) => failed | (service.bits[api] as number));
  });
  const whole = filled(apis.count, (api) => (usd[api] as number) + (once[api] as number));
  return Array.from(all, (api) => ({
    option: apis.option[api] as Option,
    usd: whole[api] as number,
    failed: workload.taskParts.flatMap(({ task }, t) =>
      rulesIn(bits[t]?.[api] as number).map((gate) => ({ gate, task })),
    ),
  }));
}

const rulesIn = (bits: number): string[] =>
  bits === 0 ? [] : gates.flatMap(({ id }, place) => (((bits >> place) & 1) === 1 ? [id] : []));

/** Every model on devices in every scheme that these load. */
export function ruledDevices(context: Context, { catalog }: Supply = supplyOf(context)): RuledOption[] {
  const { workload } = context;
  if (workload.devices === null) return [];
  const { items, schemes } = catalog;
  const { price, service } = placementOf('edge');
  return Array.from(placesUpTo(items.count))
    .filter((item) => schemes[items.scheme[item] as number]?.batchedServing === false)
    .flatMap((item) => {
      const option = optionOnDevices(ownModelAt(catalog, item), null);
      const lines = price(option, workload.taskParts, context);
      if (isUnpriced(lines)) return [];
      const usd = lines.reduce((sum, { curve }) => sum + at(curve, workload.requestsPerDay), 0);
      const failed = workload.taskParts.flatMap((taskPart) => {
        const seen = service(option, taskPart, context) as TaskService;
        return failedBy(option, taskPart, context, seen).map((gate) => ({ gate, task: taskPart.task }));
      });
      return [{ option, usd, failed }];
    });
}

/** Every rule that turns an option down for a task. */
const failedBy = (option: Option, taskPart: TaskPart, context: Context, seen: TaskService): string[] =>
  gates
    .filter((gate) => (gate.asks?.(taskPart, context) ?? true) && !mayRun(gate.check(option, taskPart, context, seen)))
    .map(({ id }) => id);

const shown = 6;
const fewest = 3;

export type Miss = { looked: Looked; task: string; gate: string };

/**
 * Nothing fits: for every rule and task the cheapest option that this rule alone excludes, cheapest first. Rules on the
 * whole plan and on other tasks may exclude it too; of the cheapest few, one that they allow goes first. For a rule
 * with a number also the API that misses it by least; where no change of the scenario allows the cheapest, also the
 * cheapest API that one does.
 */
export function nearMisses(context: Context): Miss[] {
  const { workload } = context;
  const source = missesIn(context);
  const found = new Map<string, Miss>();
  const least = new Map<Miss, Miss>();
  /** Latency on machines and devices is not known beforehand. */
  const mayBeAlone = ({ id, level }: Gate): boolean =>
    level === 'service' || (id === devices.id && workload.devices !== null) || source.isAlone(id);
  const asked = gates.filter(
    (gate) => mayBeAlone(gate) && workload.taskParts.some((taskPart) => gate.asks?.(taskPart, context) ?? true),
  );
  // Without any rule ignored only rules about the whole plan are left to fail.
  for (const ignore of [...asked, null]) {
    const optionsFor = source.without(ignore);
    for (const [s, taskPart] of workload.taskParts.entries()) {
      let nearest: Miss | null = null;
      const { cheapest, apis } = optionsFor[s] as Missing;
      for (const option of cheapest.slice(0, missesTried)) {
        const looked = lookAt(option, context);
        const failed = failedGates(looked);
        const miss = failed.find(({ task, gate }) =>
          ignore === null ? planGates.some(({ id }) => id === gate) : task === taskPart.task && gate === ignore.id,
        );
        if (miss === undefined) continue;
        const alone = failed.length === 1;
        if (nearest === null || alone) nearest = { looked, task: miss.task, gate: miss.gate };
        if (alone) break;
      }
      if (ignore?.id === devices.id) nearest = onMostDevices(taskPart, context) ?? nearest;
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

/** Of the models that not all devices run, the one that most of them run, then the one that lacks least memory. */
function onMostDevices(taskPart: TaskPart, context: Context): Miss | null {
  const found = ruledDevices(context).flatMap(({ option, failed }) => {
    const own = failed.filter(({ task }) => task === taskPart.task);
    if (own.some(({ gate }) => gate !== devices.id)) return [];
    const { havePercent = 0, needGb = 0, roomGb = 0 } = devices.check(option, taskPart, context, null).why().figures;
    return [{ option, havePercent, lackGb: needGb - roomGb }];
  });
  const [best] = found.sort((a, b) => b.havePercent - a.havePercent || a.lackGb - b.lackGb);
  return best === undefined ? null : { looked: lookAt(best.option, context), task: taskPart.task, gate: devices.id };
}

/**
 * What could be the whole plan without a rule, and what changes that: the one nearest to the required number; of
 * equals, and where there is no number, the cheapest.
 */
function leastShort(apis: readonly Option[], gate: Gate, taskPart: TaskPart, context: Context): Miss | null {
  const short = apis.flatMap((option) => {
    const { turnsAt, figures } = whyOf(gate, option, taskPart, context);
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

/** Why a rule says what it says of an option. */
const whyOf = (gate: Gate, option: Option, taskPart: TaskPart, context: Context): Why =>
  gate.check(option, taskPart, context, gate.level === 'service' ? seenOn(option, taskPart, context) : null).why();

/** No rule alone excludes them: the APIs with the fewest failed rules, then the cheapest, each with its first rule. */
function closest(context: Context): Miss[] {
  return ruledApis(context)
    .flatMap(({ option, usd, failed }) => {
      const [first] = failed;
      const rules = new Set(failed.map(({ gate }) => gate)).size;
      return Number.isNaN(usd) || first === undefined ? [] : [{ option, usd, rules, ...first }];
    })
    .sort((a, b) => a.rules - b.rules || a.usd - b.usd)
    .slice(0, fewest)
    .map(({ option, task, gate }) => ({ looked: lookAt(option, context), task, gate }));
}

/** An option that one rule alone excludes, and by how much it misses that rule's number. */
type Short = RuledOption & { task: string; gate: string; by: number };

/** For every rule the cheapest API and model on devices that it alone excludes, and those that miss it by least. */
function turnedDownAlone(
  context: Context,
  belowUsd: number,
): Record<'cheapest' | 'closest', ReadonlyMap<string, Short>> {
  const [cheapest, closestTo] = [new Map<string, Short>(), new Map<string, Short>()];
  for (const one of [...ruledApis(context), ...ruledDevices(context)]) {
    const { option, usd, failed } = one;
    const [first] = failed;
    if (!(usd < belowUsd) || first === undefined || failed.some(({ gate }) => gate !== first.gate)) continue;
    // People are left out here, so what needs few and what needs many are not compared.
    const key = `${first.gate} ${option.onDevices === null}`;
    const miss = { ...one, ...first, by: shortBy(option, first, context) };
    if (!(usd >= (cheapest.get(key)?.usd ?? Number.POSITIVE_INFINITY))) cheapest.set(key, miss);
    if (miss.by < (closestTo.get(key)?.by ?? Number.POSITIVE_INFINITY)) closestTo.set(key, miss);
  }
  return { cheapest, closest: closestTo };
}

/** Options that would serve without one rule: of each rule the cheapest, and the nearest to what it requires. */
export function optionsTurnedDown(context: Context): Option[] {
  const { cheapest, closest: nearest } = turnedDownAlone(context, Number.POSITIVE_INFINITY);
  return [...cheapest.values(), ...nearest.values()].map(({ option }) => option);
}

/**
 * Something fits: for every rule the cheapest API and model on devices that it alone excludes and that cost less than
 * the plan; for a rule with a number also what misses it by least.
 */
export function cheaperMisses(context: Context, planUsd: number): Miss[] {
  const { cheapest, closest: nearest } = turnedDownAlone(context, planUsd);
  const lookedAt = (some: ReadonlyMap<string, Short>): Miss[] =>
    cheapestFirst(
      [...some.values()]
        .map(({ option, task, gate }) => ({ looked: lookAt(option, context), task, gate }))
        .filter(({ looked }) => looked.plan !== null && looked.plan.monthlyUsd < planUsd),
    ).slice(0, shown);
  const told = new Map([...lookedAt(cheapest), ...lookedAt(nearest)].map((miss) => [miss.looked.option.id, miss]));
  return cheapestFirst([...told.values()]);
}

/** By which ratio, as a logarithm, an option misses the number of a rule; infinite where there is none. */
function shortBy(option: Option, { task, gate: id }: { task: string; gate: string }, context: Context): number {
  const gate = gates.find((one) => one.id === id);
  const taskPart = context.workload.taskParts.find((one) => one.task === task);
  if (gate === undefined || taskPart === undefined) return Number.POSITIVE_INFINITY;
  const { turnsAt, figures } = whyOf(gate, option, taskPart, context);
  const { have, need } = figures;
  return turnsAt === null || !have || !need ? Number.POSITIVE_INFINITY : Math.abs(Math.log(have / need));
}

function cheapestFirst(misses: Miss[]): Miss[] {
  const cost = ({ looked }: Miss) => looked.plan?.monthlyUsd ?? Number.POSITIVE_INFINITY;
  return misses.sort((a, b) => cost(a) - cost(b));
}

/** Number of reported rules. */
const shownRules = 3;

/**
 * Nothing fits: the cheapest plans without one rule, of several places where needed, beyond what single options show.
 * Without the limits on money and people in turn, unless an option misses one of them alone, and, where no option
 * misses any rule alone, without each rule that alone excludes some option, except data rules that would be loosened.
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
  let cheapest: Plan[] = [];
  const look = (then: Context, ignore: string | null): void => {
    // What costs more than the reported ones does not matter.
    const belowUsd = cheapest[shownRules - 1]?.monthlyUsd ?? Number.POSITIVE_INFINITY;
    const found = searchByCost(severalCase(then, ignore)).best({ belowUsd });
    const plan = found && tracedCase(found);
    if (plan === null || cheapest.some(({ id }) => id === plan.id)) return;
    cheapest = [...cheapest, plan].sort((one, other) => one.monthlyUsd - other.monthlyUsd).slice(0, shownRules);
  };
  for (const then of unlimited) look(then, null);
  if (alone.size === 0)
    for (const gate of gates)
      if (!neverLoosened.has(gate.id)) look(gate.level === 'service' ? withoutTarget(context, gate) : context, gate.id);
  return cheapest.map((plan) => reasonFor(plan, context));
}

function reasonFor(plan: Plan, context: Context): Reason {
  const failing = verdictsOf(plan, context).filter(({ verdict }) => !mayRun(verdict));
  const whys = failing.map(({ verdict }) => verdict.why());
  const gate = failing[0]?.gate ?? '';
  return reason(
    'one-rule-away',
    'but for the rule {gate} this would do, {cost:usd} a month: {plan} ({why})',
    { gate, plan: planPhrase(plan, context.tables), why: [...new Set(whys.map((why) => why.reason))].join('; ') },
    { ...whys[0]?.figures, cost: plan.monthlyUsd },
  );
}
