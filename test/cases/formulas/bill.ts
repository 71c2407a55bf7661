import { promptTier } from '../../../src/cost/token-prices.js';
import { type BilledPart, tokenBill } from '../../../src/cost/tokens.js';
import { type Formula, hourNames, hoursUsed, monthOf } from '../formula.js';
import type { Inputs } from '../inputs.js';
import {
  batchFactor,
  blendedPrice,
  cachePaysFromUses,
  provisionedUnits,
  rentUsd,
  retryFactor,
} from '../textbook/bill.js';
import type { Quantity, Unit } from '../unit.js';
import { readVolume, sharesOf, type Volume, volumeNames } from './volume.js';

const priceNames =
  'usd_per_million usd_per_million_input usd_per_million_output usd_per_million_blended usd_per_million_cached_input ' +
  'cache_read_multiplier cache_write_multiplier tier_above_input_tokens tier_usd_per_million_input ' +
  'tier_usd_per_million_output';
const factorNames =
  'batch_share batch_factor region_factor discount failure_rate max_retries failed_billed_share minimum_usd';
const fixedNames =
  'session_hours usd_per_session_hour searches usd_per_thousand_searches egress_gb usd_per_gb storage_gb ' +
  'usd_per_gb_month fixed_usd';

/** USD per 1e6 tokens of each part; one flat or blended price holds for input and output. */
function pricesOf(inputs: Inputs, { tokens, split }: Pick<Volume, 'tokens' | 'split'>): Record<BilledPart, number> {
  const flat = inputs.has('usd_per_million', 'usd_per_million_blended')
    ? inputs.number('usd_per_million', 'usd_per_million_blended')
    : null;
  const of = (name: string, counts: number): number => {
    if (inputs.has(name)) return inputs.number(name);
    if (flat !== null) return flat;
    return counts > 0 ? inputs.number(name, 'usd_per_million') : 0;
  };
  const only = split ? null : (['_output', '_input'] as const).filter((end) => inputs.has(`usd_per_million${end}`));
  if (only?.length === 2) inputs.problem('missing `input_share` or `output_share`: input and output differ in price');
  // All tokens at the one price there is.
  const single = only?.length === 1 ? inputs.number(`usd_per_million${only[0]}`) : null;
  const { input, output } = promptTier(
    {
      inputUsdPerMTok: single ?? of('usd_per_million_input', tokens.prompt),
      outputUsdPerMTok: single ?? of('usd_per_million_output', tokens.output),
      tierAboveInputTokens: inputs.has('tier_above_input_tokens') ? inputs.number('tier_above_input_tokens') : null,
      tierInputUsdPerMTok: inputs.has('tier_usd_per_million_input')
        ? inputs.number('tier_usd_per_million_input')
        : null,
      tierOutputUsdPerMTok: inputs.has('tier_usd_per_million_output')
        ? inputs.number('tier_usd_per_million_output')
        : null,
      furtherTiers: [],
    },
    tokens.prompt,
  );
  const cached = inputs.has('usd_per_million_cached_input') ? inputs.number('usd_per_million_cached_input') : input;
  return {
    input,
    output,
    cached: cached * inputs.or(1, 'cache_read_multiplier'),
    cacheWrite: input * inputs.or(1, 'cache_write_multiplier'),
    cacheWrite1h: input * inputs.or(1, 'cache_write_multiplier'),
  };
}

/** Everything in the order tier, service, region, discount; then what is not tokens; at least the minimum. */
function billUsd(inputs: Inputs, volume: Volume): { usd: number; tokensUsd: number; tokens: number } {
  const { tokens, requests } = volume;
  const prices = pricesOf(inputs, volume);
  const parts = tokenBill(tokens, (part) => prices[part], requests ?? 1);
  const factor =
    batchFactor(inputs.or(inputs.has('batch_factor') ? 1 : 0, 'batch_share'), inputs.or(1, 'batch_factor')) *
    inputs.or(1, 'region_factor') *
    (1 - inputs.or(0, 'discount')) *
    retryFactor(inputs.or(0, 'failure_rate'), inputs.or(0, 'max_retries'), inputs.or(1, 'failed_billed_share'));
  const tokensUsd = parts.reduce((sum, { usd }) => sum + usd, 0) * factor;
  const fixed =
    both(inputs, 'session_hours', 'usd_per_session_hour') +
    both(inputs, 'searches', 'usd_per_thousand_searches') / 1000 +
    both(inputs, 'egress_gb', 'usd_per_gb') +
    both(inputs, 'storage_gb', 'usd_per_gb_month') +
    inputs.or(0, 'fixed_usd');
  const usd = Math.max(inputs.or(0, 'minimum_usd'), tokensUsd + fixed);
  return { usd, tokensUsd, tokens: parts.reduce((sum, { quantity }) => sum + quantity, 0) };
}

