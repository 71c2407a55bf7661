import { weightsOf } from '../../src/capacity/replica.js';
import { isUnpriced } from '../../src/cost/curve.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { selfHostedCloud } from '../../src/places/rented.js';
import type { ApiRow, CapabilityRow, Kind, ModelRow, QuantizationRow, RentalRow } from '../../src/tables/columns.js';
import type { TaskPart } from '../../src/workload/workload.js';

/**
 * Every plan on APIs and rented machines, priced from the rows by formulas written down here anew: token bills, whole
 * machines hour by hour and month by month, people, set-up, and the rules that turn an option or a plan down. Of the
 * engine it takes what a scenario says, what the parameters are, and how many requests a second a machine serves.
 */
export type NaivePlan = { usd: number; options: string[]; allowed: boolean };

/** The cheapest plan that rules allow, by the kinds that serve the task parts one after another; of a kind alone, allowed or not. */
export type NaiveBest = { byKinds: Map<string, NaivePlan>; alone: Map<Kind, NaivePlan> };

export const cheapestOf = (plans: Iterable<NaivePlan>): NaivePlan | null =>
  [...plans].reduce<NaivePlan | null>((best, plan) => (best === null || plan.usd < best.usd ? plan : best), null);

/** One thing to run task parts on: which it may serve, and what a set of them costs. */
type Place = {
  id: string;
  kind: Kind;
  provider: string;
  /** The model of its own machines; null: an API. */
  model: string | null;
  setup: string | null;
  serves: boolean[];
  /** By set of task parts, one bit each. */
  bills: Map<number, Bill>;
};
/** USD of a mean month, cash of the dearest month, and machines in the mean. */
type Bill = { usd: number; dearest: number; machines: number; upfront: number };

const hoursPerWeek = 168;
const million = 1e6;
const nearly = 1e-9;

export function naiveBest(context: Context): NaiveBest {
  const { workload } = context;
  const places = [...context.tables.api.map((row) => apiPlace(row, context)), ...rentedPlaces(context)].filter(
    ({ serves }) => serves.includes(true),
  );
  const byKinds = new Map<string, NaivePlan>();
  const alone = new Map<Kind, NaivePlan>();
  const note = <Key>(best: Map<Key, NaivePlan>, key: Key, plan: NaivePlan): void => {
    if (plan.usd < (best.get(key)?.usd ?? Number.POSITIVE_INFINITY)) best.set(key, plan);
  };
  const sets = new Map<Place, number>();
  const kinds: Kind[] = [];
  const hand = (s: number): void => {
    if (s === workload.taskParts.length) {
      const plan = planOf(sets, context);
      if (plan.allowed) note(byKinds, kinds.join(), plan);
      const [first] = kinds as [Kind];
      if (kinds.every((kind) => kind === first)) note(alone, first, plan);
      return;
    }
    for (const place of places) {
      if (place.serves[s] !== true) continue;
      const before = sets.get(place);
      if (before === undefined && sets.size === workload.rules.maxDeployments) continue;
      sets.set(place, (before ?? 0) + 2 ** s);
      kinds[s] = place.kind;
      hand(s + 1);
      if (before === undefined) sets.delete(place);
      else sets.set(place, before);
    }
  };
  hand(0);
  return { byKinds, alone };
}

/** People, set-up and rules of a whole plan. */
function planOf(sets: ReadonlyMap<Place, number>, { workload }: Context): NaivePlan {
  const { assume, team, rules, months, taskParts } = workload;
  /** From one availability to another more and more on call. */
  const calledFor = (set: number): number => {
    const asked = taskParts.flatMap(({ needs }, s) => ((set >> s) & 1 ? [needs.availability ?? 0] : []));
    const way = (Math.max(...asked) - assume('onCallFrom')) / (assume('onCallAll') - assume('onCallFrom'));
    return way < 0 ? 0 : way > 1 ? 1 : way;
  };
  let usd = 0;
  let dearest = 0;
  let upfront = 0;
  const fleets: number[] = [];
  const onCall: number[] = [];
  const models = new Set<string>();
  const providers = new Set<string>();
  const setups = new Set<string>();
  for (const [place, set] of sets) {
    const bill = place.bills.get(set) as Bill;
    usd += bill.usd;
    dearest += bill.dearest;
    upfront += bill.upfront;
    if (place.setup !== null) setups.add(place.setup);
    if (place.model === null) providers.add(place.provider);
    else {
      fleets.push(bill.machines);
      onCall.push(team.onCall ? 1 : calledFor(set));
      models.add(place.model);
    }
  }
  const machines = fleets.reduce((sum, one) => sum + one, 0);
  let fte = Math.max(0, providers.size - 1) * assume('fteApi') + Math.max(0, models.size - 1) * assume('ftePerModel');
  if (fleets.length > 0) {
    fte += assume('fteOwnWeightsBase') + (fleets.length - 1) * assume('ftePerFleet');
    fte += Math.max(...onCall) * assume('fteOnCall');
  }
  for (const one of fleets) fte += assume('fteMachineSlope') * one ** assume('fteMachineGrowth');
  let weeks = Math.max(0, Math.log2(machines / assume('setupMachinesFrom'))) * assume('setupPerDoubling');
  for (const name of setups) weeks += assume(name);
  if (team.isLearning) weeks *= assume('learningFactor');
  const setup = (weeks / 52) * team.yearlyCostUsd;
  const cash = dearest + (Math.max(0, fte - team.freeFte) * team.yearlyCostUsd) / 12;
  return {
    allowed:
      (!team.given || team.mayHire || fte <= team.freeFte) &&
      cash <= (rules.budgetMonthlyUsd ?? Number.POSITIVE_INFINITY) &&
      upfront <= (rules.budgetUpfrontUsd ?? Number.POSITIVE_INFINITY),
    usd: usd + (fte * team.yearlyCostUsd) / 12 + setup / months,
    options: [...sets].map(([{ id }, set]) => `${id} ${set.toString(2)}`),
  };
}

