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
  const largest = 4;
  const sizes = Array.from({ length: largest + 1 }, (_, power) => 2 ** power);
  /** copies[i x sizes + p]: how often the cache stands on 2^p cards; infinite where they do not split the heads. */
  const copies = new Float64Array(models.length * sizes.length);
  models.forEach(({ weights: { model } }, i) => {
    sizes.forEach((gpus, p) => {
      copies[i * sizes.length + p] = splitsHeads(model, gpus) ? kvCopies(model, gpus) : Number.POSITIVE_INFINITY;
    });
  });
  return ({ accelerator, gpus }) => {
    const runs = Uint8Array.from(schemes, (runsOn) => (schemeSupport(runsOn, accelerator.architecture, tables.architectures) === 'none' ? 0 : 1));
    const splits = splitsOf(gpus).map((split) => Math.log2(split)).filter((power) => power <= largest).reverse();
    const usable = splits.map((power) => usableBytes(accelerator, 2 ** power, reserve));
    const fits = new Uint8Array(models.length);
    for (let i = 0; i < fits.length; i++) {
      if (runs[schemeOf[i] as number] === 0) continue;
      for (let s = 0; s < splits.length && fits[i] === 0; s++) {
        const room = (usable[s] as number) - (bytes[i] as number);
        if (room >= (sequence[i] as number) * (copies[i * sizes.length + (splits[s] as number)] as number)) fits[i] = 1;
      }
    }
    return fits;
  };
}
