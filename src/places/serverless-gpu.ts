import { engineOf, type Weights } from '../capacity/replica.js';
import { type CostLine, isUnpriced, type Unpriced } from '../cost/curve.js';
import { tracedHighestLoad, tracedInHourFactor, unitsNeeded } from '../cost/fleet.js';
import { nobody, type Staff, staffFor } from '../cost/people.js';
import { coldShares, coldWaitS, mayWait, type Sleeper, spellsOf } from '../cost/serverless.js';
import {
  type ServerlessWork,
  serverlessBill,
  serverlessCosts,
  sleeperOf,
  type WorkerWords,
} from '../cost/serverless-costs.js';
import { requestsPerSecondOf } from '../cost/task-trace.js';
import {
  type Figures,
  named,
  numbers,
  parameter,
  predicted,
  product,
  quotient,
  refined,
  sum,
  type Traced,
  traced,
} from '../formula/traced.js';
import type { HostingRow, Kind } from '../tables/columns.js';
import { perObject } from '../units/memo.js';
import { msPerSecond, secondsPerDay, secondsPerHour } from '../units/month.js';
import type { Bursts, TaskPart, Workload } from '../workload/workload.js';
import { onceForTables } from './fleet-numbers.js';
import { diskGbOf, offerNamed, optionOf, tracedDiskGb } from './fleet-option.js';
import { aloneS, memoryOnUnit, notServed, type Served, servedOn, withinTargets } from './fleet-service.js';
import { ownModelNamed, requestShapeOf } from './machine-table.js';
import { type FleetUnit, type Option, type UnitType, unitTypes } from './option.js';
import {
  type Context,
  type MachineMemory,
  noSizes,
  type Placement,
  type TaskService,
  type TracedService,
  unsizableOption,
} from './placement.js';
import { machineService, nothingSeen, tracedAlone, tracedCapacity } from './service-trace.js';

/** What a 95th percentile leaves out. */
const tail = 0.05;

/** A task part on its own worker: its service once that runs, and its work. */
export type Worker = { warm: TaskService; work: ServerlessWork };

/** A worker's time for one request, at the load that it is sized for. */
const workerSeconds = (taskPart: TaskPart, requestsPerS: number, workload: Workload): number =>
  (unitsNeeded(taskPart, requestsPerS, workload) * secondsPerDay) / taskPart.requestsPerDay;

/** A task part on a worker that keeps its targets, where it can. */
function workerOf(served: Served): Worker {
  const { taskPart, context } = served;
  const warm = withinTargets(served, 1);
  const workerSPerRequest = workerSeconds(taskPart, warm.unitRequestsPerS, context.workload);
  return { warm, work: { taskPart, aloneS: aloneS(served), workerSPerRequest } };
}

/**
 * Service with cold starts, in the quietest month of the horizon: the 95th percentile on a running worker plus the
 * longest wait of 95 % of the requests. A sum of percentiles is above that of the sum unless one is small, as here.
 * Deferrable work is batched, so it sees no start.
 */
export function withColdStarts(
  warm: TaskService,
  sleeper: Sleeper,
  taskPart: TaskPart,
  workload: Workload,
): TaskService {
  if (mayWait(taskPart)) return warm;
  const shares = sharesOf(sleeper, taskPart, workload);
  const waitMs = coldWaitS(shares, sleeper.coldS, tail) * msPerSecond;
  const wayMs = workload.assume('serverlessPlatformMs');
  const later = (ms: number | null): number | null => (ms === null ? null : ms + waitMs + wayMs);
  return {
    get ttftP95AloneMs() {
      return Math.max(warm.ttftP95AloneMs ?? 0, waitMs);
    },
    get ttftP95Ms() {
      return later(warm.ttftP95Ms);
    },
    get tokensPerSecond() {
      return warm.tokensPerSecond;
    },
    get totalP95Ms() {
      return later(warm.totalP95Ms);
    },
    unitRequestsPerS: warm.unitRequestsPerS,
    limitedBy: warm.limitedBy,
    coldStarts: { share: shares.off + shares.starting, seconds: sleeper.coldS },
  };
}

/** Shares of the quietest month's requests that find their worker off, or starting. */
const sharesOf = (sleeper: Sleeper, taskPart: TaskPart, workload: Workload) =>
  taskPart.bursts !== undefined
    ? sharesOfBurst(sleeper, taskPart, taskPart.bursts)
    : coldShares(sleeper, spellsOf(taskPart.hours, quietest(workload.growth)), taskPart.requestsPerDay);

