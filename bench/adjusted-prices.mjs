/** Prices of preferences, at their likely values: see `src/core/adjusted.ts`. */
export const adjustedPrices = {
  redoWeeks: 1,
  redoMonths: 1,
  upkeepUsdPerPoint: 6,
  waitPerDoubling: 0.03,
  mostDoublings: 10,
  targetMargin: 0.1,
  marginShare: 0.1,
  atRisk: 0.25,
  ownedShare: 0.1,
  ownedUsd: 100,
  placeUsd: 25,
  confidence: 0.85,
};
