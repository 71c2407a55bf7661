import { mostCards } from '../capacity/request-rate.js';
import type { TaskService } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { onlyPart } from '../workload/workload.js';
import { kindOf } from './kinds.js';
import { optionAt } from './options.js';
import type { Priced } from './price.js';
import { type FirstTokenKey, queueKey } from './queues.js';

/** Whether somebody waits for the first token. */
export function isAwaited({ workload }: Priced): boolean {
  const { waits, needs } = onlyPart(workload);
  return waits === null && needs.ttftP95Ms !== null;
}

/** By machine, item and cut; of workers by offer and volume as well. */
export function firstTokenKey({ rows, shape, requestsPerDay }: Priced, row: number): FirstTokenKey {
  const { fits, admitted } = shape;
  const { units } = admitted.offers;
  const fit = rows.fit[row] as number;
  const unit = fits.unit[fit] as number;
  const machine = queueKey(admitted, unit, fits.item[fit] as number) * (mostCards + 1) + (fits.cards[fit] as number);
  return units.sleeps[unit] === 1 ? `${machine} ${rows.offer[row]} ${requestsPerDay}` : machine;
}

/** First token (p95, ms) of a row: under load, if computed. */
export function firstTokenMs(priced: Priced, row: number): number {
  const { rows, shape } = priced;
  const alone = rows.firstTokenMs[row] as number;
  if (shape.firstTokens.size === 0 || rows.fit[row] === -1) return alone;
  return shape.firstTokens.get(firstTokenKey(priced, row)) ?? alone;
}

/** First token (p95, ms) of a row's machine at its planned load; NaN: unknown. */
export function firstTokenUnderLoad(priced: Priced, row: number): number {
  const { shape, rows } = priced;
  const { assume, assumptions } = shape.context.workload;
  // Assumptions come from the shape, which records their use.
  const workload = { ...priced.workload, assume, assumptions };
  const taskPart = onlyPart(workload);
  const kind = kindOf[rows.kind[row] as number] as (typeof kindOf)[number];
  const seen = placementOf(kind).service(optionAt(priced, row), taskPart, { ...shape.context, workload });
  return 'unpriced' in seen ? Number.NaN : ((seen as TaskService).ttftP95Ms ?? Number.NaN);
}
