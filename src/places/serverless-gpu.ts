import { engineOf, type Weights, weightsOf } from '../capacity/replica.js';
import { schemeSupport } from '../capacity/scheme.js';
import { requestsPerMonthPerDaily } from '../cost/axis.js';
import { egress } from '../cost/egress.js';
import { windowsOf } from '../cost/gathered.js';
import type { CostLine, Unpriced } from '../cost/line.js';
import {
  ratesOf,
  serverlessBill,
  serverlessCosts,
  sleeperOf,
  type WorkerWords,
  workersUsd,
} from '../cost/serverless-costs.js';
import { given, named, parameter, product, quotient, refined, sum } from '../formula/traced.js';
import type { Kind } from '../tables/rows.js';
import type { Slice } from '../workload/demand.js';
import { diskGbOf, optionOf, tracedDiskGb } from './fleet-option.js';
import type { FleetUnit, Option } from './option.js';
import { ownModels, shapeOf, suitsMarket } from './own-weights.js';
import type { Billed, Case, Placement, SliceService, TracedService } from './placement.js';
import { tracedColdWait, type Worker, withColdStarts, workerOn } from './serverless-service.js';
import { rowOf, serverlessUnits, unsizable } from './serverless-units.js';
import { machineService, nothingSeen, tracedAlone, tracedCapacity } from './service-trace.js';
import { noSizes, unsizableOption } from './unsizable.js';
import { countWorkers, workerGroups } from './worker-rows.js';

const kind: Kind = 'serverless-gpu';

/**
 * Open weights on GPUs that a host bills by the second and stops when nobody asks. A worker holds one replica on one GPU
 * or several, and every slice has workers of its own: none is kept up by the requests of another, so that what slices cost
 * adds up, and who shares a deployment shares its weights and its people only.
 */
export const serverlessGpu: Placement = {
  kind,
  title: 'Serverless GPUs, billed by the second',
  perToken: false,
  groups: (of, filter, workload) => workerGroups(kind, staffIn(of), engineIn(of), of, filter, workload),
  count: (of, filter) => countWorkers(kind, engineIn(of), of, filter),
  lookUp,
  service,
  traceService,
  price,
  billed,
  staff: (_, of) => staffIn(of),
};

const engineIn = ({ demand, tables }: Case) => engineOf(demand, tables);

const staffIn = ({ demand }: Case) => ({
  api: false,
  fleet: false,
  gpusPerUnit: 0,
  role: { name: 'fteServerlessGpu', fte: demand.assume('fteServerlessGpu') },
  setup: 'setupEffortServerlessGpu',
});

function lookUp(id: string, of: Case): Option | null {
  if (!id.startsWith(`${kind}/`)) return null;
  const models = ownModels(of)
    .families.filter(({ option }) => id.includes(`/${option.model}`))
    .flatMap(({ schemes }) => schemes)
    .filter(({ weights }) => suitsMarket(weights.scheme, { personal: false }));
  for (const unit of serverlessUnits(of)) {
    for (const offer of unit.offers) {
      if (!id.startsWith(`${kind}/${offer.provider}/`)) continue;
      for (const model of models) {
        const option = optionOf(kind, model, unit, offer, unit.gpus, 1);
        if (option.id === id) return option;
      }
    }
  }
  const products = of.tables.hosting.filter(unsizable);
  return unsizableOption(id, kind, products, () => models.map(({ option }) => option));
}

const noRoom = { unpriced: 'does not fit, or is too slow' };

/** A worker as an option has it, with what it costs; null: no such hardware. */
function placed({ fleet }: Option, of: Case) {
  const weights = fleet === null ? null : weightsOf(fleet.model, fleet.scheme);
  if (fleet === null || weights === null) return null;
  const row = rowOf(fleet.offer, of);
  const costs = serverlessCosts({ row, gpus: fleet.gpusPerUnit, weightsGb: diskGbOf(weights) }, of.demand, of.tables);
  return { fleet, weights, costs, rates: ratesOf(costs) };
}

