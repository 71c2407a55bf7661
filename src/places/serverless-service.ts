import { mayWait } from '../cost/batching.js';
import { unitsNeeded } from '../cost/fleet.js';
import { coldShares, coldWaitS, type Sleeper, spellsOf } from '../cost/serverless.js';
import type { ServerlessWork } from '../cost/serverless-costs.js';
import { requestsPerSecondOf } from '../cost/task-trace.js';
import { predicted, type Traced } from '../formula/traced.js';
import type { HostingRow } from '../tables/rows.js';
import { msPerSecond, secondsPerDay, secondsPerHour } from '../units/clock.js';
import { perObject } from '../units/memo.js';
import type { Bursts, TaskPart, Workload } from '../workload/workload.js';
import { aloneS, type Served, withinTargets } from './fleet-service.js';
import { type UnitType, unitTypes } from './fleet-units.js';
import { onceForTables } from './market.js';
import type { Context, TaskService } from './placement.js';

/** What a 95th percentile leaves out. */
const tail = 0.05;

/** A task part on its own worker: its service once that runs, and its work. */
export type Worker = { warm: TaskService; work: ServerlessWork };

/** A worker's time for one request, at the load that it is sized for. */
export const workerSeconds = (taskPart: TaskPart, requestsPerS: number, workload: Workload): number =>
  (unitsNeeded(taskPart, requestsPerS, workload) * secondsPerDay) / taskPart.requestsPerDay;

/** A task part on a worker that keeps its targets, where it can. */
export function workerOf(served: Served): Worker {
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
export function tracedColdWait(
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
