import { durationReader } from '../units/readers.js';
import { type Reader, refuse } from '../units/reading.js';
import { countReader, exact, type Range, type Uncertain, uncertainReader } from '../units/uncertain.js';
import { chosen, rangeOnly, single } from './field.js';
import * as z from './lazy-zod.js';
import { fewEntries, fewProperties, line, list, regionToken, strings, token, tooManyEntries } from './schema-text.js';
import { isMap } from './source.js';

const mostUsd = 1e6;
const wholeDiscount = 100;

const readPrice = uncertainReader({
  what: 'a range of prices',
  forms: '0.2..0.4, {low: 0.2, likely: 0.25, high: 0.4} or {mean: 0.3, cv: 0.2}, without a unit',
  toUnit: ({ value, unit, dollars }) => (dollars || unit !== '' ? null : value),
  unit: '',
  least: 0,
  most: mostUsd,
  aboveZero: true,
});

const topIndex = 100;
const readIndex = uncertainReader({
  what: 'a range of a capability index',
  forms: '90..95 or {low: 90, likely: 93, high: 95}, without a unit',
  toUnit: ({ value, unit, dollars }) => (dollars || unit !== '' ? null : value),
  unit: '',
  least: 0,
  most: topIndex,
});

const readPercent = uncertainReader({
  what: 'a discount',
  forms: '12%, 10..20, {low: 10, likely: 12, high: 20} or {mean: 15, cv: 0.2}, in percent',
  toUnit: ({ value, unit, dollars }) => (dollars || (unit !== '' && unit !== '%') ? null : value),
  unit: '%',
  least: 0,
  most: wholeDiscount,
});

/** A range of discounts is a range of what is left to pay, as factors on the likely rest: there must be a rest. */
const readDiscount: Reader<Uncertain> = Object.assign(
  (value: unknown) => {
    const reading = readPercent(value);
    return reading.ok && reading.value.likely >= wholeDiscount
      ? refuse('the likely value of a range of discounts must be below 100 %')
      : reading;
  },
  { written: readPercent.written },
);

const isText = (value: unknown): boolean => typeof value === 'string';

/** A number as `alone` takes it, a range that `reader` takes, or one number as `text` with its unit. */
function orRange(alone: z.Schema<number>, reader: Reader<Uncertain>, text?: Reader<Uncertain>) {
  const range = rangeOnly(reader).transform(({ likely, range }): number | Range => range ?? likely);
  const isRange = (value: unknown) => isMap(value) || (typeof value === 'string' && value.includes('..'));
  return chosen(
    [
      { when: isRange, use: range },
      ...(text === undefined ? [] : [{ when: isText, use: single(exact(text)) }]),
      { when: () => true, use: alone },
    ],
    'write a number',
  );
}

/** For the JSON Schema, what a check of several keys says. */
const oneIsThere = (keys: readonly string[]) => keys.map((key) => ({ required: [key] }));
const pair = (one: string, other: string) => ({ [one]: [other], [other]: [one] });

