import type { MemoryFit } from '../capacity/memory.js';
import type { CostLine, Unpriced } from '../cost/curve.js';
import type { Staff } from '../cost/people.js';
import type { Traced } from '../formula/traced.js';
import type { HostingRow, Kind } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { LatencyFigure, TaskPart, Workload } from '../workload/workload.js';
import { type Option, optionId } from './option.js';

/** The service of a task part with derivations; null: unknown. */
export type TracedService = Readonly<Record<'ttftP95Ms' | 'tokensPerSecond' | 'unitRequestsPerS', Traced | null>>;

/** What a task part would see on an option; null where the tables do not say. */
export type TaskService = {
  ttftP95Ms: number | null;
  tokensPerSecond: number | null;
  totalP95Ms: number | null;
  /**
   * Part of the first token (p95, ms) independent of queues: a long prompt alone on the machine, or a worker's start,
   * whichever is later. Left out: as the first token above.
   */
  ttftP95AloneMs?: number;
  /** Where the first token (p95) is an estimate from a median: what it may be. */
  ttftP95Band?: { low: number; high: number };
  /** Requests a second of one unit at saturation; null: the provider sizes. */
  unitRequestsPerS: number | null;
  limitedBy: string | null;
  /** Share of the users' devices that serve it within its targets; devices only. */
  shareAble?: number;
  /** Seconds of the mean request on the slowest device that runs it; devices only. */
  busyS?: number;
  /** For scale to zero: the share of requests that wait for a start, and seconds. */
  coldStarts?: { share: number; seconds: number };
};

/** What machines are split for, where an option is looked up by id. */
export type LookUpFilter = {
  /** Which task parts rules on models let a model serve. */
  serves(option: Option): boolean[];
  /** Whether a task part may run there, once it is known what it would see. */
  admitsService(option: Option, taskPart: TaskPart, service: () => TaskService): boolean;
  /** Whether there is a target on the latency of a task part (on some figure). */
  timed(taskPart: TaskPart, figure?: LatencyFigure): boolean;
};

/** A model in the memory of one replica, or of a user's device. */
export type MachineMemory = MemoryFit & { accelerator: string; gpus: number };

export type Context = {
  workload: Workload;
  tables: Tables;
};

/** One kind of place to run. The decision knows nothing else of it. */
export interface Placement {
  kind: Kind;
  title: string;
  /** Billed per token, so that nothing is paid until something runs on it. */
  perToken: boolean;
  /** Why this kind may have no option, other than for want of offers. */
  absent?: string;
  /** The option of an id, feasible or not; its machine is split for what `filter` allows, else for all. */
  lookUp(id: string, context: Context, filter?: LookUpFilter): Option | null;
  service(option: Option, taskPart: TaskPart, context: Context): TaskService | Unpriced;
  /** The same with derivations. */
  traceService(option: Option, taskPart: TaskPart, context: Context): TracedService;
  /** Memory of a task part where it runs; absent: left to the provider. */
  memory?(option: Option, taskPart: TaskPart, context: Context): MachineMemory[];
  price(option: Option, taskParts: readonly TaskPart[], context: Context): CostLine[] | Unpriced;
  /** Its staff. */
  staff(option: Option, context: Context): Staff;
}

/** Why such a product is no option: how much of it a volume takes is not known. */
export const noSizes: Unpriced = { unpriced: 'unsizable: nothing says how much a unit of this product serves' };

/** The option of an id on a product whose rate per unit is unknown; null: none. */
export function unsizableOption(
  id: string,
  kind: Kind,
  products: readonly HostingRow[],
  models: () => readonly Option[],
): Option | null {
  for (const { provider, product } of products) {
    if (!id.startsWith(`${kind}/${provider}/`)) continue;
    for (const model of models()) {
      const option = { ...model, kind, provider, instance: product, reach: 'under-contract' as const, api: null };
      if (optionId(option) === id) return { ...option, id };
    }
  }
  return null;
}