/** The first request of a burst finds its worker off; others wait for the rest of its start. */
function sharesOfBurst({ coldS }: Sleeper, { requestsPerDay }: TaskPart, { perDay, withinS }: Bursts) {
  const off = Math.min(1, perDay / requestsPerDay);
  return { off, starting: Math.max(0, Math.min(1, coldS / withinS) - off) };
}

/** The wait that `withColdStarts` adds, with its derivation; null: none for deferrable work. */
function tracedColdWait(
  sleeper: Sleeper,
  taskPart: TaskPart,
  inputs: readonly Traced[],
  workload: Workload,
): Traced | null {
  if (mayWait(taskPart)) return null;
  const seconds = coldWaitS(sharesOf(sleeper, taskPart, workload), sleeper.coldS, tail);
  return predicted(
    'wait for a worker to start, p95',
    seconds * msPerSecond,
    'ms',
    'in the quietest month: none where 95 % of the requests find a worker that runs, else as much of the cold start as they wait for',
    [requestsPerSecondOf(taskPart, workload.requestsPerDay, workload), ...inputs],
  );
}

/** The month of least volume alone. */
const quietest = perObject((growth: Float64Array) =>
  Float64Array.of(growth.reduce((least, factor) => Math.min(least, factor), Number.POSITIVE_INFINITY)),
);

/** GPUs a worker may span: one replica of a model, never several. */
const groups = [1, 2, 4, 8];

/** What hosting.csv calls a worker that is billed only while it runs. */
const serverless = ({ kind, scaleToZero }: HostingRow): boolean => kind === 'serverless-gpu' && scaleToZero !== false;

/** Every worker on sale with known hardware: GPUs of a product that hold one replica. */
export const serverlessUnits = onceForTables(({ tables }): UnitType[] => {
  const found = tables.hosting.filter(serverless).flatMap((row) => {
    const accelerator = tables.acceleratorOf.get(row.accelerator ?? '');
    const { usdPerUnit, gpuCount, unit } = row;
    if (accelerator === undefined || usdPerUnit === null || gpuCount === null || unit !== 'gpu-second') return [];
    return groups.map((group) => {
      const gpus = group * gpuCount;
      const offer = {
        provider: row.provider,
        region: null,
        reach: 'under-contract' as const,
        marketplace: false,
        instance: group === 1 ? row.product : `${row.product}-${group}x`,
        purchase: null,
        usdPerHour: usdPerUnit * gpus * secondsPerHour,
        termMonths: 0,
        followsHours: true,
        owned: 0,
        row: { table: 'hosting' as const, row: row.row },
      };
      return { accelerator, gpus, offer };
    });
  });
  return unitTypes(found);
});

/** Serverless products without a known GPU, so that their rate is unknown. */
export const unsizable = (row: HostingRow): boolean =>
  serverless(row) && (row.unit !== 'gpu-second' || row.accelerator === null);

const byRow = perObject((rows: readonly HostingRow[]) => new Map(rows.map((each) => [each.row, each])));

/** The price row behind an offer. */
export function rowOf(offer: { row: { row: number } }, { tables }: Context): HostingRow {
  const found = byRow(tables.hosting).get(offer.row.row);
  if (found === undefined) throw new Error(`hosting has no row ${offer.row.row}`);
  return found;
}

const kind: Kind = 'serverless-gpu';

/**
 * Open weights on GPUs billed by the second, with scale to zero. A worker is one replica on one or several GPUs, and
 * every task part has its own, so that costs of task parts add up; deployments share only weights and people.
 */
export const serverlessGpu: Placement = {
  kind,
  title: 'Serverless GPUs, billed by the second',
  perToken: false,
  lookUp,
  service,
  memory,
  traceService,
  price,
  staff: (_, context) => serverlessStaff(context),
};

const engineIn = ({ workload, tables }: Context) => engineOf(workload, tables);

export const serverlessStaff = ({ workload }: Context): Staff =>
  staffFor(
    {
      ...nobody,
      share: workload.assume('managedShare'),
      shareOf: 'managedShare',
      setup: 'setupEffortServerlessGpu',
    },
    workload,
  );

function lookUp(id: string, context: Context): Option | null {
  if (!id.startsWith(`${kind}/`)) return null;
  const model = ownModelNamed(id, context);
  if (model === null || !model.weights.scheme.batchedServing) return null;
  const found = offerNamed(id, kind, model, serverlessUnits(context));
  if (found !== undefined) return optionOf(kind, model, found.unit, found.offer, found.unit.gpus, 1);
  return unsizableOption(id, kind, context.tables.hosting.filter(unsizable), () => [model.option]);
}

