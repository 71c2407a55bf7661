import { activationS, efficiencyOf, linkBytesPerS, ratesOf, tensorShare } from '../capacity/machine.js';
import { activationBytes, usableBytes } from '../capacity/memory.js';
import { distinctTokens } from '../capacity/model-work.js';
import { type Engine, formatOn, settingOn } from '../capacity/replica.js';
import { type MachineColumns, type ModelColumns, mostCards, sequenceBytesAt } from '../capacity/request-rate.js';
import { schemeSupport } from '../capacity/scheme.js';
import type { AcceleratorRow, QuantizationRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { splitsOf } from './fleet-units.js';

/**
 * Memory each model needs per GPU, bytes: one sequence of `contextTokens` beside weights and activations, (weights + cache x
 * copies) / cards + activations of each card, on a group of so many cards, or in the best group that a unit can be cut into. A model fits when that is at most
 * what a card has. Infinite where no size divides the heads.
 */
export type Memory = { inGroup(cards: number): Float64Array; inUnit(gpus: number): Float64Array };

export function memoryOf(table: ModelColumns, contextTokens: Float64Array, engine: Engine): Memory {
  const sequence = contextTokens.map((tokens, item) => sequenceBytesAt(table, item, tokens) * engine.pagedKvOverhead);
  const inGroup = bySize((cards) =>
    sequence.map((bytes, item) => {
      const heads = table.heads[item] as number;
      if (cards > 1 && (heads === 0 || heads % cards !== 0)) return Number.POSITIVE_INFINITY;
      const activations = activationBytes(
        table.hiddenSize[item] as number,
        table.feedForward[item] as number,
        table.vocabulary[item] as number,
        cards,
        engine,
      );
      const copies = table.latent[item] === 1 ? cards : Math.max(1, cards / (table.kvHeads[item] as number));
      return ((table.weightBytes[item] as number) + bytes * copies) / cards + activations;
    }),
  );
  const inBest: (cards: number) => Float64Array = bySize((cards) => {
    const need = inGroup(cards);
    return cards === 1 ? need : need.map((x, i) => Math.min(x, inBest(cards / 2)[i] as number));
  });
  return { inGroup, inUnit: (gpus) => inBest(Math.max(...splitsOf(gpus))) };
}

function bySize(make: (cards: number) => Float64Array): (cards: number) => Float64Array {
  const known = new Map<number, Float64Array>();
  return (cards) => {
    const need = known.get(cards) ?? make(cards);
    known.set(cards, need);
    return need;
  };
}

/** Bytes one card has for weights and cache. */
export const bytesPerCard = (accelerator: AcceleratorRow, engine: Engine): number =>
  usableBytes(accelerator, 1, engine, engine.row.memoryFraction);

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
