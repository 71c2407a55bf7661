import type { Demand } from '../../scenario/demand.js';
import type { Verdict } from './gate.js';

/** What a plan as a whole asks of money and people. */
export type PlanTotals = {
  fteNeeded: number;
  peakMonthCashUsd: number;
  upfrontUsd: number;
  /** Requests of the busiest minute by the provider that takes them, where it is somebody else's machines that do. */
  requestsPerMinute: ReadonlyMap<string, number>;
};

/** A hard rule about a whole plan. */
export type PlanGate = { id: string; check(totals: PlanTotals, demand: Demand): Verdict };
