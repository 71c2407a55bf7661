import { type Peak, peakOf } from '../capacity/ceiling.js';
import type { Engine } from '../capacity/replica.js';
import { personal } from '../capacity/run-of.js';
import { schemeSupport } from '../capacity/scheme.js';
import type { AcceleratorRow, QuantizationRow } from '../tables/rows.js';
import type { UnitType } from './fleet-units.js';
import type { Case } from './placement.js';

/**
 * Peak rates of a unit for each scheme, its cards cut into groups of any of these sizes; null where the scheme does not
 * run, or not for many users at once.
 */
export function peaksOf(
  { accelerator, gpus }: Pick<UnitType, 'accelerator' | 'gpus'>,
  groups: readonly number[],
  schemes: readonly QuantizationRow[],
  engine: Engine,
  { tables }: Case,
): readonly (Peak | null)[] {
  const known = peaksKnown(engine, accelerator, schemes);
  const key = `${gpus} ${groups.join()}`;
  let peaks = known.get(key);
  if (peaks === undefined) {
    peaks = schemes.map(({ runsOn, compute, batchedServing }) => {
      const support = schemeSupport(runsOn, accelerator.architecture, tables.architectures);
      return support === 'none' || !(batchedServing || personal.has(accelerator.kind))
        ? null
        : peakOf(accelerator, gpus, groups, compute, support, engine);
    });
    known.set(key, peaks);
  }
  return peaks;
}

type Peaks = Map<string, readonly (Peak | null)[]>;
/** By engine, machine and schemes of some tables: the same for every scenario with the same assumptions. */
const remembered = new WeakMap<Engine, WeakMap<AcceleratorRow, WeakMap<readonly QuantizationRow[], Peaks>>>();

function peaksKnown(engine: Engine, accelerator: AcceleratorRow, schemes: readonly QuantizationRow[]): Peaks {
  const ofEngine = remembered.get(engine) ?? new WeakMap<AcceleratorRow, WeakMap<readonly QuantizationRow[], Peaks>>();
  remembered.set(engine, ofEngine);
  const ofMachine = ofEngine.get(accelerator) ?? new WeakMap<readonly QuantizationRow[], Peaks>();
  ofEngine.set(accelerator, ofMachine);
  const peaks: Peaks = ofMachine.get(schemes) ?? new Map();
  ofMachine.set(schemes, peaks);
  return peaks;
}
