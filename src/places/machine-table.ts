import { efficiencyOf } from '../capacity/efficiency.js';
import { directions, ratesOf } from '../capacity/machine.js';
import { type Engine, formatOn, settingOn } from '../capacity/replica.js';
import type { MachineColumns } from '../capacity/request-rate.js';
import { schemeSupport } from '../capacity/scheme.js';
import type { QuantizationRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { bytesPerCard } from './fits.js';

/** What every accelerator, in the order of `acceleratorOf`, reaches with every scheme under an engine, column by column. */
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
    expertCompute: column(),
    expertBandwidth: column(),
    iterationS: column(),
    layerS: column(),
    expertLayerS: column(),
    sequenceS: column(),
    linkLatencyS: column(),
    linkBytesPerS: column(),
    cardBytes: column(),
    maxSequences: engine.maxSequences,
    chunkTokens: engine.chunkTokens,
  };
  for (const [a, accelerator] of accelerators.entries()) {
    const efficiency = efficiencyOf(engine.efficiency, settingOn(accelerator, engine));
    table.expertCompute[a] = efficiency.expertCompute;
    table.expertBandwidth[a] = efficiency.expertBandwidth;
    table.iterationS[a] = efficiency.iterationS;
    table.layerS[a] = efficiency.layerS;
    table.expertLayerS[a] = efficiency.expertLayerS;
    table.sequenceS[a] = efficiency.sequenceS;
    table.linkLatencyS[a] = efficiency.linkLatencyS;
    table.linkBytesPerS[a] = (Math.max(accelerator.interconnectGBs, 1) * 1e9 * efficiency.linkBandwidth) / directions;
    table.cardBytes[a] = bytesPerCard(accelerator, engine);
    for (const [s, scheme] of schemes.entries()) {
      const support = schemeSupport(scheme.runsOn, accelerator.architecture, architectures);
      if (support === 'none') continue;
      const pair = a * schemes.length + s;
      const rates = ratesOf(accelerator, formatOn(scheme.compute, support, engine), false, efficiency);
      table.runs[pair] = 1;
      table.prefillFlops[pair] = rates.prefill;
      table.decodeFlops[pair] = rates.decode;
      table.attentionFlops[pair] = rates.attention;
      table.weightBytesPerS[pair] = rates.bytes;
      table.cacheBytesPerS[pair] = rates.cacheBytes;
    }
  }
  return table;
}
