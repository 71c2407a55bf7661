import type { CapacityQuestion, PricedCapacity } from '../cost/capacity-cost.js';

/** The question as JSON has it. */
export const asked = ({ measured, contextTokens, load, speculation, targets, spread, rule }: CapacityQuestion) => ({
  model: measured.modelFamily,
  inputTokens: measured.promptTokens,
  outputTokens: measured.outputTokens,
  prefixHitRate: measured.prefixHitRate,
  speculation,
  contextTokens,
  load,
  targets,
  spread,
  rule,
});

/** The answer as JSON has it. */
export function plain({
  accelerator,
  count,
  scheme,
  engine,
  maxSequences,
  cacheBits,
  answer,
  price,
  warnings,
}: PricedCapacity) {
  return {
    accelerator,
    count,
    scheme,
    engine,
    maxSequences,
    cacheBits,
    ...answer,
    price: price && {
      usdPerHour: price.rent.usdPerHour,
      machines: price.rent.machines,
      gpusPerMachine: price.rent.gpusPerMachine,
      replicas: price.replicas,
      ratePerS: price.ratePerS,
      usdPerMTok: price.usdPerMTok,
      usdPerMOutputTok: price.usdPerMOutputTok,
      provider: price.rent.row.provider,
      instance: price.rent.row.instanceType,
      region: price.rent.row.region,
    },
    warnings,
  };
}
