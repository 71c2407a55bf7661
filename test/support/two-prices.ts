import type { Prose, Tables } from '../../src/tables/tables.js';
import { fewRows } from './few-rows.js';
import { shipped } from './load.js';
import { tablesWith } from './scenario.js';

export const closed = 'openai/gpt-5-nano';
export const open = 'together/meta-llama/Llama-3.3-70B-Instruct-Turbo';

/** Where asked for: in the same deployment type as the closed one. */
export const another = 'openai/gpt-4o';

/** USD per 1e6 tokens read and written. */
type Usd = [input: number, output: number];

/**
 * Tables that sell two models, each in another deployment type, at prices that a test chooses: a closed one that scores 50.7
 * without thinking and an open one that scores 53.4 and cannot think. What is advised follows by hand.
 */
export function twoPrices(all: Tables, usd: { closed: Usd; open: Usd; another?: Usd }): Tables {
  const prices = new Map([
    [closed, usd.closed],
    [open, usd.open],
    ...(usd.another === undefined ? [] : ([[another, usd.another]] as const)),
  ]);
  const api = [...prices].map(([name, [inputUsdPerMTok, outputUsdPerMTok]]) => {
    const row = all.api.find(({ provider, modelId }) => `${provider}/${modelId}` === name);
    if (row === undefined) throw new Error(`${name} is not on sale`);
    // What is no subject of such a test: that a model is switched off one day.
    return { ...row, inputUsdPerMTok, outputUsdPerMTok, cachedInputUsdPerMTok: null, retires: null };
  });
  return tablesWith(fewRows(all), { api, rental: [], hosting: [] });
}

/** The closed model cheap to read and dear to write, ten to one, the open one the other way round; with the prose. */
export async function oppositePrices(): Promise<{ tables: Tables; prose: Prose }> {
  const { tables, prose } = await shipped();
  return { prose, tables: twoPrices(tables, { closed: [1, 10], open: [10, 1] }) };
}
