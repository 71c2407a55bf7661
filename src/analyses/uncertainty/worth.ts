import { costsOfPlan, type Sample, valuesOfInput } from './sample.js';

/** Equal parts into which the draws are cut by an input's value, by how many draws there are: enough in each for a mean. */
const drawsOfBin = 128;
const fewestBins = 4;
/** Of the cost: less than this is how far sums are off. */
const leastShare = 1e-9;

/**
 * USD a month that knowing an input exactly is worth before choosing a plan (EVPPI): the least mean cost of one plan for all
 * draws, less that of the best plan for each part of the input's range. What numbers that costs depend on in no way seem
 * worth at the most, which is how far such a difference is chance, is taken off.
 */
export function worthOf(sample: Sample, plans: readonly number[], chance: readonly Float64Array[]): Float64Array {
  const { inputs, draws } = sample;
  const all = Array.from({ length: draws }, (_, k) => k);
  const whole = leastMean(sample, plans, all);
  const bins = Math.max(fewestBins, Math.floor(draws / drawsOfBin));
  const known = (values: Float64Array): number => {
    const sorted = all.toSorted((a, b) => (values[a] as number) - (values[b] as number));
    let usd = 0;
    for (let bin = 0; bin < bins; bin++) {
      const part = sorted.slice(Math.floor((bin * draws) / bins), Math.floor(((bin + 1) * draws) / bins));
      usd += (leastMean(sample, plans, part) * part.length) / draws;
    }
    return whole - usd;
  };
  const byChance = Math.max(0, ...chance.map(known));
  const negligible = whole * leastShare;
  return Float64Array.from(inputs, (_, i) => {
    const values = valuesOfInput(sample, i);
    if (values.some(Number.isNaN)) return 0;
    const worth = known(values) - byChance;
    return worth > negligible ? worth : 0;
  });
}

/** The least mean cost of one plan over some draws. */
function leastMean(sample: Sample, plans: readonly number[], draws: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const p of plans) {
    const costs = costsOfPlan(sample, p);
    let sum = 0;
    for (const k of draws) sum += costs[k] as number;
    if (sum / draws.length < least) least = sum / draws.length;
  }
  return least;
}
