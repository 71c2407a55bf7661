import { kvBytesPerSequence, kvCopies, splitsHeads, usableBytes } from '../capacity/memory.js';
import { schemeSupport } from '../capacity/scheme.js';
import type { OwnModel } from './own-weights.js';
import { shapeOf } from './own-weights.js';
import type { Case } from './placement.js';
import { splitsOf, type UnitType } from './rented-units.js';

/**
 * Which models fit which machines at all: one sequence of the shortest task beside the weights, in some
 * tensor-parallel size. Asked for every model on every machine, so on flat arrays.
 */
export function fitTable(models: readonly OwnModel[], of: Case): (unit: UnitType) => Uint8Array {
  const { demand, tables } = of;
  const reserve = { activationGbPerGpu: demand.assume('activationGbPerGpu'), runtimeGbPerGpu: demand.assume('runtimeGbPerGpu') };
  const overhead = demand.assume('pagedKvOverhead');
  const kvBits = demand.assume('kvCacheBits');
  const schemes = [...new Set(models.map(({ weights }) => weights.scheme.runsOn))];
  const schemeOf = Uint16Array.from(models, ({ weights }) => schemes.indexOf(weights.scheme.runsOn));
  const bytes = Float64Array.from(models, ({ weights }) => weights.bytes);
  const sequence = Float64Array.from(models, ({ option, weights }) => {
    const contexts = demand.slices.map((slice) => shapeOf(option, slice, of).contextTokens);
    return (kvBytesPerSequence(weights.model, Math.min(...contexts), kvBits) ?? Number.POSITIVE_INFINITY) * overhead;
  });
  return ({ accelerator, gpus }) => {
    const runs = schemes.map((runsOn) => schemeSupport(runsOn, accelerator.architecture, tables.architectures) !== 'none');
    const splits = splitsOf(gpus).reverse();
    const usable = splits.map((split) => usableBytes(accelerator, split, reserve));
    return Uint8Array.from(models, ({ weights: { model } }, i) => {
      if (!runs[schemeOf[i] as number]) return 0;
      return splits.some((split, s) => {
        const room = (usable[s] as number) - (bytes[i] as number);
        return room > 0 && splitsHeads(model, split) && room >= (sequence[i] as number) * kvCopies(model, split);
      })
        ? 1
        : 0;
    });
  };
}
