import { type Peak, peakOf } from '../capacity/ceiling.js';
import type { Engine } from '../capacity/replica.js';
import { personal } from '../capacity/run-of.js';
import { schemeSupport } from '../capacity/scheme.js';
import type { AcceleratorRow, ArchitectureRow, QuantizationRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
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
): (Peak | null)[] {
  const known = peaksKnown(engine, accelerator, tables, `${gpus} ${groups.join()}`);
  return schemes.map((scheme) => {
    let peak = known.get(scheme);
    if (peak === undefined) {
      const { runsOn, compute, batchedServing } = scheme;
      const support = schemeSupport(runsOn, accelerator.architecture, tables.architectures);
      peak =
        support === 'none' || !(batchedServing || personal.has(accelerator.kind))
          ? null
          : peakOf(accelerator, gpus, groups, compute, support, engine);
      known.set(scheme, peak);
    }
    return peak;
  });
}

type Peaks = Map<string, WeakMap<QuantizationRow, Peak | null>>;
/** By engine, machine and architectures: the same for every scenario with the same assumptions. */
const remembered = new WeakMap<Engine, WeakMap<AcceleratorRow, WeakMap<readonly ArchitectureRow[], Peaks>>>();

function peaksKnown(engine: Engine, accelerator: AcceleratorRow, { architectures }: Tables, key: string) {
  const ofEngine = remembered.get(engine) ?? new WeakMap<AcceleratorRow, WeakMap<readonly ArchitectureRow[], Peaks>>();
  remembered.set(engine, ofEngine);
  const ofMachine = ofEngine.get(accelerator) ?? new WeakMap<readonly ArchitectureRow[], Peaks>();
  ofEngine.set(accelerator, ofMachine);
  const ofTables: Peaks = ofMachine.get(architectures) ?? new Map();
  ofMachine.set(architectures, ofTables);
  const peaks = ofTables.get(key) ?? new WeakMap<QuantizationRow, Peak | null>();
  ofTables.set(key, peaks);
  return peaks;
}
