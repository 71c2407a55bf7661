import type { Demand, Slice } from '../scenario/demand.js';
import type { HostingRow } from '../tables/rows.js';
import type { Origin, Tables } from '../tables/tables.js';
import { onVolumeAxis } from './axis.js';
import { add, at, type CostCurve, fixedCost } from './curve.js';
import { egress } from './egress.js';
import { requestsCurve } from './fleet-bill.js';
import { monthly } from './formula.js';
import { gathering, windowsOf } from './gathered.js';
import type { CostLine, Formula } from './line.js';
import {
  coldStartCurve,
  type Sleeper,
  type Spells,
  sleeping,
  spellsOf,
  type Upkeep,
  upCurve,
  upkeepUsd,
  upkeepUsdAtLeast,
} from './serverless.js';
import { given, parameter, predicted, product, quotient, sourcesOf, sum, type Traced } from './traced.js';

const half = 1 / 2;

type Of = { demand: Demand; tables: Tables };

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
 * What a slice asks of its workers, seconds: one request alone, and a worker's time for one, at the highest permitted load or,
 * for work that is gathered, at saturation.
 */
export type ServerlessWork = { slice: Slice; aloneS: number; workerSPerRequest: number };

/** How long workers are up, by whether requests are served as they come or gathered for half their deadline. */
const upText = {
  atOnce:
    'sum over hours of 3600 s x max(share of the time a worker is up, requests/s x worker-seconds of a request) x GPUs x USD per GPU-second',
  gathered:
    'sum over windows of half the deadline of min(whole workers x window, requests x worker-seconds of a request + a request alone and the idle time-out) x GPUs x USD per GPU-second',
};

