import {
  type Figures,
  type Formula,
  monthly,
  numbers,
  predicted,
  product,
  refined,
  sumOf,
  type Traced,
  traced,
} from '../formula/traced.js';
import type { HostingRow } from '../tables/columns.js';
import type { Origin, Tables } from '../tables/tables.js';
import { madeOnce } from '../units/memo.js';
import { secondsPerHour } from '../units/month.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { add, at, type CostLine, costLine, fixedCost, onVolumeAxis, requestsLine } from './curve.js';
import { egress, parameterOf } from './extras.js';
import {
  coldStartCurve,
  gathering,
  type Sleeper,
  type Spells,
  sleeping,
  spellsOf,
  type Upkeep,
  upCurve,
  windowsOf,
} from './serverless.js';
import { requestsPerMonthOf } from './task-trace.js';

const half = 1 / 2;

type Of = { workload: Workload; tables: Tables };

/** A worker as sold: GPUs of a product, and the weights that it loads. */
type WorkerOffer = { row: HostingRow; gpus: number; weightsGb: number };

/** What is paid for a worker, and the times that decide for how long. */
export type ServerlessCosts<Figure = Traced> = {
  usdPerWorkerS: Figure;
  /** Seconds that one cold start is billed for, rounded up, and what they cost. */
  billedS: Figure;
  usdPerStart: Figure;
  /** Seconds from a request that finds no worker to one that serves it. */
  coldS: Figure;
  idleS: Figure;
  /** USD a month. */
  storage: Figure;
};

/**
 * Seconds of a task part on its workers: one request alone, and a worker's time for one at the highest permitted load,
 * or at saturation for batched work.
 */
export type ServerlessWork = { taskPart: TaskPart; aloneS: number; workerSPerRequest: number };

/** How long workers are up: for requests as they come, or batched for half their deadline. */
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

/** Parameter with a provider's price of a network volume, else of a block volume. */
function volumePrice(provider: string, tables: Tables): string {
  const own = parameterOf('storageNetworkVolume', provider);
  return tables.parameterOf.has(own) ? own : 'storageBlockSsd';
}

/** The billing step of an offer; if unknown, the longest of those billed by the second. */
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
function containerStart<Figure>(
  row: HostingRow,
  { given, parameter }: Pick<Figures<Figure>, 'given' | 'parameter'>,
  context: Of,
): Figure {
  const { coldStartLowS: low, coldStartHighS: high } = row;
  return low === null || high === null
    ? parameter('start of the container', 'coldStartContainerOnly', context)
    : given('start of the container, middle of its band', Math.sqrt(low * high), 's', originOf(row));
}

/** All costs of serverless workers, with the times for its bill and latency. */
export function serverlessCosts<Figure>(
  { row, gpus, weightsGb }: WorkerOffer,
  context: Of,
  figures: Figures<Figure>,
): ServerlessCosts<Figure> {
  const { given, parameter, product, quotient, sum } = figures;
  const weights = given('weights', weightsGb, 'GB');
  const usdPerWorkerS = product(
    'worker',
    'USD/worker-second',
    given('GPU', row.usdPerUnit ?? Number.NaN, 'USD/GPU-second', originOf(row)),
    given('GPUs of a worker', gpus, 'GPUs'),
  );
  const loading = parameter('network volume', 'weightLoadRateNetworkVolume', context);
  const starting = parameter('start of the engine per GB of weights', 'engineStartPerGbOfWeights', context);
  const coldS = sum(
    'cold start',
    's',
    containerStart(row, figures, context),
    quotient('loading of the weights', 's', weights, loading),
    product('start of the engine', 's', weights, starting),
  );
  const step = billingStep(row, context.tables);
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
  const volume = parameter('volume', volumePrice(row.provider, context.tables), context);
  return {
    usdPerWorkerS,
    billedS,
    usdPerStart: product('a cold start', 'USD', usdPerWorkerS, billedS),
    coldS,
    idleS: parameter('idle time-out', 'keepWarmIdleDefault', context),
    storage: product(formulas.storage.label, 'USD/month', weights, volume),
  };
}

/** How the worker of a task part sleeps. */
export const sleeperOf = (
  { coldS, idleS }: Pick<ServerlessCosts<number>, 'coldS' | 'idleS'>,
  { aloneS }: Pick<ServerlessWork, 'aloneS'>,
): Sleeper => ({ upS: aloneS + idleS, coldS });

