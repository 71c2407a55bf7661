import { at, type CostLine } from '../../cost/curve.js';

import { busyShare } from '../../decide/busy.js';
import { linesOf, type Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';

/** How busy the fleet of a plan is at its own volume; null where it has none. */
export function heldFleet(plan: Plan, context: Context): { busy: number } | null {
  const shares = plan.deployments.flatMap((deployment) => busyShare(deployment, context) ?? []);
  const [busy] = shares;
  // One that hands its peaks over is held by what pays for itself, not by how busy it is.
  const handsOver = plan.deployments.some(({ second }) => second?.role === 'overflow');
  return plan.deployments.length === 1 && !handsOver && busy !== undefined && busy > 0 ? { busy } : null;
}

/** Whether a line is of the fleet: it stays what it is while the fleet keeps its size, and so do its people. */
const ofFleet = ({ curve, part }: CostLine): boolean =>
  part.startsWith('people.') || curve.terms.some(({ is }) => is === 'replicas' || is === 'peak');

/** USD a month of a plan at a volume, its fleet held at the size it has at the scenario's own (`held`) or sized again. */
export function heldAt(plan: Plan, held: boolean, volume: number, { workload }: Context): number {
  if (!held) return at(plan.curve, volume);
  return linesOf(plan).reduce((usd, line) => usd + at(line.curve, ofFleet(line) ? workload.requestsPerDay : volume), 0);
}