function workerFor(option: Option, fleet: FleetUnit, weights: Weights, slice: Slice, of: Case): Worker | null {
  const { accelerator, gpusPerUnit, scheme } = fleet;
  const support = schemeSupport(scheme.runsOn, accelerator.architecture, of.tables.architectures);
  const shape = shapeOf(option, slice, of);
  const drafted = workerOn(weights, accelerator, gpusPerUnit, support, shape, slice, true, engineIn(of), of);
  return drafted?.worker() ?? null;
}

function service(option: Option, slice: Slice, of: Case): SliceService | Unpriced {
  const at = placed(option, of);
  if (at === null) return noSizes;
  const worker = workerFor(option, at.fleet, at.weights, slice, of);
  return worker === null ? noRoom : withColdStarts(worker.warm, sleeperOf(at.rates, worker.work), slice, of.demand);
}

function traceService(option: Option, slice: Slice, of: Case): TracedService {
  const at = placed(option, of);
  const worker = at && workerFor(option, at.fleet, at.weights, slice, of);
  if (at === null || worker === null) return nothingSeen;
  const engine = engineIn(of);
  const { ttftP95Ms, ...warm } = machineService(option, slice, worker.warm, engine, of);
  const { coldS, idleS } = at.costs;
  const alone = tracedAlone(option, slice, worker.work.aloneS, engine, of);
  const inputs = [refined(coldS, tracedDiskGb(at.weights)), alone, idleS];
  const wait = tracedColdWait(sleeperOf(at.rates, worker.work), slice, inputs, of.demand);
  return {
    ...warm,
    ttftP95Ms:
      ttftP95Ms === null || wait === null
        ? ttftP95Ms
        : sum(
            `first token of ${slice.task}, p95`,
            'ms',
            named('first token on a worker that runs, p95', ttftP95Ms),
            wait,
          ),
  };
}

function price(option: Option, slices: readonly Slice[], of: Case): CostLine[] | Unpriced {
  const at = placed(option, of);
  if (at === null) return noSizes;
  const workers = workersOf(option, at, slices, of);
  if (workers === null) return noRoom;
  const work = workers.map((worker) => worker.work);
  const words = () => wordsOf(option, at.weights, workers, of);
  return serverlessBill(at.costs, work, option.provider, of.demand, of.tables, words);
}

/** `workerSeconds`, the prediction of a request alone and the size of the weights, told part by part. */
function wordsOf(option: Option, weights: Weights, workers: readonly Worker[], of: Case): WorkerWords {
  const engine = engineIn(of);
  return {
    told: [tracedDiskGb(weights)],
    seconds(work) {
      const { slice, aloneS } = work;
      const warm = (workers.find((worker) => worker.work === work) as Worker).warm;
      const rate = tracedCapacity(option, slice, warm, engine, of);
      const label = `worker-seconds of a request of ${slice.task}`;
      return {
        alone: tracedAlone(option, slice, aloneS, engine, of),
        perRequest:
          windowsOf(slice) === null
            ? quotient(
                label,
                's',
                parameter('busiest minutes over their hour', 'inHourFactor', of),
                product('rate a worker is sized for', 'requests/s', rate, parameter('highest load', 'highestLoad', of)),
              )
            : quotient(label, 's', given('one request', 1, 'requests'), rate),
      };
    },
  };
}

function billed(option: Option, slices: readonly Slice[], of: Case): Billed | Unpriced {
  const at = placed(option, of);
  if (at === null) return noSizes;
  const workers = workersOf(option, at, slices, of);
  if (workers === null) return noRoom;
  const { demand, tables } = of;
  let usd = at.costs.storage.value;
  for (const { work: one } of workers) {
    const { slice } = one;
    const traffic = egress(option.provider, slice, demand, tables).amount.value;
    usd += workersUsd(at.rates, one, demand) + traffic * requestsPerMonthPerDaily(slice, demand) * slice.requestsPerDay;
  }
  return { usd, units: 0 };
}

type Placed = NonNullable<ReturnType<typeof placed>>;

/** Every slice on workers of its own; null where one has no room. */
function workersOf(option: Option, { fleet, weights }: Placed, slices: readonly Slice[], of: Case): Worker[] | null {
  const workers: Worker[] = [];
  for (const slice of slices) {
    const worker = workerFor(option, fleet, weights, slice, of);
    if (worker === null) return null;
    workers.push(worker);
  }
  return workers;
}