/** What the workers of a task part do, and the rates at which they do it. */
function upkeepOf(
  rates: ServerlessCosts<number>,
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

/** Where the figures of a bill come from, by those who know the machine. */
export type WorkerWords = {
  /** Figures that are leaves in others, each with its parts: the size of the weights. */
  told: readonly Traced[];
  /** Seconds of a request alone, and of a worker for one. */
  seconds(work: ServerlessWork): { alone: Traced; perRequest: Traced };
};

/** The bill of task parts with workers of their own and one copy of the weights. */
export function serverlessBill(
  costsIn: <Figure>(figures: Figures<Figure>) => ServerlessCosts<Figure>,
  work: readonly ServerlessWork[],
  provider: string,
  context: Of,
  words: () => WorkerWords,
): CostLine[] {
  const { workload, tables } = context;
  const rates = costsIn(numbers);
  const costs = madeOnce(() => costsIn(traced));
  const told = (amount: Traced): Traced => words().told.reduce(refined, amount);
  const traffic = work.map(({ taskPart }) => {
    const { working, amount, rateAssumed } = egress(provider, taskPart, workload, tables);
    return { taskPart, usd: amount.value, amount: () => amount, working, rateAssumed };
  });
  return [
    counted('up', upFormula(work), 'usdPerWorkerS', 'worker-seconds'),
    counted('cold', formulas.cold, 'usdPerStart', 'cold starts'),
    {
      ...costLine(formulas.storage, fixedCost(rates.storage), () => [costs().storage]),
      trace: () => told(costs().storage),
    },
    ...traffic.slice(0, 1).map(({ working, rateAssumed }) => ({
      ...requestsLine(working, traffic, workload),
      ...(rateAssumed && { rateAssumed }),
    })),
  ];

  /** A line of a number of items, by the load of each task part, at one price. */
  function counted(
    of: 'up' | 'cold',
    working: Formula,
    price: 'usdPerWorkerS' | 'usdPerStart',
    what: string,
  ): CostLine {
    const usd = rates[price];
    const byTaskPart = work.map((one) => {
      const { upkeep, spells } = upkeepOf(rates, one, workload);
      const curve = (of === 'up' ? upCurve : coldStartCurve)(usd, upkeep, spells, workload.hoursPerMonth);
      return { one, curve: onVolumeAxis(curve, one.taskPart, workload) };
    });
    const curve = add(byTaskPart.map((each) => each.curve));
    return {
      ...costLine(working, curve, () => [costs()[price], ...(of === 'up' ? [costs().idleS] : [])]),
      workers: (volume) => meanWorkers(at(curve, volume), rates, workload),
      trace: (volume) => {
        const counts = byTaskPart.map(({ one, curve: own }) => {
          const { taskPart } = one;
          const when = windowsOf(taskPart) === null ? 'atOnce' : taskPart.bursts ? 'bursts' : 'gathered';
          const { alone, perRequest } = words().seconds(one);
          // Requests served at once do not change how often a worker starts for them.
          const busy = of === 'cold' && when === 'atOnce' ? [] : [perRequest];
          const inputs = [...busy, alone, costs().idleS, when === 'atOnce' ? costs().coldS : costs().billedS];
          return predicted(
            `${what} of ${taskPart.task} in an average month`,
            usd === 0 ? 0 : at(own, volume) / usd,
            `${what}/month`,
            countText[of][when],
            [requestsPerMonthOf(taskPart, volume, workload), ...inputs.map(told)],
          );
        });
        const all = sumOf(`${what} of a month`, `${what}/month`, counts);
        return product(working.label, working.unit, told(costs()[price]), all);
      },
    };
  }
}

/** Mean number of workers that so many USD a month pay for. */
const meanWorkers = (
  usd: number,
  { usdPerWorkerS }: Pick<ServerlessCosts<number>, 'usdPerWorkerS'>,
  { hoursPerMonth }: Pick<Workload, 'hoursPerMonth'>,
): number => (usdPerWorkerS === 0 ? 0 : usd / usdPerWorkerS / secondsPerHour / hoursPerMonth);

function upFormula(work: readonly ServerlessWork[]): Formula {
  const gathered = work.filter(({ taskPart }) => windowsOf(taskPart) !== null).length;
  if (gathered === 0) return formulas.up;
  return gathered === work.length ? formulas.gathered : formulas.both;
}
