import type { Tables } from '../../src/tables/tables.js';
import { fewRows } from './few-rows.js';
import { tablesWith } from './scenario.js';

export const closed = 'openai/gpt-5-nano';
export const open = 'together/meta-llama/Llama-3.3-70B-Instruct-Turbo';

/** USD per 1e6 tokens read and written. */
type Usd = [input: number, output: number];

/**
 * Tables that sell two models, each in another kind of place, at prices that a test chooses: a closed one that scores 50.7
 * without thinking and an open one that scores 53.4 and cannot think. What is advised follows by hand.
 */
export function twoPrices(all: Tables, usd: { closed: Usd; open: Usd }): Tables {
  const api = [closed, open].map((name) => {
    const row = all.api.find(({ provider, modelId }) => `${provider}/${modelId}` === name);
    if (row === undefined) throw new Error(`${name} is not on sale`);
    const [inputUsdPerMTok, outputUsdPerMTok] = name === closed ? usd.closed : usd.open;
    return { ...row, inputUsdPerMTok, outputUsdPerMTok, cachedInputUsdPerMTok: null };
  });
  return tablesWith(fewRows(all), { api, rental: [], hosting: [] });
}