/** Volume of every month of the horizon over that of the first. */
const monthsOf = ({ workload: { growth, months } }: Context): number[] =>
  Array.from({ length: months }, (_, month) => growth[Math.min(month, growth.length - 1)] as number);

const meanOver = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

function capableEnough(row: CapabilityRow | undefined, loss: number, { needs }: TaskPart): boolean {
  const index = row?.indexStandard ?? null;
  return index !== null && index - (loss * index * (100 - index)) / 2500 >= needs.capability.need;
}

/** What is usual beyond the longest prompt that is said is warned of, no more. */
const holds = ({ maxContext }: ModelRow, { tokens }: TaskPart): boolean =>
  maxContext !== null && maxContext >= tokens.longestInput + tokens.output;

const setsOf = (serves: readonly boolean[], bill: (taskParts: number[]) => Bill): Map<number, Bill> => {
  const bills = new Map<number, Bill>();
  for (let set = 1; set < 2 ** serves.length; set++) {
    const taskParts = serves.flatMap((_, s) => ((set >> s) & 1 ? [s] : []));
    if (taskParts.every((s) => serves[s])) bills.set(set, bill(taskParts));
  }
  return bills;
};

function apiPlace(row: ApiRow, context: Context): Place {
  const { workload, tables } = context;
  const capability = tables.capabilityOf.get(row.family);
  const serves = workload.taskParts.map(
    (taskPart) => taskPart.needs.boundary === 'anywhere' && capableEnough(capability, 0, taskPart),
  );
  const months = monthsOf(context);
  const decline = 1 - workload.assume('priceDeclinePerYear');
  const bill = (taskParts: number[]): Bill => {
    let first = 0;
    for (const s of taskParts) {
      const { tokens, requestsPerDay } = workload.taskParts[s] as TaskPart;
      const request = (tokens.input * row.inputUsdPerMTok + tokens.output * row.outputUsdPerMTok) / million;
      first += requestsPerDay * (workload.hoursPerMonth / 24) * request * (1 + workload.assume('retryRate'));
    }
    return {
      usd: meanOver(months.map((growth, month) => first * growth * decline ** (month / 12))),
      dearest: Math.max(...months.map((growth, month) => first * growth * decline ** (month / 12))),
      machines: 0,
      upfront: 0,
    };
  };
  return {
    id: `${row.provider}/${row.modelId}`,
    kind: row.endpointKind === 'first-party' ? 'cloud-api' : 'open-model-api',
    provider: row.provider,
    model: null,
    setup: null,
    serves,
    bills: setsOf(serves, bill),
  };
}

function rentedPlaces(context: Context): Place[] {
  const places: Place[] = [];
  for (const row of context.tables.rental) {
    for (const model of context.tables.models) {
      for (const scheme of context.tables.quantization) {
        if (!suits(scheme, model)) continue;
        places.push(...boughtPlaces(row, model, scheme, context));
      }
    }
  }
  return places;
}

/** Rows of a scheme are for models from some size to another. */
const suits = (
  { appliesTo, aboveB, upToB, onlyNativeDtype }: QuantizationRow,
  { paramsTotalB, nativeDtype }: ModelRow,
) =>
  appliesTo === 'weights' &&
  paramsTotalB > aboveB &&
  (upToB === null || paramsTotalB <= upToB) &&
  (onlyNativeDtype === null || (nativeDtype ?? '').includes(onlyNativeDtype));

/** What stands in the tables is bits per weight. */
const gbOf = (model: ModelRow, { bitsPerWeight }: QuantizationRow): number =>
  (model.paramsTotalB * (bitsPerWeight as number)) / 8;

