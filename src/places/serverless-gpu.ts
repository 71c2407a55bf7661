import { engineOf, type Weights } from '../capacity/replica.js';
import { type CostLine, isUnpriced, type Unpriced } from '../cost/curve.js';
import { tracedHighestLoad, tracedInHourFactor } from '../cost/deadline-sizing.js';
import { nobody, type Staff, staffFor } from '../cost/people.js';
import { serverlessBill, serverlessCosts, sleeperOf, type WorkerWords } from '../cost/serverless-costs.js';
import { type Figures, numbers, traced } from '../formula/figures.js';
import { named, parameter, product, quotient, refined, sum } from '../formula/traced.js';
import type { Kind } from '../tables/rows.js';
import type { TaskPart } from '../workload/workload.js';
import { diskGbOf, offerNamed, optionOf, tracedDiskGb } from './fleet-option.js';
import { memoryOnUnit, notServed, servedOn } from './fleet-service.js';
import type { FleetUnit, Option } from './option.js';
import { ownModelNamed, requestShapeOf } from './own-weights.js';
import {
  type Context,
  type MachineMemory,
  noSizes,
  type Placement,
  type TaskService,
  type TracedService,
  unsizableOption,
} from './placement.js';
import {
  rowOf,
  serverlessUnits,
  tracedColdWait,
  unsizable,
  type Worker,
  withColdStarts,
  workerOf,
} from './serverless-service.js';
import { machineService, nothingSeen, tracedAlone, tracedCapacity } from './service-trace.js';

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
