import { activationS, efficiencyOf, linkBytesPerS, ratesOf, tensorShare } from '../capacity/machine.js';
import { activationBytes, usableBytes } from '../capacity/memory.js';
import { distinctTokens } from '../capacity/model-work.js';
import { type Engine, formatOn, settingOn } from '../capacity/replica.js';
import { type MachineColumns, mostCards } from '../capacity/request-rate.js';
import { schemeSupport } from '../capacity/scheme.js';
import type { AcceleratorRow, QuantizationRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';

/** Bytes one card has for weights and cache. */
export const bytesPerCard = (accelerator: AcceleratorRow, engine: Engine): number =>
  usableBytes(accelerator, 1, engine, engine.row.memoryFraction);

/** Rates of every accelerator (order of `acceleratorOf`) with every scheme under an engine, by column. */
export function machineTable(
  { acceleratorOf, architectures }: Pick<Tables, 'acceleratorOf' | 'architectures'>,
  schemes: readonly QuantizationRow[],
  engine: Engine,
): MachineColumns {
  const accelerators = [...acceleratorOf.values()];
  const pairs = (): Float64Array => new Float64Array(accelerators.length * schemes.length);
  const column = (): Float64Array => new Float64Array(accelerators.length);
  const table: MachineColumns = {
    schemes: schemes.length,
    runs: new Uint8Array(accelerators.length * schemes.length),
    prefillFlops: pairs(),
    decodeFlops: pairs(),
    attentionFlops: pairs(),
    weightBytesPerS: pairs(),
    cacheBytesPerS: pairs(),
    expertCompute: pairs(),
    expertBandwidth: column(),
    iterationS: column(),
    layerS: column(),
    expertLayerS: column(),
    sequenceS: column(),
    linkLatencyS: column(),
    linkBytesPerS: column(),
    distinctTokens: new Float64Array(accelerators.length * (engine.maxSequences + 1)),
    activationS: column(),
    tensorShare: new Float64Array(accelerators.length * mostCards),
    cardBytes: column(),
    maxSequences: engine.maxSequences,
    chunkTokens: engine.chunkTokens,
    // The formula is a sum of three products.
    activationBytes: {
      hidden: activationBytes(1, 0, 0, 1, engine),
      feedForward: activationBytes(0, 1, 0, 1, engine),
      vocabulary: activationBytes(0, 0, 1, 1, engine),
    },
  };
  for (const [a, accelerator] of accelerators.entries()) {
    const efficiency = efficiencyOf(engine.efficiency, settingOn(accelerator, engine));
    table.expertBandwidth[a] = efficiency.expertBandwidth;
    table.iterationS[a] = efficiency.iterationS;
    table.layerS[a] = efficiency.layerS;
    table.expertLayerS[a] = efficiency.expertLayerS;
    table.sequenceS[a] = efficiency.sequenceS;
    table.linkLatencyS[a] = efficiency.linkLatencyS;
    table.linkBytesPerS[a] = linkBytesPerS(accelerator, efficiency);
    for (let n = 0; n <= engine.maxSequences; n++)
      table.distinctTokens[a * (engine.maxSequences + 1) + n] = distinctTokens(n, efficiency.expertDiversity);
    table.activationS[a] = activationS(accelerator, efficiency);
    for (let cards = 1; cards <= mostCards; cards++)
      table.tensorShare[a * mostCards + cards - 1] = tensorShare(cards, efficiency.tensorLoss);
    table.cardBytes[a] = bytesPerCard(accelerator, engine);
    for (const [s, scheme] of schemes.entries()) {
      const support = schemeSupport(scheme.runsOn, accelerator.architecture, architectures);
      if (support === 'none') continue;
      const pair = a * schemes.length + s;
      const format = formatOn(scheme, support, engine);
      const rates = ratesOf(accelerator, format, false, efficiency);
      table.runs[pair] = 1;
      table.prefillFlops[pair] = rates.prefill;
      table.decodeFlops[pair] = rates.decode;
      table.expertCompute[pair] = ratesOf(accelerator, format, true, efficiency).decode / rates.decode;
      table.attentionFlops[pair] = rates.attention;
      table.weightBytesPerS[pair] = rates.bytes;
      table.cacheBytesPerS[pair] = rates.cacheBytes;
    }
  }
  return table;
}
