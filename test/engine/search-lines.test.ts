import { expect, test } from 'vitest';
import { linesBelow, linesUnder, slopes } from '../../src/decide/search-lines.js';
import { survey } from '../../src/decide/survey.js';
import { candidateCost } from '../../src/placements/candidate.js';
import { shippedTables } from '../load.js';
import { someOf } from './brute-force.js';
import { caseOf, type Written } from './scenario.js';

const own = { data: { boundary: 'own-account' } };
const faq = { name: 'faq', type: 'faq-chat' };
const rag = { name: 'rag', type: 'rag-answering' };
const scenarios: Record<string, Written> = {
  'one profile': {
    workload: { volume: '3M requests/day' },
    tasks: [
      { ...faq, share: '60%', ...own },
      { ...rag, share: '40%', ...own },
    ],
  },
  'one profile, growing, one with a volume of its own': {
    workload: { volume: '400k requests/day', growth: '8% per month', horizon: '24 months' },
    tasks: [
      { ...faq, ...own },
      { ...rag, volume: '30k requests/day', ...own },
    ],
  },
  'work that may wait': {
    workload: { volume: '2M requests/day' },
    tasks: [
      { ...faq, share: '60%', ...own },
      { name: 'digest', type: 'summarization', share: '40%', deadline: '6h', ...own },
    ],
  },
  'pairs with an API': {
    workload: { volume: '20M requests/day', profile: 'spiky' },
    tasks: [
      { ...faq, share: '60%' },
      { ...rag, share: '40%' },
    ],
  },
};

// Sums in another order differ in their last digits.
const certainly = 1 + 1e-9;

test.each(Object.keys(scenarios))('no line of any slope lies above what a candidate costs: %s', async (name) => {
  const of = await caseOf(scenarios[name] as Written, someOf(await shippedTables(), 0.15, 2));
  const { undropped, pairs } = survey(of);
  const candidates = [...[...undropped.values()].flat(), ...pairs];
  const under = linesUnder(candidates, linesBelow(candidates, of.demand), of.demand);
  const count = of.demand.slices.length;
  let close = 0;
  for (const [c, candidate] of candidates.entries()) {
    for (let set = 1; set < 2 ** count; set++) {
      const slices = of.demand.slices.flatMap((_, s) => ((set >> s) & 1 ? [s] : []));
      if (slices.some((s) => Number.isNaN(candidate.linear[s] as number))) continue;
      const usd = candidateCost(candidate, slices, of.demand);
      for (const [slope, share] of slopes.entries()) {
        const { starts, lines } = under[c] as (typeof under)[number];
        const line = lines[slope] as Float64Array;
        const least = slices.reduce((sum, s) => sum + (line[s] as number), starts[slope] as number);
        expect(least, `${candidate.option().id} with ${slices} at slope ${share}`).toBeLessThanOrEqual(usd * certainly);
        if (candidate.fleet !== null && least > 0.9 * usd) close++;
      }
    }
  }
  // Lines far below would be sound as well, and useless.
  expect(close).toBeGreaterThan(0);
});