/** What a book and the prices of a scenario may hold alike. */
function blocks() {
  const amount = orRange(
    z.number('write a number').min(0, 'is negative').max(mostUsd, `is more than ${mostUsd}`),
    readPrice,
  );
  const price = (what: string) => amount.optional().describe(what);
  const asDate = 'write a date as YYYY-MM-DD';
  const day = z.string().regex(z.regexes.date, asDate);
  const source = line(200).optional().describe('Where it is agreed, such as "order form 17".');
  const provider = token.describe('As the tables name it.');
  const region = token.optional().describe('As the tables name it. Default: every region.');
  const tokenCount = single(exact(countReader('tokens', { aboveZero: true }), { wholeOf: 'tokens' }));

  const currency = z
    .strictObject({
      code: z
        .string()
        .regex(/^[A-Z]{3}$/, 'write three capital letters, such as EUR')
        .describe('ISO 4217 code.'),
      usdPerUnit: orRange(
        z.number('write a number').gt(0, 'must be above 0').max(mostUsd, `is more than ${mostUsd}`),
        readPrice,
      ).describe('US dollars for one unit of it, or a range.'),
      asOf: day.describe('The day of that rate, YYYY-MM-DD.'),
      source: line(200).optional().describe('Where the rate comes from.'),
    })
    .describe('The currency of the prices below. Default: US dollars.');

  const target = z.enum(['tokens', 'rental', 'hosting']);
  const discount = z
    .strictObject({
      provider: token
        .optional()
        .describe('Whose prices: token prices, rented machines and hosting. Default: everybody’s.'),
      model: token.optional().describe('Token prices of this model only.'),
      on: chosen(
        [
          { when: Array.isArray, use: list(target) },
          { when: isText, use: target.transform((one) => [one]) },
        ],
        'write tokens, rental or hosting, or a list of them',
      )
        .optional()
        .describe('Only these prices: tokens, rental or hosting, or a list of them.'),
      percent: orRange(
        z.number('write a number').min(0, 'is negative').max(wholeDiscount, 'is more than 100 %'),
        readDiscount,
        readPercent,
      ).describe('What is taken off the list price, 0 to 100 (`12%` or 12), or a range.'),
      source,
    })
    .refine((one) => one.provider !== undefined || one.model !== undefined || one.on !== undefined, {
      error: 'say what it is on: give provider, model or on',
      path: ['percent'],
    })
    .refine((one) => one.model === undefined || (one.on ?? []).every((on) => on === 'tokens'), {
      error: 'a model has token prices only',
      path: ['on'],
    })
    .meta({
      anyOf: oneIsThere(['provider', 'model', 'on']),
      if: { required: ['model', 'on'] },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      then: { properties: { on: { anyOf: [{ const: 'tokens' }, { type: 'array', items: { const: 'tokens' } }] } } },
    })
    .describe('A share off list prices. Of several that fit, the one that names a price most closely holds.');

  const together = (one: string, other: string) => ({
    error: `${one} and ${other} need each other: give both or none`,
  });
  const ofTiers = {
    flexInput: price('Per 1e6 input tokens at the flex tier.'),
    flexCached: price('Per 1e6 of them that are read from the cache.'),
    flexOutput: price('Per 1e6 output tokens at the flex tier.'),
    priorityInput: price('Per 1e6 input tokens at the priority tier.'),
    priorityCached: price('Per 1e6 of them that are read from the cache.'),
    priorityOutput: price('Per 1e6 output tokens at the priority tier.'),
  };
  const audioInput = price('Per 1e6 input tokens of audio.');
  type InPairs = {
    [Name in 'input' | 'audioInput' | `${'batch' | 'flex' | 'priority'}${'Input' | 'Output'}`]?:
      | number
      | Range
      | undefined;
  };
  /** Prices of input and output that need each other. */
  const paired = <One extends InPairs>(schema: z.Schema<One>) =>
    (['batch', 'flex', 'priority'] as const).reduce(
      (all, way) =>
        all.refine((one) => (one[`${way}Input`] === undefined) === (one[`${way}Output`] === undefined), {
          ...together(`${way}Input`, `${way}Output`),
          path: ['model'],
        }),
      schema.refine((one) => one.input !== 0 || !one.audioInput, {
        message: 'audio that costs something needs a price of input above 0',
        path: ['audioInput'],
      }),
    );
  const pairs = {
    ...pair('batchInput', 'batchOutput'),
    ...pair('flexInput', 'flexOutput'),
    ...pair('priorityInput', 'priorityOutput'),
  };
  const tokenNames = [
    'input',
    'output',
    'cached',
    'cacheWrite',
    'batchInput',
    'batchOutput',
    ...Object.keys(ofTiers),
    'audioInput',
    'tierInput',
    'tierOutput',
  ];
  const tokenRate = paired(
    z.strictObject({
      provider,
      model: token.describe('The provider’s id of the model, or its family.'),
      input: price('Per 1e6 input tokens.'),
      output: price('Per 1e6 output tokens.'),
      cached: price('Per 1e6 input tokens read from the cache.'),
      cacheWrite: price('Per 1e6 input tokens written to the cache.'),
      batchInput: price('Per 1e6 input tokens of batch work.'),
      batchOutput: price('Per 1e6 output tokens of batch work.'),
      ...ofTiers,
      audioInput,
      tierInput: price('Per 1e6 input tokens of prompts above the size at which the list price steps up.'),
      tierOutput: price('Per 1e6 output tokens of such prompts.'),
      until: day.optional().describe('The last day of the rate; list prices follow. Default: it stays.'),
      source,
    }),
  )
    .refine((rate) => tokenNames.some((name) => name in rate), {
      error: `fixes no price: give one of ${tokenNames.join(', ')}`,
      path: ['model'],
    })
    .refine((rate) => (rate.tierInput === undefined) === (rate.tierOutput === undefined), {
      ...together('tierInput', 'tierOutput'),
      path: ['model'],
    })
    .meta({
      anyOf: oneIsThere(tokenNames),
      dependentRequired: { ...pairs, ...pair('tierInput', 'tierOutput') },
    });

  const hourNames = ['onDemand', 'spot', 'reserved1y', 'reserved3y'];
  const hourly = {
    region,
    onDemand: price('Per hour, on demand.'),
    spot: price('Per hour, interruptible.'),
    reserved1y: price('Per hour with a commitment of 1 year.'),
    reserved3y: price('Per hour with a commitment of 3 years.'),
    source,
  };
  const fixesAnHour = {
    error: `fixes no price: give one of ${hourNames.join(', ')}`,
    path: ['provider'],
  };
  const gpuRate = z
    .strictObject({
      provider,
      accelerator: token.describe('As the tables name it; the prices are per GPU.'),
      ...hourly,
    })
    .refine((rate) => hourNames.some((name) => name in rate), fixesAnHour)
    .meta({ anyOf: oneIsThere(hourNames) });
  const instanceRate = z
    .strictObject({
      provider,
      instance: token.describe('As the tables name it; the prices are per instance.'),
      ...hourly,
    })
    .refine((rate) => hourNames.some((name) => name in rate), fixesAnHour)
    .meta({ anyOf: oneIsThere(hourNames) });

  const contract = z
    .strictObject({
      provider,
      instance: token.describe('As the tables name it.'),
      region,
      term: single(exact(durationReader('years', { aboveZero: true }))).describe('1 year or 3 years.'),
      usdPerHour: price('US dollars per instance-hour.'),
      perHour: price('The same in the currency of the book.'),
      count: single(exact(countReader('machines', { aboveZero: true }), { wholeOf: 'machines' }))
        .optional()
        .describe('How many there are; the report compares it with what the plan needs.'),
      source,
    })
    .refine((one) => (one.usdPerHour === undefined) !== (one.perHour === undefined), {
      error: 'give one of usdPerHour and perHour',
      path: ['instance'],
    })
    .meta({ oneOf: oneIsThere(['usdPerHour', 'perHour']) })
    .transform(({ term, ...rest }) => ({ ...rest, termMonths: term * 12 }));

  const ownModel = paired(
    z.strictObject({
      provider: token.describe('Who sells it; one that the tables do not have may stand here too.'),
      model: token.describe('Its name there; it must not be in the tables.'),
      like: token.optional().describe('A model of the tables that can do as much; lends its capability.'),
      kind: z
        .enum(['cloud-api', 'open-model-api'])
        .optional()
        .describe('Whether it is a closed or an open model. Default: open-model-api if `like` is open.'),
      input: amount.describe('Per 1e6 input tokens.'),
      output: amount.describe('Per 1e6 output tokens.'),
      cached: price('Per 1e6 input tokens read from the cache.'),
      cacheWrite: price('Per 1e6 input tokens written to the cache.'),
      batchInput: price('Per 1e6 input tokens of batch work.'),
      batchOutput: price('Per 1e6 output tokens of batch work.'),
      ...ofTiers,
      audioInput,
      context: tokenCount.optional().describe('Most tokens of a request. Default: that of `like`.'),
      maxOutput: tokenCount.optional().describe('Most tokens of an answer.'),
      source,
    }),
  )
    .meta({ dependentRequired: pairs })
    .transform(({ context, maxOutput, ...rest }) => ({
      ...rest,
      ...(context !== undefined && { contextTokens: context }),
      ...(maxOutput !== undefined && { maxOutputTokens: maxOutput }),
    }));

  const words = strings.optional();
  const ownProvider = z
    .strictObject({
      provider: token.describe('Its name; it must not be in the tables.'),
      operator: z
        .string()
        .regex(/^[a-z]{2}$/, 'write two small letters, such as de')
        .describe('ISO 3166 code of the country it is operated from, in small letters.'),
      regions: list(regionToken).optional().describe('Where it processes: eea (or eu), us …'),
      certs: words.describe('What it is certified for: iso-27001, soc2-type2 …'),
      agreements: words.describe('What it signs: dpa, baa …'),
      options: words.describe('What it promises: no-training, zdr, encrypted …'),
      source,
    })
    .describe('Word? says under conditions, no:word that it is known not to; what is not named is unknown.');

  return {
    currency: currency.optional(),
    discounts: list(discount).optional().describe('Shares off list prices that no rate fixes.'),
    rates: list(
      chosen(
        [
          { when: (value) => isMap(value) && 'accelerator' in value, use: gpuRate },
          { when: (value) => isMap(value) && 'instance' in value, use: instanceRate },
          { when: isMap, use: tokenRate },
        ],
        'a rate is a map: {provider, model, input, output}, {provider, accelerator, onDemand} or {provider, instance, onDemand}',
      ),
    )
      .optional()
      .describe('Fixed prices. What a rate leaves open stays at its list price, less a discount.'),
    reserved: list(contract).optional().describe('Machines under contract.'),
    hardware: z
      .record(token, amount)
      .refine(fewEntries, tooManyEntries)
      .meta(fewProperties)
      .optional()
      .describe('What one accelerator costs you, by its name in the tables; what has a price here can be bought.'),
    capability: z
      .record(
        token,
        orRange(z.number('write a number').min(0, 'is negative').max(topIndex, `is more than ${topIndex}`), readIndex),
      )
      .refine(fewEntries, tooManyEntries)
      .meta(fewProperties)
      .optional()
      .describe('Capability index (0 to 100) of models by family, as you judge them; it wins over the tables.'),
    models: list(ownModel).optional().describe('Models that the tables do not have.'),
    providers: list(ownProvider)
      .optional()
      .describe('Providers that the tables do not have: what the rules on data ask of them.'),
  };
}