/** What a worker of an option costs. */
const costsOf =
  ({ offer, gpusPerUnit: gpus, weights }: FleetUnit, context: Context) =>
  <Figure>(figures: Figures<Figure>) =>
    serverlessCosts({ row: rowOf(offer, context), gpus, weightsGb: diskGbOf(weights) }, context, figures);

/** A task part on a worker of its own, or why there is none. */
function workerFor(option: Option, fleet: FleetUnit, taskPart: TaskPart, context: Context): Worker | Unpriced {
  const shape = requestShapeOf(option, taskPart, context);
  const engine = engineIn(context);
  const served = servedOn(fleet, shape, taskPart, engine, context);
  return served === null ? notServed(fleet, shape, taskPart, engine, context) : workerOf(served);
}

function service(option: Option, taskPart: TaskPart, context: Context): TaskService | Unpriced {
  const { fleet } = option;
  const worker = fleet === null ? noSizes : workerFor(option, fleet, taskPart, context);
  if (fleet === null || isUnpriced(worker)) return worker as Unpriced;
  const sleeper = sleeperOf(costsOf(fleet, context)(numbers), worker.work);
  return withColdStarts(worker.warm, sleeper, taskPart, context.workload);
}

function memory(option: Option, taskPart: TaskPart, context: Context): MachineMemory[] {
  const { fleet } = option;
  return fleet === null
    ? []
    : memoryOnUnit(fleet, requestShapeOf(option, taskPart, context), engineIn(context), context);
}

function traceService(option: Option, taskPart: TaskPart, context: Context): TracedService {
  const { fleet } = option;
  const worker = fleet && workerFor(option, fleet, taskPart, context);
  if (fleet === null || worker === null || isUnpriced(worker)) return nothingSeen;
  const costsIn = costsOf(fleet, context);
  const engine = engineIn(context);
  const { ttftP95Ms, ...warm } = machineService(option, taskPart, worker.warm, engine, context);
  const { coldS, idleS } = costsIn(traced);
  const alone = tracedAlone(option, taskPart, worker.work.aloneS, engine, context);
  const inputs = [refined(coldS, tracedDiskGb(fleet.weights)), alone, idleS];
  const wait = tracedColdWait(sleeperOf(costsIn(numbers), worker.work), taskPart, inputs, context.workload);
  return {
    ...warm,
    ttftP95Ms:
      ttftP95Ms === null || wait === null
        ? ttftP95Ms
        : sum(
            `first token of ${taskPart.task}, p95`,
            'ms',
            named('first token on a worker that runs, p95', ttftP95Ms),
            parameter('the platform, p95', 'serverlessPlatformMs', context),
            wait,
          ),
  };
}

/** Every task part on workers of its own. */
function price(option: Option, taskParts: readonly TaskPart[], context: Context): CostLine[] | Unpriced {
  const { fleet } = option;
  if (fleet === null) return noSizes;
  const workers: Worker[] = [];
  for (const taskPart of taskParts) {
    const worker = workerFor(option, fleet, taskPart, context);
    if (isUnpriced(worker)) return worker;
    workers.push(worker);
  }
  const work = workers.map((worker) => worker.work);
  const words = () => wordsOf(option, fleet.weights, workers, context);
  return serverlessBill(costsOf(fleet, context), work, option.provider, context, words);
}

/** `workerSeconds`, the prediction of a request alone and the size of the weights, with their parts. */
function wordsOf(option: Option, weights: Weights, workers: readonly Worker[], context: Context): WorkerWords {
  const engine = engineIn(context);
  return {
    told: [tracedDiskGb(weights)],
    seconds(work) {
      const { taskPart, aloneS } = work;
      const warm = (workers.find((worker) => worker.work === work) as Worker).warm;
      const rate = tracedCapacity(option, taskPart, warm, engine, context);
      const label = `worker-seconds of a request of ${taskPart.task}`;
      return {
        alone: tracedAlone(option, taskPart, aloneS, engine, context),
        perRequest: quotient(
          label,
          's',
          tracedInHourFactor(taskPart, context),
          product('rate a worker is sized for', 'requests/s', rate, tracedHighestLoad(taskPart, context)),
        ),
      };
    },
  };
}
