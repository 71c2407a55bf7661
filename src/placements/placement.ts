import type { Speculation } from '../capacity/speculation.js';
import type { CostLine, Unpriced } from '../cost/line.js';
import type { Staff } from '../cost/people.js';
import type { Traced } from '../cost/traced.js';
import type { Demand, LatencyFigure, Slice } from '../scenario/demand.js';
import type { Kind } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { Candidate } from './candidate.js';
import type { Option } from './option.js';
import type { Twins } from './twins.js';

/** What a slice would see, told part by part; null where it is not known. */
export type TracedService = Readonly<Record<'ttftP95Ms' | 'tokensPerSecond' | 'unitRequestsPerS', Traced | null>>;

/** What a slice would see on an option; null where the tables do not say. */
export type SliceService = {
  ttftP95Ms: number | null;
  tokensPerSecond: number | null;
  totalP95Ms: number | null;
  /** Requests/s that one unit of the fleet serves at saturation; null where the provider sizes. */
  unitRequestsPerS: number | null;
  limitedBy: string | null;
  /** Share of the users' devices that serve it within its targets; only where it runs on them. */
  shareAble?: number;
  /** Where a worker sleeps while nobody asks: the share of requests that wait for one to start, and for how long. */
  coldStarts?: { share: number; seconds: number };
};

/** Speed of one answer, tokens/s, before and under speculative decoding. */
export type Speculated = { plain: number; drafted: number };

/** USD a month of a bill without people, and units of the fleet at its busiest hour, spares included. */
export type Billed = { usd: number; units: number };

/** How much of an option is filled in: gates of a level read only what is known by then. */
export type Level = 'provider' | 'model' | 'option';

/** What the decision tells a placement while it looks for candidates. */
export type Search = {
  /**
   * Which slices may run there by the gates of this level (a whole option: by all that need no price), and the first gate
   * that turns down the largest task when none may.
   */
  admit(option: Option, level: Level): { serves: boolean[]; gate: string | null };
  /** Whether a slice may run there, once it is known what it would see. */
  admitsService(option: Option, slice: Slice, service: () => SliceService): boolean;
  /** Whether a rule about what a slice sees (of some figure) is asked of `admitsService`. */
  timed(slice: Slice, figure?: LatencyFigure): boolean;
  /** The first gate behind `admitsService` that turns an option down, of the largest task if it is that one's. */
  lateGate(option: Option, service: (slice: Slice) => SliceService): string | null;
  /** The earlier of two gates. */
  earlier(a: string | null, b: string | null): string | null;
  /** What does not depend on the volume, nor on `twinsOf`, made once for all volumes of a scenario. */
  shared<Value>(key: string, make: () => Value): Value;
  /** Whether there is anything to share it with. */
  shares: boolean;
  /** Counts `options` turned down by a gate, or (null) not turned down. */
  count(gate: string | null, options: number): void;
  /** Plans at least this dear do not matter (USD a month). */
  cut: number;
  /** Only what may be part of a plan below the cut matters: the best that a kind can do alone is not asked for. */
  belowCut: boolean;
  /** No more than what the best plan of other kinds than the best costs, as far as kinds before tell (USD a month). */
  runnerUp: number;
  /** Whether rules about whole plans are asked: then a cost alone proves nothing. */
  ruled: boolean;
  /** The least each slice costs on the kinds looked at before; infinite where none of them may serve it. */
  elsewhere: Float64Array;
  /** Slices that some option of the kind may serve, where that is known beforehand; see `Placement`. */
  served: readonly boolean[];
  /** Slices that nothing but an API may serve, as far as that is known beforehand. */
  onApis: readonly boolean[];
  /** Whether machines may leave what exceeds them to an API; then few of them, without spares, may be part of a plan. */
  leavesPeaks: boolean;
  /** Whether an API of it asks another price of a request in one month than in another while the volume moves. */
  moving: boolean;
  /**
   * Set: what a slice costs at the most to matter (USD a month, people included), each slice for itself; and at the end, unless that
   * is left out, what all of them cost on one candidate.
   */
  below: Float64Array | null;
  /** Told of what is found on the way, so that `below` may fall while a kind is still looked at. */
  note(found: readonly Candidate[]): void;
  /** Factor on the cheapest plan within which plans count as equal: 1 + tie band. */
  tie: number;
  /**
   * Cost of everything on this candidate, or (`rest`) with what it may not serve on APIs, if that is allowed and below a
   * limit; else infinite. What a kind costs at most bounds what is worth looking at.
   */
  upper(candidate: Candidate, rest: boolean, below: number): number;
  /** Set: look for twins of an option. */
  twinsOf: Twins | null;
};

export type Case = {
  demand: Demand;
  tables: Tables;
  /** What does not depend on the volume, shared by cases of one scenario at several volumes. */
  memo?: Map<string, unknown>;
};

/** Which slices some option of a kind may serve, whatever it costs: false is certain. */
export type Serves = {
  inTime: readonly boolean[];
  /** In a plan, which the rules of places hold for, and those about people and cash. */
  inPlans: readonly boolean[];
};

/** One kind of place to run. The decision knows nothing else of it. */
export interface Placement {
  kind: Kind;
  title: string;
  /** Billed per token, so that nothing is paid until something runs on it. */
  perToken: boolean;
  /** How long its options take to look at, by rank: what quick kinds cost bounds what is worth looking at in slow ones. */
  effort: number;
  /** Its options are few enough to look at each, for the best of those that a rule turns down. */
  few: boolean;
  /** Why there may be no option of this kind at all, where that is not for want of offers. */
  absent?: string;
  /** Every option of this kind that may serve a slice and may matter, with what the search needs to price it. */
  candidates(of: Case, search: Search): Candidate[];
  /** Absent: nothing is known before its candidates are. */
  serves?(of: Case, search: Search): Serves;
  /** Its machines stop while nobody asks, so that a start may take longer than some task can wait. */
  sleeps?: boolean;
  /** The option of an id, whether it is any good or not; a machine is cut up for what `search` lets it serve, else for all. */
  lookUp(id: string, of: Case, search?: Pick<Search, 'admit' | 'admitsService' | 'timed'>): Option | null;
  service(option: Option, slice: Slice, of: Case): SliceService | Unpriced;
  /** The same told part by part. */
  traceService(option: Option, slice: Slice, of: Case): TracedService;
  price(option: Option, slices: readonly Slice[], of: Case): CostLine[] | Unpriced;
  /**
   * What `price` comes to at the volume of the demand, in USD a month, and the units of a fleet that stand for it, without
   * lines and what they are made of: thousands of draws ask for nothing else. A kind without it is asked for its lines.
   */
  billed?(option: Option, slices: readonly Slice[], of: Case): Billed | Unpriced;
  /**
   * Tokens/s of one answer without and with a draft that proposes tokens, at a share of the saturation rate; null where
   * it does not run. Absent: the provider decides how it decodes.
   */
  speculated?(option: Option, slice: Slice, load: number, speculation: Speculation, of: Case): Speculated | null;
  /** What running it asks of people. */
  staff(option: Option, of: Case): Staff;
}
