import { isMap, type Reader } from '../../units/amount.js';
import { rangeOnly, single } from '../../units/field.js';
import { monthsPerYear } from '../../units/month.js';
import { durationReader } from '../../units/readers.js';
import * as s from '../../units/schema.js';
import { countReader, exact, type Range, type Uncertain, uncertainReader } from '../../units/uncertain.js';
import { groupsTogether } from '../column.js';
import { rentalForms, type Settable, settablePrices, snapshotSchemas } from '../columns.js';

const mostUsd = 1e6;
const whole = 100;

/** A range of numbers in `unit`, without it or with it. */
const rangeReader = (what: string, forms: string, unit: '' | '%', most: number, aboveZero = false): Reader<Uncertain> =>
  uncertainReader({ what, forms, unit, least: 0, most, aboveZero });
const priceForms = '0.2..0.4, {low: 0.2, likely: 0.25, high: 0.4} or {mean: 0.3, cv: 0.2}, without a unit';
const readPrice = rangeReader('a range of prices', priceForms, '', mostUsd, true);
const indexForms = '90..95 or {low: 90, likely: 93, high: 95}, without a unit';
const readIndex = rangeReader('a range of a capability index', indexForms, '', whole);
const percentForms = '12%, 10..20, {low: 10, likely: 12, high: 20} or {mean: 15, cv: 0.2}, in percent';
const readPercent = rangeReader('a discount', percentForms, '%', whole);

const isText = (value: unknown): boolean => typeof value === 'string';
const has = (key: string) => (value: unknown) => isMap(value) && key in value;

/** One number, or a range: decisions take the likely one, simulations all. */
export type Price = number | Range;

/** A number as `alone` takes it, a range of `reader`, or one number as `text` with its unit. */
function orRange(alone: s.Schema<number>, reader: Reader<Uncertain>, text?: Reader<Uncertain>) {
  const range = rangeOnly(reader).transform(({ likely, range }): Price => range ?? likely);
  const isRange = (value: unknown) => isMap(value) || (typeof value === 'string' && value.includes('..'));
  return s.chosen(
    [
      { when: isRange, use: range },
      ...(text === undefined ? [] : [{ when: isText, use: single(exact(text)) }]),
      { when: () => true, use: alone },
    ],
    'write a number',
  );
}

const from0 = (most: number, tooMuch = `is more than ${most}`) =>
  s.fromZero.limit((one) => one <= most, tooMuch, { maximum: most });

type Fields = Parameters<typeof s.strictObject>[0];

/** A map that has one of some keys at least, or with `oneOf` just one. */
function needing<F extends Fields>(keyword: 'anyOf' | 'oneOf', keys: string[], at: string, error: string, fields: F) {
  const isRight = (given: number) => (keyword === 'anyOf' ? given > 0 : given === 1);
  return s
    .strictObject(fields)
    .refine((map) => isRight(keys.filter((key) => key in map).length), { message: error, path: [at] })
    .meta({ [keyword]: keys.map((key) => ({ required: [key] })) });
}

/** A map that fixes one price at least. */
const pricing = <F extends Fields>(prices: object, at: string, fields: F) =>
  needing('anyOf', Object.keys(prices), at, `fixes no price: give one of ${Object.keys(prices).join(', ')}`, fields);

/** The same of prices by the token, some of which need each other. */
function pricingTokens<F extends Fields>(prices: object, fields: F) {
  const pairs = groupsTogether(snapshotSchemas.api)
    .map(({ columns }) => columns.flatMap((column) => ('settable' in column ? String(column.settable) : [])))
    .filter(([one = '', other = '']) => one in prices && other in prices) as [string, string][];
  let map = pricing(prices, 'model', fields).refine(
    (one: { input?: unknown; audioInput?: unknown }) => one.input !== 0 || !one.audioInput,
    { message: 'audio that costs something needs a price of input above 0', path: ['audioInput'] },
  );
  for (const [a, b] of pairs)
    map = map.refine((one) => a in one === b in one, {
      message: `${a} and ${b} need each other: give both or none`,
      path: ['model'],
    });
  return map.meta({
    dependentRequired: Object.fromEntries(
      pairs.flatMap(([a, b]) => [
        [a, [b]],
        [b, [a]],
      ]),
    ),
  });
}

