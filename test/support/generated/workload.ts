import fc from 'fast-check';
import { enums } from '../../../src/workload/words.js';
import { type Block, between, fields, logUniform, maybe, oneOf, oneWay, ranged, seldom, text } from './draws.js';
import type { Names } from './names.js';
import type { Light } from './spots.js';

const perDay = logUniform(20, 5_000_000);
const daysOfMonth = 30;
const hoursOfDay = 24;

/** Each way to say how much work there is, with what belongs to it. */
const volumes: fc.Arbitrary<Block>[] = [
  ranged(perDay).map((volume) => ({ volume })),
  fc.tuple(perDay, ranged(fc.integer({ min: 2, max: 12 }))).map(([requests, turns]) => ({
    volume: `${Math.ceil(requests / 2)} conversations/day`,
    turns,
  })),
  fc.tuple(logUniform(5, 50_000), ranged(logUniform(1, 60))).map(([users, requestsPerUser]) => ({
    volume: `${users} users`,
    requestsPerUser,
  })),
  ranged(perDay, { unit: ' requests/day' }).map((volume) => ({ volume })),
  perDay.map((requests) => ({ volume: `${requests * daysOfMonth} requests per month` })),
  perDay.map((requests) => ({ volume: `${requests * 1500} tokens/day` })),
  perDay.map((requests) => ({ volume: `${Math.ceil(requests / hoursOfDay)} requests/hour at peak` })),
  perDay.map((requests) => ({ volume: `${requests} notes/day`, once: false })),
];

/** A job that ends: neither growth nor horizon belongs to it. */
const job = perDay.map((requests) => ({ volume: `${requests * daysOfMonth} requests`, once: true }));

const hour = fc.integer({ min: 0, max: 100 });
const hours = (length: number): fc.Arbitrary<number[]> =>
  fc.array(hour, { minLength: length, maxLength: length }).map(([first = 0, ...others]) => [first + 1, ...others]);

/** How much work there is, and when. */
export function workload(names: Names, light: Light): fc.Arbitrary<Block> {
  const [volume, bursts, profile, time] = [light('volume'), light('bursts'), light('profile'), light('time')];
  const shape = oneWay(profile, [
    oneOf(profile, names.profiles),
    hours(24),
    ranged(between(1.5, 12)).map((peakToMean) => ({ peakToMean })),
    hours(168),
    fc.constantFrom(...names.profiles),
  ]);
  const burst = fields({
    perDay: fc.integer({ min: 1, max: 24 }),
    within: maybe(bursts, text(fc.integer({ min: 1, max: 60 }), ' min')),
  });
  const usual = fc.tuple(
    volume === null ? fc.oneof(...volumes) : oneWay(volume, volumes),
    fields({
      profile: maybe(profile, shape, 0.5),
      growth: maybe(time, growth(time), 0.25),
      horizon: maybe(time, oneOf(time, ['24 months', '6 months', '3 years', 12, '60 months']), 0.3),
      sites: maybe(time, fc.integer({ min: 1, max: 4 }), 0.04),
    }),
    bursts === null ? fc.constant(undefined) : fc.constant(true),
  );
  const steady = usual.map(([volume, more]): Block => ({ ...(volume as Block), ...more }));
  const inBursts = fc
    .tuple(usual, burst, ranged(logUniform(10, 20_000)))
    .map(([[volume, { profile: _, ...more }], burst, requests]): Block => {
      const { volume: __, ...others } = volume as Block;
      return { ...(others.requestsPerUser === undefined ? others : {}), ...more, bursts: { ...burst, requests } };
    });
  const ending = fc
    .tuple(job, maybe(profile, shape, 0.3))
    .map(([job, profile]): Block => ({ ...job, ...(profile !== undefined && { profile }) }));
  if (bursts !== null) return inBursts;
  // A job that ends leaves out what is in the spotlight elsewhere.
  if (volume !== null) return volume % (volumes.length + 1) === volumes.length ? ending : steady;
  if (profile !== null || time !== null) return steady;
  return fc.oneof(
    { weight: 88, arbitrary: steady },
    { weight: 6, arbitrary: inBursts },
    { weight: 6, arbitrary: ending },
  );
}

const growth = (turn: number | null): fc.Arbitrary<unknown> =>
  oneWay(turn, [
    ranged(fc.integer({ min: 1, max: 12 }), { unit: '% per month' }),
    text(fc.integer({ min: 5, max: 150 }), '% per year'),
    fc.constant(0),
    text(fc.integer({ min: -5, max: -1 }), '% per month'),
  ]);

/** Some of the documents that answers draw on, and other needs of the service as a whole. */
export function needs(light: Light): fc.Arbitrary<Block | undefined> {
  const turn = light('needs');
  const documents = logUniform(500, 2_000_000);
  const retrieved = maybe(turn, ranged(logUniform(200, 6000)));
  const rag = oneWay(turn, [
    fields({ documents: ranged(documents), tokensPerDocument: logUniform(200, 6000), retrieved }),
    fc.constant(true),
    fields({
      documents: ranged(
        documents.map((count) => count * 1000),
        { unit: ' tokens' },
      ).map(inTokens),
      retrieved,
    }),
    fields({ documents: ranged(documents), retrieved }),
    fc.constant(false),
  ]);
  return fields({
    rag: maybe(turn, rag, 0.1),
    fineTuning: maybe(turn, oneOf(turn, [false, false, true]), 0.04),
    offline: maybe(turn, oneOf(turn, [false, true, false, false]), 0.03),
    availability: maybe(turn, oneOf(turn, ['99%', '99.5%', '99.9%', 0.99]), 0.1),
    serviceTier: maybe(turn, oneOf(turn, enums.serviceTier), 0.04),
  }).map((map) => (Object.keys(map).length === 0 ? undefined : map));
}

/** Tokens must be called so. */
const inTokens = (value: unknown): unknown => (typeof value === 'number' ? `${value} tokens` : value);

/** Who runs it, and the most cash that it may take. */
export const team = (light: Light): fc.Arbitrary<Block | undefined> => {
  const turn = light('team');
  return maybe(
    turn,
    fields({
      devops: maybe(turn, ranged(between(0.2, 4)), 0.6),
      mlInfra: maybe(turn, ranged(between(0.1, 3)), 0.4),
      free: maybe(turn, between(0.1, 2), 0.3),
      yearlyCost: maybe(turn, ranged(logUniform(40_000, 250_000)), 0.3),
      mayHire: maybe(turn, oneOf(turn, [true, false]), 0.4),
      onCall: maybe(turn, oneOf(turn, [false, true]), 0.3),
      launchWithin: maybe(turn, text(fc.integer({ min: 2, max: 40 }), ' weeks'), 0.3),
    }),
    0.35,
  );
};

export const budget = (light: Light): fc.Arbitrary<Block | undefined> => {
  const turn = light('budget');
  return maybe(
    turn,
    fields({
      monthly: maybe(turn, logUniform(200, 400_000), 0.7),
      upfront: maybe(turn, fc.oneof(fc.constant(0), logUniform(500, 400_000)), 0.4),
    }),
    0.1,
  );
};

/** A name that the report has as its title. */
export const title = seldom(0.3, fc.constantFrom('Customer support', 'Nightly batch', 'Übersetzung 2'));