function boughtPlaces(row: RentalRow, model: ModelRow, scheme: QuantizationRow, context: Context): Place[] {
  const { workload, tables } = context;
  const { assume, hoursPerMonth, months } = workload;
  const capability = tables.capabilityOf.get(model.family);
  const loss = model.nativeDtype?.startsWith(scheme.scheme) ? 0 : scheme.lossLikely;
  const rates = workload.taskParts.map((taskPart) =>
    capableEnough(capability, loss, taskPart) && holds(model, taskPart)
      ? rateOf(row, model, scheme, capability ?? null, taskPart, context)
      : null,
  );
  const serves = rates.map((rate) => rate !== null);
  const growth = monthsOf(context);
  const needs = workload.taskParts.map(
    ({ requestsPerDay }, s) =>
      (requestsPerDay * assume('inHourFactor')) / (86_400 * (rates[s] ?? Number.NaN) * assume('highestLoad')),
  );
  const machines = (work: number): number => {
    const working = Math.max(assume('minReplicas'), Math.ceil(work * (1 - nearly)));
    return working + Math.max(assume('spareReplicas'), Math.ceil(assume('spareShare') * working - nearly));
  };
  const lag = Math.min(1, assume('scalingLagMinutes') / 60);
  const besides = (assume('storageBlockSsd') * gbOf(model, scheme) + assume('observabilityPerHost')) / hoursPerMonth;
  const anyway = assume('loadBalancer') + assume('kubernetesControlPlane');
  const traffic = (taskParts: number[]): number =>
    taskParts.reduce((usd, s) => {
      const { tokens, requestsPerDay } = workload.taskParts[s] as TaskPart;
      const gb = (tokens.output * assume('bytesPerTokenOnTheWire')) / 1e9;
      return usd + requestsPerDay * (hoursPerMonth / 24) * gb * assume('egressAws');
    }, 0);
  /** Machines of every hour of a week. */
  const week = (taskParts: number[], factor: number): number[] =>
    Array.from({ length: hoursPerWeek }, (_, hour) =>
      machines(
        factor *
          taskParts.reduce((work, s) => {
            const { hours } = workload.taskParts[s] as TaskPart;
            return work + (needs[s] as number) * (hours[hour % hours.length] as number);
          }, 0),
      ),
    );
  const most = (taskParts: number[]): number =>
    Math.max(...growth.map((factor) => Math.max(...week(taskParts, factor))));
  const onDemand = (usd: number) => (taskParts: number[]) => {
    const running = growth.map((factor) => {
      const held = week(taskParts, factor);
      // A machine that the next hour needs is started before it.
      return meanOver(held.map((now, h) => now + lag * Math.max(0, (held[(h + 1) % hoursPerWeek] as number) - now)));
    });
    const bills = growth.map((factor, month) => {
      return (running[month] as number) * hoursPerMonth * (usd + besides) + anyway + traffic(taskParts) * factor;
    });
    return { usd: meanOver(bills), dearest: Math.max(...bills), machines: meanOver(running), upfront: 0 };
  };
  const reserved = (usd: number, term: number) => (taskParts: number[]) => {
    const held = most(taskParts) * hoursPerMonth;
    const paid = Math.ceil(months / term) * term;
    const moved = growth.map((factor) => traffic(taskParts) * factor);
    const monthly = held * (usd + besides) + anyway;
    const beyond = held * usd * (paid / months - 1);
    return {
      usd: monthly + beyond + meanOver(moved),
      dearest: monthly + Math.max(...moved),
      machines: most(taskParts),
      upfront: beyond * months,
    };
  };
  const place = (purchase: string, bill: (taskParts: number[]) => Bill): Place => ({
    id: `${row.provider}/${model.family}@${scheme.scheme}/${row.instanceType}/${purchase}`,
    kind: 'self-hosted-cloud',
    provider: row.provider,
    model: model.family,
    setup: 'setupEffortSelfHostedCloud',
    serves,
    bills: setsOf(serves, bill),
  });
  const { onDemandUsdPerHour, reserved1yUsdPerHour, reserved3yUsdPerHour } = row;
  return [
    ...(onDemandUsdPerHour === null ? [] : [place('on-demand', onDemand(onDemandUsdPerHour))]),
    ...(reserved1yUsdPerHour === null ? [] : [place('reserved-1y', reserved(reserved1yUsdPerHour, 12))]),
    ...(reserved3yUsdPerHour === null ? [] : [place('reserved-3y', reserved(reserved3yUsdPerHour, 36))]),
  ];
}

/** Requests a second that a machine serves at saturation, all its cards as one replica: the engine's own prediction. */
function rateOf(
  row: RentalRow,
  model: ModelRow,
  scheme: QuantizationRow,
  capability: CapabilityRow | null,
  taskPart: TaskPart,
  context: Context,
): number | null {
  const accelerator = context.tables.acceleratorOf.get(row.accelerator);
  const weights = weightsOf(model, scheme);
  if (accelerator === undefined || weights === null) return null;
  const offer = { provider: row.provider, instance: row.instanceType } as NonNullable<Option['fleet']>['offer'];
  const option = {
    kind: 'self-hosted-cloud',
    provider: row.provider,
    model: model.family,
    mode: 'standard',
    capability,
    fleet: { offer, weights, accelerator, gpusPerUnit: row.gpuCount, gpusPerReplica: row.gpuCount, copies: 1 },
  } as Option;
  const seen = selfHostedCloud.service(option, taskPart, context);
  return isUnpriced(seen) ? null : seen.unitRequestsPerS;
}
