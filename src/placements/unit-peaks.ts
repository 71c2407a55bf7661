import { type Peak, peakOf } from '../capacity/ceiling.js';
import type { Engine } from '../capacity/replica.js';
import { personal } from '../capacity/run-of.js';
import { schemeSupport } from '../capacity/scheme.js';
import type { QuantizationRow } from '../tables/rows.js';
import type { UnitType } from './fleet-units.js';
import type { Case } from './placement.js';

/**
 * Peak rates of a unit for each scheme, its cards cut into groups of any of these sizes; null where the scheme does not
 * run, or not for many users at once.
 */
export const peaksOf = (
  { accelerator, gpus }: UnitType,
  groups: readonly number[],
  schemes: readonly QuantizationRow[],
  engine: Engine,
  { tables }: Case,
): (Peak | null)[] =>
  schemes.map(({ runsOn, compute, batchedServing }) => {
    const support = schemeSupport(runsOn, accelerator.architecture, tables.architectures);
    return support === 'none' || !(batchedServing || personal.has(accelerator.kind))
      ? null
      : peakOf(accelerator, gpus, groups, compute, support, engine);
  });