/** Prices of one's own within a scenario. Made when first asked for: few scenarios have any. */
export const prices = z.lazy(() =>
  z
    .strictObject({
      name: line(100).optional().describe('What the report calls them. Default: own prices.'),
      snapshot: z
        .string()
        .regex(z.regexes.date, 'write a date as YYYY-MM-DD')
        .optional()
        .describe(
          'The shipped snapshot that it is judged by, such as 2026-08-21; --pricing wins. Default: the newest.',
        ),
      ...blocks(),
    })
    .transform(({ name, snapshot: _, ...rest }) =>
      // A snapshot alone brings no prices of one's own.
      Object.keys(rest).length === 0 ? undefined : { name: name ?? 'own prices', prices: rest },
    ),
);

/** Version 1 of a price book: the only definition. Types, messages and the JSON Schema come from it. */
export const priceBookSchema = z.lazy(() =>
  z
    .strictObject({
      version: z.literal(1, 'write version: 1').describe('Version of this format.'),
      name: line(100).describe('What reports call it.'),
      ...blocks(),
    })
    .describe(
      'Prices of one’s own: fixed rates first, then discounts on what is not fixed. A price, a discount and the rate of exchange may be a range, such as 0.2..0.4.',
    )
    .transform(({ version: _, name, ...rest }) => ({ name, prices: rest })),
);