const formulas = {
  up: monthly('compute.serverless', 'Serverless workers', upText.atOnce),
  gathered: monthly('compute.serverless', 'Serverless workers', upText.gathered),
  both: monthly(
    'compute.serverless',
    'Serverless workers',
    `${upText.atOnce}; of work that may wait: ${upText.gathered}`,
  ),
  cold: monthly(
    'compute.cold-starts',
    'Cold starts',
    'sum over hours of cold starts x (billed seconds of one + half a billing step) x GPUs x USD per GPU-second',
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
function containerStart({ row: origin, coldStartLowS: low, coldStartHighS: high }: HostingRow, of: Of): Traced {
  if (low === null || high === null) return parameter('start of the container', 'coldStartContainerOnly', of);
  return given('start of the container, middle of its band', Math.sqrt(low * high), 's', {
    table: 'hosting',
    row: origin,
  });
}

/** Everything that one kind of serverless worker costs, with the times its bill and its latency follow from. */
export function serverlessCosts(
  { row, gpus, weightsGb }: WorkerOffer,
  demand: Demand,
  tables: Tables,
): ServerlessCosts {
  const of = { demand, tables };
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
    containerStart(row, of),
    quotient('loading of the weights', 's', weights, parameter('network volume', 'weightLoadRateNetworkVolume', of)),
    product(
      'start of the engine',
      's',
      weights,
      parameter('start of the engine per GB of weights', 'engineStartPerGbOfWeights', of),
    ),
  );
  const step = billingStep(row, tables);
  const billedS = sum(
    'billed seconds of a cold start',
    's',
    product('cold start, as billed', 's', coldS, parameter('share that is billed', 'coldStartBilledShare', of)),
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
    idleS: parameter('idle time-out', 'keepWarmIdleDefault', of),
    storage: product(
      formulas.storage.label,
      'USD/month',
      weights,
      parameter('volume', volumePrice(row.provider, tables), of),
    ),
  };
}

/** How the worker of a slice sleeps. */
export const sleeperOf = (
  { coldS, idleS }: Pick<ServerlessCosts, 'coldS' | 'idleS'>,
  { aloneS }: Pick<ServerlessWork, 'aloneS'>,
): Sleeper => ({ upS: aloneS + idleS.value, coldS: coldS.value });

/** What the workers of a slice do, and the rates at which they do it. */
function upkeepOf(
  costs: ServerlessCosts,
  { slice, aloneS, workerSPerRequest }: ServerlessWork,
  { growth }: Demand,
): { upkeep: Upkeep; spells: Spells } {
  const sleeper = sleeperOf(costs, { aloneS });
  const windows = windowsOf(slice);
  if (windows === null) return { upkeep: sleeping(sleeper, workerSPerRequest), spells: spellsOf(slice.hours, growth) };
  const { upS } = sleeper;
  const gatherer = { windowS: windows.seconds, upS, startS: costs.billedS.value, workerSPerRequest };
  return { upkeep: gathering(gatherer), spells: spellsOf(windows.means, growth) };
}

/** What a slice's workers cost over its own requests a day: while they are up, and while they start. */
function workerCurves(
  costs: ServerlessCosts,
  work: ServerlessWork,
  demand: Demand,
): { up: CostCurve; cold: CostCurve } {
  const { upkeep, spells } = upkeepOf(costs, work, demand);
  const { hoursPerMonth } = demand;
  return {
    up: upCurve(costs.usdPerWorkerS.value, upkeep, spells, hoursPerMonth),
    cold: coldStartCurve(costs.usdPerStart.value, upkeep, spells, hoursPerMonth),
  };
}

/** What a slice's workers cost a month at its own volume (USD): both curves together. */
export const workersUsd = (costs: ServerlessCosts, work: ServerlessWork, demand: Demand): number =>
  usdOf(upkeepUsd, costs, work, demand);

/** The same at the least, told much faster. */
export const workersUsdAtLeast = (costs: ServerlessCosts, work: ServerlessWork, demand: Demand): number =>
  usdOf(upkeepUsdAtLeast, costs, work, demand);

function usdOf(usd: typeof upkeepUsd, costs: ServerlessCosts, work: ServerlessWork, demand: Demand): number {
  const { upkeep, spells } = upkeepOf(costs, work, demand);
  const prices = { usdPerWorkerS: costs.usdPerWorkerS.value, usdPerStart: costs.usdPerStart.value };
  return usd(prices, upkeep, spells, work.slice.requestsPerDay, demand.hoursPerMonth);
}

/** The bill of slices that each have workers of their own; the weights are kept once. */
export function serverlessBill(
  costs: ServerlessCosts,
  work: readonly ServerlessWork[],
  provider: string,
  demand: Demand,
  tables: Tables,
): CostLine[] {
  const curves = work.map((one) => {
    const { up, cold } = workerCurves(costs, one, demand);
    return { up: onVolumeAxis(up, one.slice, demand), cold: onVolumeAxis(cold, one.slice, demand) };
  });
  const { usdPerWorkerS, usdPerStart, idleS, storage } = costs;
  const traffic = work.map(({ slice }) => ({ slice, component: egress(provider, slice, demand, tables) }));
  return [
    counted(upFormula(work), usdPerWorkerS, add(curves.map(({ up }) => up)), 'worker-seconds', [idleS]),
    counted(formulas.cold, usdPerStart, add(curves.map(({ cold }) => cold)), 'cold starts', []),
    lineOf(formulas.storage, [storage], fixedCost(storage.value)),
    ...traffic.slice(0, 1).map(({ component: { working, amount, rateAssumed } }) => ({
      ...lineOf(
        working,
        [amount],
        add(traffic.map(({ slice, component }) => requestsCurve(component.amount.value, slice, demand))),
      ),
      ...(rateAssumed === true && { rateAssumed }),
    })),
  ];
}

function upFormula(work: readonly ServerlessWork[]): Formula {
  const gathered = work.filter(({ slice }) => windowsOf(slice) !== null).length;
  if (gathered === 0) return formulas.up;
  return gathered === work.length ? formulas.gathered : formulas.both;
}

/** A line of so many of something at one price: how many, the load tells. */
const counted = (
  working: Formula,
  price: Traced,
  curve: CostCurve,
  what: string,
  inputs: readonly Traced[],
): CostLine => ({
  ...lineOf(working, [price, ...inputs], curve),
  trace: (volume) => {
    const count = price.value === 0 ? 0 : at(curve, volume) / price.value;
    return product(
      working.label,
      working.unit,
      price,
      predicted(`${what} of a month`, count, `${what}/month`, working.text, inputs),
    );
  },
});

const lineOf = (working: Formula, from: readonly Traced[], curve: CostCurve): CostLine => ({
  part: working.id,
  label: working.label,
  curve,
  upfront: 0,
  working,
  sources: [...new Map(from.flatMap(sourcesOf).map((origin) => [`${origin.table} ${origin.row}`, origin])).values()],
});
