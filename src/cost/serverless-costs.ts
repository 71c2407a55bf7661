import { type Formula, monthly } from '../formula/formula.js';
import {
  eachOnce,
  given,
  parameter,
  predicted,
  product,
  quotient,
  refined,
  sourcesOf,
  sum,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import type { HostingRow } from '../tables/rows.js';
import type { Origin, Tables } from '../tables/tables.js';
import { secondsPerHour } from '../units/clock.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { gathering, windowsOf } from './batching.js';
import { add, at, type CostCurve, type CostLine, fixedCost, onVolumeAxis } from './curve.js';
import { egress } from './extras.js';
import { requestsCurve } from './fleet-bill.js';
import {
  coldStartCurve,
  type Sleeper,
  type Spells,
  sleeping,
  spellsOf,
  type Upkeep,
  upCurve,
  upkeepUsd,
} from './serverless.js';
import { requestsPerMonthOf } from './task-trace.js';

const half = 1 / 2;

type Of = { workload: Workload; tables: Tables };

/** A worker as it is sold: so many GPUs of a product, and the weights it loads when it starts. */
export type WorkerOffer = { row: HostingRow; gpus: number; weightsGb: number };

/** What is paid for a worker, and the times that decide for how long. */
export type ServerlessCosts = {
  usdPerWorkerS: Traced;
  /** Seconds that one cold start is billed for, rounded up, and what they cost. */
  billedS: Traced;
  usdPerStart: Traced;
  /** Seconds from a request that finds no worker to one that serves it. */
  coldS: Traced;
  idleS: Traced;
  /** USD a month. */
  storage: Traced;
};

/**
 * What a task part asks of its workers, seconds: one request alone, and a worker's time for one, at the highest permitted load or,
 * for work that is gathered, at saturation.
 */
export type ServerlessWork = { taskPart: TaskPart; aloneS: number; workerSPerRequest: number };

/** How long workers are up, by whether requests are served as they come or gathered for half their deadline. */
const upText = {
  atOnce:
    'sum over hours of 3600 s x max(share of the time a worker is up, requests/s x worker-seconds of a request, rounded up above 1)',
  bursts:
    'sum over bursts of min(whole workers from one to the next, requests x worker-seconds of a request + for each worker that does it in time a request alone and the idle time-out)',
  gathered:
    'sum over windows of half the deadline of min(whole workers x window, requests x worker-seconds of a request + a request alone and the idle time-out)',
};
/** What is counted of a task part: worker-seconds, and cold starts. */
const countText = {
  up: upText,
  cold: {
    atOnce: 'sum over hours of requests that come while no worker is up',
    bursts: 'bursts x workers that do one in time, but those that run through',
    gathered: 'windows of half the deadline in which something came, but those that a worker runs through',
  },
};
const paid = 'x GPUs x USD per GPU-second';

const formulas = {
  up: monthly('compute.serverless', 'Serverless workers', `${upText.atOnce} ${paid}`),
  gathered: monthly('compute.serverless', 'Serverless workers', `${upText.gathered} ${paid}`),
  both: monthly(
    'compute.serverless',
    'Serverless workers',
    `${upText.atOnce} ${paid}; of work that may wait: ${upText.gathered} ${paid}`,
  ),
  cold: monthly(
    'compute.cold-starts',
    'Cold starts',
    `sum over hours of cold starts x (billed seconds of one + half a billing step) ${paid}`,
  ),
  storage: monthly('storage.weights', 'Volume for the weights', 'GB of weights x USD per GB-month'),
};

/** Name of the parameter with a provider's price of a network volume; a block volume stands in where there is none. */
function volumePrice(provider: string, { parameterOf }: Tables): string {
  const own = `storageNetworkVolume-${provider}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return parameterOf.has(own) ? own : 'storageBlockSsd';
}

/** The longest step of any offer billed by the second stands in for one that is not known. */
function billingStep(row: HostingRow, { hosting }: Tables): { seconds: number; from: HostingRow } {
  if (row.billingGranularityS !== null) return { seconds: row.billingGranularityS, from: row };
  const alike = hosting.filter(({ unit, billingGranularityS }) => unit === row.unit && billingGranularityS !== null);
  const from = alike.reduce(
    (most, one) => ((one.billingGranularityS ?? 0) > (most.billingGranularityS ?? 0) ? one : most),
    row,
  );
  return { seconds: from.billingGranularityS ?? 0, from };
}

const originOf = (row: HostingRow): Origin => ({ table: 'hosting', row: row.row });

/** Start of a container: the geometric middle of the row's band, else the usual one. */
function containerStart({ row: origin, coldStartLowS: low, coldStartHighS: high }: HostingRow, context: Of): Traced {
  if (low === null || high === null) return parameter('start of the container', 'coldStartContainerOnly', context);
  return given('start of the container, middle of its band', Math.sqrt(low * high), 's', {
    table: 'hosting',
    row: origin,
  });
}

/** Everything that one kind of serverless worker costs, with the times its bill and its latency follow from. */
export function serverlessCosts(
  { row, gpus, weightsGb }: WorkerOffer,
  workload: Workload,
  tables: Tables,
): ServerlessCosts {
  const context = { workload, tables };
  const weights = given('weights', weightsGb, 'GB');
  const usdPerWorkerS = product(
    'worker',
    'USD/worker-second',
    given('GPU', row.usdPerUnit ?? Number.NaN, 'USD/GPU-second', originOf(row)),
    given('GPUs of a worker', gpus, 'GPUs'),
  );
  const coldS = sum(
    'cold start',
    's',
    containerStart(row, context),
    quotient(
      'loading of the weights',
      's',
      weights,
      parameter('network volume', 'weightLoadRateNetworkVolume', context),
    ),
    product(
      'start of the engine',
      's',
      weights,
      parameter('start of the engine per GB of weights', 'engineStartPerGbOfWeights', context),
    ),
  );
  const step = billingStep(row, tables);
  const billedS = sum(
    'billed seconds of a cold start',
    's',
    product('cold start, as billed', 's', coldS, parameter('share that is billed', 'coldStartBilledShare', context)),
    product(
      'rounding up',
      's',
      given('half', half, 'ratio'),
      given('billing step', step.seconds, 's', originOf(step.from)),
    ),
  );
  return {
    usdPerWorkerS,
    billedS,
    usdPerStart: product('a cold start', 'USD', usdPerWorkerS, billedS),
    coldS,
    idleS: parameter('idle time-out', 'keepWarmIdleDefault', context),
    storage: product(
      formulas.storage.label,
      'USD/month',
      weights,
      parameter('volume', volumePrice(row.provider, tables), context),
    ),
  };
}

/** The same as numbers alone: a search asks for hundreds of thousands. */
export type WorkerRates = Record<'usdPerWorkerS' | 'billedS' | 'usdPerStart' | 'coldS' | 'idleS', number>;

export const ratesOf = ({ usdPerWorkerS, billedS, usdPerStart, coldS, idleS }: ServerlessCosts): WorkerRates => ({
  usdPerWorkerS: usdPerWorkerS.value,
  billedS: billedS.value,
  usdPerStart: usdPerStart.value,
  coldS: coldS.value,
  idleS: idleS.value,
});

/** How the worker of a task part sleeps. */
export const sleeperOf = (
  { coldS, idleS }: Pick<WorkerRates, 'coldS' | 'idleS'>,
  { aloneS }: Pick<ServerlessWork, 'aloneS'>,
): Sleeper => ({ upS: aloneS + idleS, coldS });

/** What the workers of a task part do, and the rates at which they do it. */
function upkeepOf(
  rates: WorkerRates,
  { taskPart, aloneS, workerSPerRequest }: ServerlessWork,
  { growth }: Workload,
): { upkeep: Upkeep; spells: Spells } {
  const sleeper = sleeperOf(rates, { aloneS });
  const windows = windowsOf(taskPart);
  if (windows === null)
    return { upkeep: sleeping(sleeper, workerSPerRequest), spells: spellsOf(taskPart.hours, growth) };
  const { upS } = sleeper;
  const { bursts } = taskPart;
  const gatherer = {
    ...{ windowS: windows.seconds, upS, startS: rates.billedS, workerSPerRequest },
    ...(bursts && { withinS: bursts.withinS }),
  };
  return { upkeep: gathering(gatherer), spells: spellsOf(windows.means, growth) };
}

/** What a task part's workers cost over its own requests a day: while they are up, and while they start. */
function workerCurves(
  rates: WorkerRates,
  work: ServerlessWork,
  workload: Workload,
): { up: CostCurve; cold: CostCurve } {
  const { upkeep, spells } = upkeepOf(rates, work, workload);
  const { hoursPerMonth } = workload;
  return {
    up: upCurve(rates.usdPerWorkerS, upkeep, spells, hoursPerMonth),
    cold: coldStartCurve(rates.usdPerStart, upkeep, spells, hoursPerMonth),
  };
}

/** What a task part's workers cost a month at its own volume (USD): both curves together. */
export function workersUsd(rates: WorkerRates, work: ServerlessWork, workload: Workload): number {
  const { upkeep, spells } = upkeepOf(rates, work, workload);
  return upkeepUsd(rates, upkeep, spells, work.taskPart.requestsPerDay, workload.hoursPerMonth);
}

/** Mean number of workers that so many USD a month pay for, starts included. */
export const meanWorkers = (
  usd: number,
  { usdPerWorkerS }: Pick<WorkerRates, 'usdPerWorkerS'>,
  { hoursPerMonth }: Pick<Workload, 'hoursPerMonth'>,
): number => (usdPerWorkerS === 0 ? 0 : usd / usdPerWorkerS / secondsPerHour / hoursPerMonth);

/** Where the figures of a bill come from, by those who know the machine. */
export type WorkerWords = {
  /** Figures that amounts hold as leaves, told part by part: the size of the weights. */
  told: readonly Traced[];
  /** Seconds of a request alone, and of a worker for one. */
  seconds(work: ServerlessWork): { alone: Traced; perRequest: Traced };
};

const unworded: WorkerWords = {
  told: [],
  seconds: ({ taskPart, aloneS, workerSPerRequest }) => ({
    alone: given(`a request of ${taskPart.task} alone`, aloneS, 's'),
    perRequest: given('worker-seconds of a request', workerSPerRequest, 's'),
  }),
};

/** The bill of task parts that each have workers of their own; the weights are kept once. */
export function serverlessBill(
  costs: ServerlessCosts,
  work: readonly ServerlessWork[],
  provider: string,
  workload: Workload,
  tables: Tables,
  words: () => WorkerWords = () => unworded,
): CostLine[] {
  const rates = ratesOf(costs);
  const workers = work.map((one) => {
    const { up, cold } = workerCurves(rates, one, workload);
    return {
      work: one,
      up: onVolumeAxis(up, one.taskPart, workload),
      cold: onVolumeAxis(cold, one.taskPart, workload),
    };
  });
  const { usdPerWorkerS, usdPerStart, billedS, coldS, idleS, storage } = costs;
  const paidFor = (line: CostLine): CostLine => ({
    ...line,
    workers: (volume) => meanWorkers(at(line.curve, volume), rates, workload),
  });
  const told = (amount: Traced): Traced => words().told.reduce(refined, amount);
  const counts = (of: 'up' | 'cold'): Counted[] =>
    workers.map(({ work: one, ...curves }) => {
      const when = windowsOf(one.taskPart) === null ? 'atOnce' : one.taskPart.bursts ? 'bursts' : 'gathered';
      return {
        taskPart: one.taskPart,
        curve: curves[of],
        text: countText[of][when],
        inputs: () => {
          const { alone, perRequest } = words().seconds(one);
          // A worker that starts for whoever comes starts as often whatever the requests take beside each other.
          const busy = of === 'cold' && when === 'atOnce' ? [] : [perRequest];
          return [...busy, alone, idleS, when === 'atOnce' ? coldS : billedS];
        },
      };
    });
  const traffic = work.map(({ taskPart }) => ({ taskPart, component: egress(provider, taskPart, workload, tables) }));
  return [
    paidFor(counted(upFormula(work), usdPerWorkerS, counts('up'), 'worker-seconds', [idleS], told, workload)),
    paidFor(counted(formulas.cold, usdPerStart, counts('cold'), 'cold starts', [], told, workload)),
    { ...lineOf(formulas.storage, [storage], fixedCost(storage.value)), trace: () => told(storage) },
    ...traffic.slice(0, 1).map(({ component: { working, amount, rateAssumed } }) => ({
      ...lineOf(
        working,
        [amount],
        add(traffic.map(({ taskPart, component }) => requestsCurve(component.amount.value, taskPart, workload))),
      ),
      trace: (volume: number) =>
        sumOf(
          working.label,
          working.unit,
          traffic.map(({ taskPart, component }) =>
            product(
              `${working.label} of ${taskPart.task}`,
              working.unit,
              requestsPerMonthOf(taskPart, volume, workload),
              component.amount,
            ),
          ),
        ),
      ...(rateAssumed === true && { rateAssumed }),
    })),
  ];
}

function upFormula(work: readonly ServerlessWork[]): Formula {
  const gathered = work.filter(({ taskPart }) => windowsOf(taskPart) !== null).length;
  if (gathered === 0) return formulas.up;
  return gathered === work.length ? formulas.gathered : formulas.both;
}

/** What a task part pays for one kind of thing, and what its number follows from. */
type Counted = { taskPart: TaskPart; curve: CostCurve; text: string; inputs: () => readonly Traced[] };

/** A line of so many of something at one price: how many, the load of each task part tells. */
const counted = (
  working: Formula,
  price: Traced,
  byTaskPart: readonly Counted[],
  what: string,
  from: readonly Traced[],
  told: (amount: Traced) => Traced,
  workload: Workload,
): CostLine => ({
  ...lineOf(working, [price, ...from], add(byTaskPart.map(({ curve }) => curve))),
  trace: (volume) => {
    const counts = byTaskPart.map(({ taskPart, curve, text, inputs }) =>
      predicted(
        `${what} of ${taskPart.task} in an average month`,
        price.value === 0 ? 0 : at(curve, volume) / price.value,
        `${what}/month`,
        text,
        [requestsPerMonthOf(taskPart, volume, workload), ...inputs().map(told)],
      ),
    );
    return product(working.label, working.unit, told(price), sumOf(`${what} of a month`, `${what}/month`, counts));
  },
});

const lineOf = (working: Formula, from: readonly Traced[], curve: CostCurve): CostLine => ({
  part: working.id,
  label: working.label,
  curve,
  upfront: 0,
  working,
  sources: () => eachOnce(from.flatMap(sourcesOf)),
});