/** Common blocks of a book and of a scenario's prices. */
function blocks() {
  const amount = orRange(from0(mostUsd), readPrice);
  const day = s.matching(s.dateForm, 'write a date as YYYY-MM-DD');
  const source = s.line(200).optional().describe('Where it is agreed, such as "order form 17".');
  const named = s.token.describe('As the tables name it.');
  const region = s.token.optional().describe('As the tables name it. Default: every region.');
  const count = (noun: string) => single(exact(countReader(noun, { aboveZero: true }), { wholeOf: noun }));
  const pricesOf = <Table extends 'api' | 'rental'>(table: Table, per: string) =>
    Object.fromEntries(
      settablePrices(table).map(({ settable, word }) => [settable, amount.optional().describe(`${per}: ${word}.`)]),
    ) as Record<Settable<Table>, s.Schema<Price | undefined, true>>;

  const currency = s
    .strictObject({
      code: s.matching(/^[A-Z]{3}$/, 'write three capital letters, such as EUR').describe('ISO 4217 code.'),
      usdPerUnit: orRange(
        s
          .number()
          .limit((one) => one > 0, 'must be above 0', { exclusiveMinimum: 0 })
          .limit((one) => one <= mostUsd, `is more than ${mostUsd}`, { maximum: mostUsd }),
        readPrice,
      ).describe('US dollars for one unit of it, or a range.'),
      asOf: day.describe('The day of that rate, YYYY-MM-DD.'),
      source: s.line(200).optional().describe('Where the rate comes from.'),
    })
    .describe('The currency of the prices below. Default: US dollars.');

  const target = s.enum(['tokens', 'rental', 'hosting']);
  const targets = s.chosen(
    [
      { when: Array.isArray, use: s.list(target) },
      { when: isText, use: target.transform((one) => [one]) },
    ],
    'write tokens, rental or hosting, or a list of them',
  );
  // What is left to pay is drawn as a factor on the likely rest: there must be a rest.
  const percent = orRange(from0(whole, 'is more than 100 %'), readPercent, readPercent).refine(
    (one) => typeof one === 'number' || one.likely < whole,
    'the likely value of a range of discounts must be below 100 %',
  );
  const onWhat = 'say what it is on: give provider, model or on';
  const discount = needing('anyOf', ['provider', 'model', 'on'], 'percent', onWhat, {
    provider: s.token.optional().describe('Whose prices: by the token, of machines and of hosting. Default: all.'),
    model: s.token.optional().describe('Token prices of this model only.'),
    on: targets.optional().describe('Only these prices: tokens, rental or hosting, or a list of them.'),
    percent: percent.describe('What is taken off the list price, 0 to 100 (`12%` or 12), or a range.'),
    source,
  })
    .refine((one) => one.model === undefined || (one.on ?? []).every((on) => on === 'tokens'), {
      message: 'a model has token prices only',
      path: ['on'],
    })
    .meta({
      if: { required: ['model', 'on'] },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      then: { properties: { on: { anyOf: [{ const: 'tokens' }, { type: 'array', items: { const: 'tokens' } }] } } },
    })
    .describe('A share off list prices. Of several that fit, the one that names a price most closely holds.');

  const perToken = pricesOf('api', 'Per 1e6 tokens');
  const tokenRate = pricingTokens(perToken, {
    provider: named,
    model: s.token.describe('The provider’s id of the model, or its family.'),
    ...perToken,
    until: day.optional().describe('The last day of the rate; list prices follow. Default: it stays.'),
    source,
  });

  const perHour = pricesOf('rental', 'Per hour');
  const hourRate = <Name extends string>(name: Name, per: string) => {
    const machine = { [name]: s.token.describe(`As the tables name it; the prices are per ${per}.`) };
    const fields = { provider: named, ...(machine as Record<Name, s.Schema<string>>), region, ...perHour, source };
    return pricing(perHour, 'provider', fields);
  };
  const rate = s.chosen(
    [
      { when: has('accelerator'), use: hourRate('accelerator', 'GPU') },
      { when: has('instance'), use: hourRate('instance', 'instance') },
      { when: isMap, use: tokenRate },
    ],
    'a rate is a map: {provider, model, input, output}, {provider, accelerator, onDemand} or {provider, instance, onDemand}',
  );

  const years = rentalForms.flatMap(({ months }) => (months > 0 ? [`${months / monthsPerYear}`] : []));
  const contract = needing('oneOf', ['usdPerHour', 'perHour'], 'instance', 'give one of usdPerHour and perHour', {
    ...{ provider: named, instance: named, region },
    term: single(exact(durationReader('years', { aboveZero: true }))).describe(`Years: ${years.join(' or ')}.`),
    usdPerHour: amount.optional().describe('US dollars per instance-hour.'),
    perHour: amount.optional().describe('The same in the currency of the book.'),
    count: count('machines').optional().describe('How many; the report compares it with what the plan needs.'),
    source,
  });

  const { tierInput: _, tierOutput: __, ...ofModel } = perToken;
  const model = pricingTokens(ofModel, {
    provider: s.token.describe('Who sells it; one that the tables do not have may stand here too.'),
    model: s.token.describe('Its name there; it must not be in the tables.'),
    like: s.token.optional().describe('A model of the tables that can do as much; lends its capability.'),
    kind: s
      .enum(['cloud-api', 'open-model-api'])
      .optional()
      .describe('Whether it is a closed or an open model. Default: open-model-api if `like` is open.'),
    ...ofModel,
    input: amount.describe('Per 1e6 input tokens.'),
    output: amount.describe('Per 1e6 output tokens.'),
    context: count('tokens').optional().describe('Most tokens of a request. Default: that of `like`.'),
    maxOutput: count('tokens').optional().describe('Most tokens of an answer.'),
    source,
  });

  const ownProvider = s
    .strictObject({
      provider: s.token.describe('Its name; it must not be in the tables.'),
      operator: s
        .matching(/^[a-z]{2}$/, 'write two small letters, such as de')
        .describe('ISO 3166 code of the country it is operated from, in small letters.'),
      regions: s.list(s.regionToken).optional().describe('Where it processes: eea (or eu), us …'),
      certs: s.strings.optional().describe('What it is certified for: iso-27001, soc2-type2 …'),
      agreements: s.strings.optional().describe('What it signs: dpa, baa …'),
      options: s.strings.optional().describe('What it promises: no-training, zdr, encrypted …'),
      source,
    })
    .describe('Word? says under conditions, no:word that it is known not to; what is not named is unknown.');

  return {
    currency: currency.optional(),
    discounts: s.list(discount).optional().describe('Shares off list prices that no rate fixes.'),
    rates: s
      .list(rate)
      .optional()
      .describe('Fixed prices. What a rate leaves open stays at its list price, less a discount.'),
    reserved: s.list(contract).optional().describe('Machines under contract.'),
    hardware: s
      .byName(amount)
      .describe('What one accelerator costs you, by its name in the tables; what has a price here can be bought.'),
    capability: s
      .byName(orRange(from0(whole), readIndex))
      .describe('Capability index (0 to 100) of models by family, as you judge them; it wins over the tables.'),
    models: s.list(model).optional().describe('Models that the tables do not have.'),
    providers: s
      .list(ownProvider)
      .optional()
      .describe('Providers that the tables do not have: what the rules on data ask of them.'),
  };
}

/** Own prices within a scenario. Made on demand, as few have any. */
export const prices = s.lazy(() =>
  s
    .strictObject({
      name: s.line(100).optional().describe('What the report calls them. Default: own prices.'),
      snapshot: s
        .matching(s.dateForm, 'write a date as YYYY-MM-DD')
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

/** Version 1 of a price book, the only definition of its types, messages and JSON Schema. */
export const priceBookSchema = s.lazy(() =>
  s
    .strictObject({
      version: s.literal(1, 'write version: 1').describe('Version of this format.'),
      name: s.line(100).describe('What reports call it.'),
      ...blocks(),
    })
    .describe(
      'Prices of one’s own: fixed rates first, then discounts on what is not fixed. A price, a discount and the rate of exchange may be a range, such as 0.2..0.4.',
    )
    .transform(({ version: _, name, ...rest }) => ({ name, prices: rest })),
);
