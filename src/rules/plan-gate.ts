import type { Workload } from '../workload/workload.js';
import type { Verdict } from './gate.js';

/** What a plan as a whole asks for: money, people, places and machines. */
export type PlanTotals = {
  fteNeeded: number;
  peakMonthCashUsd: number;
  upfrontUsd: number;
  /** Requests of the busiest minute by the provider that takes them, where it is somebody else's machines that do. */
  requestsPerMinute: ReadonlyMap<string, number>;
  /** Places to run, second ones among them. */
  places: number;
  /** Accelerators of the fleets that count on what is owned already, one entry a fleet. */
  owned: readonly string[];
  /** Requests a day that machines at desks serve at a site, at most, by task; of tasks of which they serve several parts. */
  partsAtDesks: ReadonlyMap<string, number>;
};

/** A hard rule about a whole plan. */
export type PlanGate = { id: string; check(totals: PlanTotals, workload: Workload): Verdict };