const both = (inputs: Inputs, quantity: string, price: string): number =>
  inputs.has(quantity, price) ? rentUsd(inputs.number(quantity), inputs.number(price), 1, 0) : 0;

/** The same figure per request, where the unit asks for it and the row says how many there are. */
const perRequest = (value: number, { requests }: Volume): number => value / (requests ?? 1);

function tokensOf(inputs: Inputs, unit: Unit): Quantity {
  const volume = readVolume(inputs);
  const { requests, period, tokens } = volume;
  const all = (tokens.prompt + tokens.output) * (requests ?? 1);
  if (unit.kind === 'requests') return { value: requests ?? Number.NaN, kind: 'requests', period };
  if (unit.request) return { value: perRequest(all, volume), kind: 'tokens' };
  return { value: all, kind: 'tokens', period, ...monthOf(inputs) };
}

function billOf(inputs: Inputs, unit: Unit): Quantity {
  if (unit.kind === 'tokens' || unit.kind === 'requests') return tokensOf(inputs, unit);
  if (/^uses?\b/i.test(unit.text))
    return {
      value: cachePaysFromUses(inputs.or(1, 'cache_write_multiplier'), inputs.number('cache_read_multiplier')),
      kind: 'count',
    };
  const sharesAlone = inputs.has('input_share', 'output_share') && !/tokens/.test(given(inputs));
  if (unit.tokens !== null && sharesAlone) return { value: blendedOf(inputs) / 1e6, kind: 'usd', token: true };
  const volume = readVolume(inputs);
  const { usd, tokens } = billUsd(inputs, volume);
  if (unit.tokens !== null) return { value: usd / tokens, kind: 'usd', token: true };
  if (unit.request) return { value: perRequest(usd, volume), kind: 'usd' };
  return { value: usd, kind: 'usd', period: volume.period, ...monthOf(inputs) };
}

const given = (inputs: Inputs): string =>
  volumeNames
    .split(' ')
    .filter((name) => inputs.has(name))
    .join(' ');

/** USD per 1e6 tokens of a mix. */
export function blendedOf(inputs: Inputs): number {
  if (inputs.has('usd_per_million', 'usd_per_million_blended'))
    return inputs.number('usd_per_million', 'usd_per_million_blended');
  const share = sharesOf(inputs);
  return blendedPrice(
    { tokens: share.input, usdPerMTok: inputs.number('usd_per_million_input') },
    { tokens: share.output, usdPerMTok: inputs.number('usd_per_million_output') },
  );
}

/** USD of one request, with input and output tokens and their prices, or a mean price. */
export const requestUsd = (inputs: Inputs): number => billUsd(inputs, { ...readVolume(inputs), requests: 1 }).usd;

export const requestNames = `${volumeNames} ${priceNames}`;

function provisioned(inputs: Inputs): Quantity {
  const units = inputs.has('model_units')
    ? inputs.number('model_units')
    : provisionedUnits(
        inputs.number('peak_tokens_per_minute', 'model_units'),
        inputs.number('tokens_per_minute_per_unit'),
        inputs.or(1, 'unit_step'),
      );
  const { hours, per } = hoursUsed(inputs);
  return { value: rentUsd(units, inputs.number('usd_per_unit_hour'), hours, 0), kind: 'usd', ...per };
}

const takes = [volumeNames, priceNames, factorNames, fixedNames].join(' ');
const bill = (title: string): Formula => ({ title, takes, of: billOf });

export const billFormulas: Record<string, Formula> = {
  A0: { title: 'volume: requests x tokens', takes: volumeNames, of: tokensOf },
  A1: bill('API bill'),
  A2: bill('API bill with cached input'),
  A3: bill('API bill with tariffs and retries'),
  A4: bill('API bill with fixed parts'),
  A5: {
    title: 'provisioned throughput: units x USD/h x hours',
    takes: `model_units peak_tokens_per_minute tokens_per_minute_per_unit unit_step usd_per_unit_hour ${hourNames}`,
    of: (inputs, unit) => {
      if (unit.kind !== 'count') return provisioned(inputs);
      return {
        value: provisionedUnits(
          inputs.number('peak_tokens_per_minute'),
          inputs.number('tokens_per_minute_per_unit'),
          inputs.or(1, 'unit_step'),
        ),
        kind: 'count',
      };
    },
  },
};
