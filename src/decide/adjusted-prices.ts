import type { AdjustedPrices } from '../core/adjusted.js';
import type { Workload } from '../workload/workload.js';

/** Prices of preferences as the scenario, or else the tables, have them. */
export const adjustedPricesIn = ({ assume }: Pick<Workload, 'assume'>): AdjustedPrices => ({
  redoWeeks: assume('redoWeeks'),
  redoMonths: assume('redoMonths'),
  upkeepUsdPerPoint: assume('upkeepUsdPerPoint'),
  waitPerDoubling: assume('waitPerDoubling'),
  mostDoublings: assume('waitDoublings'),
  targetMargin: assume('targetMargin'),
  marginShare: assume('targetMarginShare'),
  atRisk: assume('atRisk'),
  ownedShare: assume('ownedShare'),
  ownedUsd: assume('ownedUsd'),
  placeUsd: assume('placeUsd'),
  confidence: assume('capabilityConfidence'),
});
