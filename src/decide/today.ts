import { fteUsdPerMonth } from '../cost/people.js';
import type { Context } from '../places/placement.js';
import { todaysPlanIfKnown } from './find-plan.js';
import { billsOf, todaysBills } from './timeline.js';

/** The bill of what is in use today, as providers write it, and the people it takes; USD a month. */
export type Today = {
  billUsd: number;
  /** The bill in a mean month of the horizon, which a plan's cost is one of. */
  meanBillUsd: number;
  /** Its people, and its bill of the first month at the prices of the tables; null: nobody knows what is in use. */
  peopleUsd: number | null;
  listBillUsd: number | null;
};

/** Null where the scenario has no bill of today. */
export function todayOf(context: Context): Today | null {
  const { workload } = context;
  const bills = todaysBills(context);
  const billUsd = workload.today?.billUsdPerMonth ?? null;
  if (bills === null || billUsd === null) return null;
  const now = todaysPlanIfKnown(context);
  const peopleUsd = now && fteUsdPerMonth(now.fte, workload);
  const mean = bills.reduce((sum, usd) => sum + usd, 0) / bills.length;
  return {
    billUsd,
    meanBillUsd: mean - (workload.requestsPerDay === 0 ? 0 : (peopleUsd ?? 0)),
    peopleUsd,
    listBillUsd: now && (billsOf(now, context)[0] ?? 0) - (peopleUsd ?? 0),
  };
}
