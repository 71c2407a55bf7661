import fc from 'fast-check';
import {
  type Block,
  between,
  type Fields,
  fields,
  logUniform,
  maybe,
  oneOf,
  oneWay,
  ranged,
  share,
  someOf,
  type Turn,
} from './draws.js';
import type { Machine, Names, Offer } from './names.js';
import type { Light } from './spots.js';

const price = ranged(between(0.05, 12));
const source = (turn: Turn) => maybe(turn, fc.constantFrom('contract', 'order form 17'), 0.3);

/** Two prices that need each other. */
const both = (turn: Turn, one: string, other: string, rate = 0.3): fc.Arbitrary<Block> =>
  maybe(turn, fc.tuple(price, price), rate).map((pair) =>
    pair === undefined ? {} : { [one]: pair[0], [other]: pair[1] },
  );

const merged = (...maps: fc.Arbitrary<Block>[]): fc.Arbitrary<Block> =>
  fc.tuple(...maps).map((all) => Object.assign({}, ...all) as Block);

/** Prices of tiers and of audio. */
const beside = (turn: Turn): fc.Arbitrary<Block> =>
  merged(
    ...['flex', 'priority'].map((tier) =>
      maybe(turn, fields({ Input: price, Cached: maybe(turn, price), Output: price }), 0.1).map((all = {}) =>
        Object.fromEntries(Object.entries(all).map(([name, usd]) => [`${tier}${name}`, usd])),
      ),
    ),
    fields({ audioInput: maybe(turn, price, 0.1) }),
  );

/** Fixed prices of a model that somebody sells. */
function tokenRate(offers: readonly Offer[], turn: Turn): fc.Arbitrary<Block> {
  const tiered = offers.filter(({ hasTier }) => hasTier);
  return fc
    .oneof(fc.constantFrom(...offers), fc.constantFrom(...(tiered.length > 0 ? tiered : offers)))
    .chain(({ provider, model, hasTier }) =>
      merged(
        fields({
          provider: fc.constant(provider),
          model: fc.constant(model),
          input: price,
          output: maybe(turn, price, 0.8),
          cached: maybe(turn, price, 0.3),
          cacheWrite: maybe(turn, price, 0.2),
          until: maybe(turn, fc.constantFrom('2027-06-30', '2028-01-31'), 0.2),
          source: source(turn),
        }),
        both(turn, 'batchInput', 'batchOutput'),
        hasTier ? both(turn, 'tierInput', 'tierOutput') : fc.constant({}),
        beside(turn),
      ).chain((rate) => lasting(turn).map((then) => then(rate))),
    );
}

/** What ends fixes no price of a tier or of audio: it has the one or the other. */
const lasting = (turn: Turn): fc.Arbitrary<(rate: Block) => Block> =>
  oneOf(turn, [true, false]).map((ends) => (rate: Block) => {
    const { until, ...open } = rate;
    const isTier = (name: string): boolean => /^(?:flex|priority|audio)/.test(name);
    if (until === undefined || !Object.keys(open).some(isTier)) return rate;
    return ends ? Object.fromEntries(Object.entries(rate).filter(([name]) => !isTier(name))) : open;
  });

/** Prices of machines: one at least. */
const hourly = (turn: Turn): Fields => ({
  onDemand: ranged(between(0.3, 6)),
  spot: maybe(turn, ranged(between(0.2, 3)), 0.4),
  reserved1y: maybe(turn, ranged(between(0.3, 5)), 0.4),
  reserved3y: maybe(turn, ranged(between(0.2, 4)), 0.3),
  source: source(turn),
});

/** Machines of three providers, so that no price is fixed twice. */
const apart = (machines: readonly Machine[]): fc.Arbitrary<[Machine, Machine, Machine]> => {
  const byProvider = new Map<string, Machine[]>();
  for (const machine of machines)
    byProvider.set(machine.provider, [...(byProvider.get(machine.provider) ?? []), machine]);
  return fc
    .shuffledSubarray([...byProvider.values()], { minLength: 3, maxLength: 3 })
    .chain((lists) => fc.tuple(...lists.map((list) => fc.constantFrom(...list)))) as fc.Arbitrary<
    [Machine, Machine, Machine]
  >;
};

