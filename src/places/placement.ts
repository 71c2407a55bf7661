import type { Speculation } from '../capacity/speculation.js';
import type { CostLine, Unpriced } from '../cost/curve.js';
import type { Staff } from '../cost/people.js';
import type { Traced } from '../formula/traced.js';
import type { Kind } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { LatencyFigure, TaskPart, Workload } from '../workload/workload.js';
import type { Candidate } from './candidate.js';
import type { Option } from './option.js';
import type { RowGroup } from './row.js';
import type { TaskColumns } from './task-columns.js';

/** What a task part would see, told part by part; null where it is not known. */
export type TracedService = Readonly<Record<'ttftP95Ms' | 'tokensPerSecond' | 'unitRequestsPerS', Traced | null>>;

/** What a task part would see on an option; null where the tables do not say. */
export type TaskService = {
  ttftP95Ms: number | null;
  tokensPerSecond: number | null;
  totalP95Ms: number | null;
  /**
   * What no queue changes of the first token (p95): a long prompt that has its machine to itself, or the start of a worker, whichever
   * is later. Left out: the first token as above.
   */
  ttftP95AloneMs?: number;
  /** Where the first token (p95) is an estimate from a median: what it may be. */
  ttftP95Band?: { low: number; high: number };
  /** Requests/s that one unit of the fleet serves at saturation; null where the provider sizes. */
  unitRequestsPerS: number | null;
  limitedBy: string | null;
  /** Share of the users' devices that serve it within its targets; only where it runs on them. */
  shareAble?: number;
  /** Seconds that a device is busy with the mean request, on the slowest that runs it; only there. */
  busyS?: number;
  /** Where a worker sleeps while nobody asks: the share of requests that wait for one to start, and for how long. */
  coldStarts?: { share: number; seconds: number };
};

/** Speed of one answer, tokens/s, before and under speculative decoding. */
export type Speculated = { plain: number; drafted: number };

/** USD a month of a bill without people, and the mean number of its machines at a site. */
export type Billed = { usd: number; machines: number };

/** How much of an option is filled in: gates of a level read only what is known by then. */
export type Level = 'provider' | 'model' | 'option';

/** The rules as they are asked of options of a workload, and what is counted on the way. */
export type Filter = {
  /**
   * Which task parts may run there by the gates of this level (a whole option: by all that need no price), and the first gate
   * that turns down the largest task when none may.
   */
  admit(option: Option, level: Level): { serves: boolean[]; gate: string | null };
  /** Whether a task part may run there, once it is known what it would see. */
  admitsService(option: Option, taskPart: TaskPart, service: () => TaskService): boolean;
  /** Whether a rule about what a task part sees (of some figure) is asked of `admitsService`. */
  timed(taskPart: TaskPart, figure?: LatencyFigure): boolean;
  /** Latest first token (ms) that somebody waits for, where a rule asks for it: see `TaskService.ttftP95AloneMs`. */
  latestTtftMs(taskPart: TaskPart): number | null;
  /** The first gate behind `admitsService` that turns an option down, of the largest task if it is that one's. */
  lateGate(option: Option, service: (taskPart: TaskPart) => TaskService): string | null;
  /** The earlier of two gates. */
  earlier(a: string | null, b: string | null): string | null;
  /** What does not depend on the volume, made once for all volumes of a scenario. */
  shared<Value>(key: string, make: () => Value): Value;
  /** Counts `options` turned down by a gate, or (null) not turned down. */
  count(gate: string | null, options: number): void;
};

export type Context = {
  workload: Workload;
  tables: Tables;
  /** What does not depend on the volume, shared by cases of one scenario at several volumes. */
  memo?: Map<string, unknown>;
};

/** One kind of place to run. The decision knows nothing else of it. */
export interface Placement {
  kind: Kind;
  title: string;
  /** Billed per token, so that nothing is paid until something runs on it. */
  perToken: boolean;
  /** Why there may be no option of this kind at all, where that is not for want of offers. */
  absent?: string;
  /** Every option of this kind that rules let serve a task part, where they are few enough to look at each; counts all. */
  candidates?(context: Context, filter: Filter): Candidate[];
  /** Absent where it has `candidates`: what it has, by machine or offer. */
  groups?(context: Context, filter: Filter, columns: TaskColumns): RowGroup[];
  /** Counts the options of `groups`. */
  count?(context: Context, filter: Filter): void;
  /** The option of an id, whether it is any good or not; a machine is cut up for what `filter` lets it serve, else for all. */
  lookUp(id: string, context: Context, filter?: Pick<Filter, 'admit' | 'admitsService' | 'timed'>): Option | null;
  service(option: Option, taskPart: TaskPart, context: Context): TaskService | Unpriced;
  /** The same told part by part. */
  traceService(option: Option, taskPart: TaskPart, context: Context): TracedService;
  price(option: Option, taskParts: readonly TaskPart[], context: Context): CostLine[] | Unpriced;
  /**
   * What `price` comes to at the volume of the workload, in USD a month, and the mean number of machines, without
   * lines and what they are made of: thousands of draws ask for nothing else. A kind without it is asked for its lines.
   */
  billed?(option: Option, taskParts: readonly TaskPart[], context: Context): Billed | Unpriced;
  /**
   * Tokens/s of one answer without and with a draft that proposes tokens, at a share of the saturation rate; null where
   * it does not run. Absent: the provider decides how it decodes.
   */
  speculated?(
    option: Option,
    taskPart: TaskPart,
    load: number,
    speculation: Speculation,
    context: Context,
  ): Speculated | null;
  /** What running it asks of people. */
  staff(option: Option, context: Context): Staff;
}
