import { calcPrice } from '@pydantic/genai-prices';
import { type Quote, quote } from '../../src/cost/quote.js';
import type { ApiRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';

/** When both sides price: at noon, which is off the peak of those who have one. */
const noon = (day: string) => `${day}T12:00Z`;

/** Where the library names a provider otherwise; it also keeps lists of hosts as another router sells them. */
const libraryProviders: Readonly<Record<string, readonly string[]>> = {
  'aws-bedrock': ['aws'],
  'google-vertex': ['google'],
  moonshot: ['moonshotai'],
  xai: ['x-ai'],
};

/** This marketplace sells one maker's models world-wide and by region; our rows of them are the world-wide prices. */
function libraryModels({ provider, modelId }: ApiRow): string[] {
  return provider === 'aws-bedrock' && modelId.startsWith('anthropic.') ? [`global.${modelId}`, modelId] : [modelId];
}

export type Tokens = { input: number; cached: number; write: number; output: number };
/** A row of ours that the library knows too, and what the library charges for a call, in USD. */
export type KnownPair = {
  row: ApiRow;
  /** `provider:model` of the library. */
  name: string;
  /** Prompt sizes above which either side changes its prices. */
  thresholds: number[];
  price(tokens: Tokens): number;
};

/** The library's side of a row, or null if it does not know the model at that provider. */
export function inLibrary(row: ApiRow, day: string): KnownPair | null {
  const timestamp = new Date(noon(day));
  for (const providerId of libraryProviders[row.provider] ?? [row.provider, `huggingface_${row.provider}`]) {
    for (const model of libraryModels(row)) {
      const price = ({ input, cached, write, output }: Tokens): number | null => {
        const usage = {
          input_tokens: input,
          cache_read_tokens: cached,
          cache_write_tokens: write,
          output_tokens: output,
        };
        return calcPrice(usage, model, { providerId, timestamp })?.total_price ?? null;
      };
      const known = calcPrice({ input_tokens: 1, output_tokens: 1 }, model, { providerId, timestamp });
      if (known === null) continue;
      const tiers = Object.values(known.model_price).flatMap((each) =>
        typeof each === 'object' ? each.tiers.map(({ start }) => start) : [],
      );
      const own = [row.tierAboveInputTokens ?? [], row.furtherTiers.map(({ above }) => above)].flat();
      return {
        row,
        name: `${known.provider.id}:${known.model.id}`,
        thresholds: [...new Set([0, ...own, ...tiers])].sort((a, b) => a - b),
        price: (tokens) => price(tokens) ?? Number.NaN,
      };
    }
  }
  return null;
}

/** Our bill of the same call. */
export function ourQuote(tables: Tables, { provider, modelId }: ApiRow, tokens: Tokens): Quote {
  const { quote: bill, problems } = quote(tables, {
    provider,
    model: modelId,
    inputTokens: tokens.input,
    cachedTokens: tokens.cached,
    cacheWriteTokens: tokens.write,
    outputTokens: tokens.output,
    at: noon(tables.snapshot.date),
  });
  if (bill === null) throw new Error(`${provider}/${modelId}: ${problems[0]?.message}`);
  return bill;
}

export type Rates = { input: number; cached: number; write: number; output: number };
/** Prices per 1e6 tokens that differ for prompts above a size (up to the next one), and both sides of each. */
export type Band = { above: number; ours: Partial<Rates>; theirs: Partial<Rates> };

const nothing: Tokens = { input: 0, cached: 0, write: 0, output: 0 };
const aMillion = 1e6;

/** The prices per 1e6 tokens behind a bill, for prompts of a size. */
function ratesOf(bill: (tokens: Tokens) => number, prompt: number): Rates {
  const per = (tokens: Tokens): number => (bill(tokens) / prompt) * aMillion;
  return {
    input: per({ ...nothing, input: prompt }),
    cached: per({ ...nothing, input: prompt, cached: prompt }),
    write: per({ ...nothing, input: prompt, write: prompt }),
    output: bill({ ...nothing, input: prompt, output: aMillion }) - bill({ ...nothing, input: prompt }),
  };
}

export const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

/** Where the two sides differ, by prompt size; empty where they agree. */
export function differences(tables: Tables, { row, thresholds, price }: KnownPair): Band[] {
  const digits = (value: number): number => Number(value.toPrecision(9));
  return thresholds.flatMap((above) => {
    const ours = ratesOf((tokens) => ourQuote(tables, row, tokens).total, above + 1);
    const theirs = ratesOf(price, above + 1);
    const parts = (['input', 'cached', 'write', 'output'] as const).filter((part) => !same(ours[part], theirs[part]));
    if (parts.length === 0) return [];
    const only = (rates: Rates): Partial<Rates> => Object.fromEntries(parts.map((part) => [part, digits(rates[part])]));
    return [{ above, ours: only(ours), theirs: only(theirs) }];
  });
}
