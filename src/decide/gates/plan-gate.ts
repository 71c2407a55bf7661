import type { Demand } from '../../scenario/demand.js';
import type { Verdict } from './gate.js';

/** What a plan as a whole asks of money and people. */
export type PlanTotals = { fteNeeded: number; peakMonthCashUsd: number; upfrontUsd: number };

/** A hard rule about a whole plan. */
export type PlanGate = { id: string; check(totals: PlanTotals, demand: Demand): Verdict };
