import type { Plan } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import type { ReadScenario } from '../../workload/read.js';
import { measuredOf } from '../../workload/workload.js';
import type { UncertainInput } from '../uncertainty/input.js';
import { capacityInput, uncertainInputs } from '../uncertainty/inputs.js';
import { type Effect, effectsOf, effectsOn } from './effects.js';
import { capacityOf, type Field, fieldOf, fieldOn } from './field.js';
import { representativesOf } from './representatives.js';

/** Rows that may be best, and what every uncertain input does to them. */
export type Drawable = { field: Field; effects: readonly Effect[]; inputs: readonly UncertainInput[] };

/**
 * All that may be best of one task; null: nothing fits.
 *
 * @param met plans that are priced whatever they cost
 */
export function drawableOf(read: ReadScenario, met: readonly Plan[], context: Context, seed: number): Drawable | null {
  const field = fieldOf(context, met, context.workload.assume('drawSurvivesTo'));
  if (field === null) return null;
  const representatives = representativesOf(field);
  const inputs = new Map(
    [
      ...uncertainInputs(read.scenario, representatives.plans, context, seed),
      ...capacityInputs(field, context, seed),
    ].map((input) => [input.path, input]),
  );
  const all = [...inputs.values()];
  return { field, inputs: all, effects: effectsOf(field, representatives, all, read) };
}

/** What every model on every card of the field is off by; what was measured is as sure as the scenario says. */
function capacityInputs(field: Field, { tables, workload }: Context, seed: number): UncertainInput[] {
  const found = new Map<string, UncertainInput | null>();
  for (let row = field.rows.apis; row < field.rows.paired; row++) {
    const pair = capacityOf(field, row);
    if (pair === null || measuredOf(workload.measured, pair.family, pair.accelerator) !== null) continue;
    const key = `${pair.family} ${pair.accelerator}`;
    if (!found.has(key)) found.set(key, capacityInput(pair.family, pair.accelerator, tables, seed));
  }
  return [...found.values()].filter((input) => input !== null);
}

/** Some rows of it, and their places there. */
export function drawableOn(
  { field, effects, inputs }: Drawable,
  some: Iterable<number>,
): Drawable & { places: Int32Array } {
  const { field: small, places } = fieldOn(field, some);
  return { field: small, effects: effectsOn(effects, field.rows.count, places), inputs, places };
}