/** Prices of what the tables have. */
function listed(names: Names, turn: Turn): fc.Arbitrary<Block> {
  const discount = oneWay(turn, [
    fc.constantFrom(...names.offers).chain(({ provider, model }) =>
      fields({
        provider: fc.constant(provider),
        model: fc.constant(model),
        on: maybe(turn, fc.constant('tokens')),
        percent: percentOff,
        source: source(turn),
      }),
    ),
    fields({ on: fc.constant('rental'), percent: percentOff }),
    fields({ on: someOf(turn, ['tokens', 'rental', 'hosting'], 3), percent: percentOff, source: source(turn) }),
    fields({ provider: fc.constantFrom(...names.providers), percent: percentOff }),
    fields({ on: fc.constant('tokens'), percent: percentOff }),
    fields({ on: fc.constant('hosting'), percent: percentOff }),
    fields({ on: fc.constantFrom(['tokens', 'rental'], ['tokens', 'hosting']), percent: percentOff }),
  ]);
  return apart(names.machines).chain(([byCard, byInstance, leased]) => {
    const at = ({ region }: Machine) => maybe(turn, fc.constant(region), 0.3);
    const card = fields({
      provider: fc.constant(byCard.provider),
      accelerator: fc.constant(byCard.accelerator),
      region: at(byCard),
      ...hourly(turn),
    });
    const instance = fields({
      provider: fc.constant(byInstance.provider),
      instance: fc.constant(byInstance.instance),
      region: at(byInstance),
      ...hourly(turn),
    });
    const rates = fc.tuple(
      maybe(turn, tokenRate(names.offers, turn), 0.6),
      maybe(turn, card, 0.3),
      maybe(turn, instance, 0.3),
    );
    const contract = merged(
      fields({
        provider: fc.constant(leased.provider),
        instance: fc.constant(leased.instance),
        region: at(leased),
        term: oneOf(turn, ['1 year', '3 years']),
        count: maybe(turn, fc.integer({ min: 1, max: 8 })),
        source: source(turn),
      }),
      oneOf(turn, ['usdPerHour', 'perHour']).chain((key) => ranged(between(0.5, 30)).map((usd) => ({ [key]: usd }))),
    );
    return fields({
      discounts: maybe(turn, fc.tuple(discount), 0.4),
      rates: maybe(
        turn,
        rates.map((all) => all.filter((one) => one !== undefined)),
        0.6,
      ),
      reserved: maybe(turn, fc.tuple(contract), 0.2),
      hardware: maybe(turn, byName(names.cards, ranged(logUniform(1500, 40_000))), 0.3),
    });
  });
}

const percentOff = fc.oneof(fc.integer({ min: 1, max: 40 }), share(2, 40));

const byName = (names: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<Block> =>
  fc.tuple(fc.constantFrom(...names), value).map(([name, value]) => ({ [name]: value }));

/** A model and a provider that the tables do not have, and how good models are in the user's eyes. */
function brought(names: Names, turn: Turn): fc.Arbitrary<Block> {
  const words = (list: readonly string[]) => maybe(turn, fc.subarray([...list], { minLength: 1 }), 0.5);
  const provider = fields({
    provider: fc.constant('our-host'),
    operator: fc.constantFrom('de', 'us', 'fr'),
    regions: words(names.residencies),
    certs: words(names.certs),
    agreements: words(names.agreements),
    options: words(names.options),
    source: source(turn),
  });
  const model = merged(
    fields({
      provider: fc.constant('our-host'),
      model: fc.constant('our-model'),
      like: maybe(turn, fc.constantFrom(...names.judged), 0.8),
      kind: maybe(turn, oneOf(turn, ['cloud-api', 'open-model-api'])),
      input: price,
      output: price,
      cached: maybe(turn, price, 0.3),
      cacheWrite: maybe(turn, price, 0.2),
      context: maybe(turn, logUniform(8000, 1_000_000)),
      maxOutput: maybe(turn, logUniform(1000, 64_000)),
      source: source(turn),
    }),
    both(turn, 'batchInput', 'batchOutput'),
    beside(turn),
  );
  return fields({
    models: fc.tuple(model),
    providers: maybe(turn, fc.tuple(provider), 0.7),
    capability: maybe(turn, byName(names.families, ranged(fc.integer({ min: 20, max: 60 }))), 0.3),
  });
}

const currency = (turn: Turn): fc.Arbitrary<Block> =>
  fc
    .tuple(
      fc.constantFrom(['EUR', 1.12] as const, ['GBP', 1.31] as const, ['JPY', 0.0067] as const),
      fc.boolean(),
      source(turn),
    )
    .map(([[code, rate], isRange, source]) => ({
      code,
      usdPerUnit: isRange ? { low: rate * 0.9, likely: rate, high: rate * 1.1 } : rate,
      asOf: '2026-07-31',
      ...(source !== undefined && { source }),
    }));

/** Prices of the user's own. */
export function prices(names: Names, light: Light): fc.Arbitrary<Block | undefined> {
  const [table, own] = [light('prices'), light('prices.own')];
  return fc
    .tuple(
      maybe(table, listed(names, table), 0.07),
      maybe(own, brought(names, own), 0.05),
      maybe(own ?? table, currency(own ?? table), 0.3),
      maybe(own ?? table, fc.constantFrom('our contracts', 'list of July'), 0.5),
      maybe(own ?? table, fc.constantFrom('2026-08-21', '2026-11-10'), 0.1),
    )
    .map(([listed, brought, currency, name, snapshot]) =>
      listed === undefined && brought === undefined
        ? undefined
        : {
            ...(name !== undefined && { name }),
            ...(snapshot !== undefined && { snapshot }),
            ...(currency && { currency }),
            ...listed,
            ...brought,
          },
    );
}

/** Other values for parameters, within the ends that the tables give. */
export function assumptions(names: Names, light: Light): fc.Arbitrary<Block | undefined> {
  const turn = light('assumptions');
  const one = fc
    .tuple(fc.constantFrom(...names.parameters), oneOf(turn, ['low', 'high', 'range', 'text', 'likely']))
    .map(([{ name, low, likely, high }, how]) => {
      const values = { low, likely, high, range: { low, likely, high }, text: `${low}..${high}` };
      return { [name]: values[how as keyof typeof values] };
    });
  return maybe(
    turn,
    fc.array(one, { minLength: 1, maxLength: 3 }).map((all) => Object.assign({}, ...all) as Block),
    0.1,
  );
}
