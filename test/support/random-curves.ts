import fc from 'fast-check';
import { add, type CostCurve, scale, type Term } from '../../src/cost/curve.js';
import { sizedOverflow } from '../../src/cost/overflow.js';
import { durationCurve, hourlyLoad } from '../../src/workload/load.js';

export const hoursPerMonth = 730;

/** Thousandths: no number is so small that a product of two of them is lost. */
const amount = (most: number) => fc.integer({ min: 0, max: most * 1000 }).map((x) => x / 1000);
const growth = fc.oneof(
  fc.constant<number[]>([1]),
  fc.array(
    fc.integer({ min: 1, max: 3000 }).map((x) => x / 1000),
    { minLength: 1, maxLength: 6 },
  ),
);
const hours = fc.oneof(
  fc.array(amount(4), { minLength: 1, maxLength: 24 }),
  fc.array(amount(4), { minLength: 168, maxLength: 168 }),
);
const parts = fc.record({
  usd: amount(40),
  hours,
  perUnit: fc.oneof(amount(100), amount(3000)).map((x) => x + 5),
  stepped: fc.constantFrom(false, false, false, true),
  min: fc.integer({ min: 0, max: 3 }),
  spare: fc.integer({ min: 0, max: 2 }),
  spareShare: fc.constantFrom(0, 0, 0.1, 0.25),
  plus: fc.oneof(fc.constant(0), amount(500)),
  growth,
  bases: fc.option(amount(300), { nil: null }),
});

type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

/** Units that hold less and less, or all the same. */
const capacityOf = ({ perUnit, stepped }: Parts) =>
  stepped ? Float64Array.of(0, perUnit, 1.8 * perUnit, 2.4 * perUnit) : Float64Array.of(0, perUnit);

/** What stays, now more and now less. */
const baseOf = (most: number, hours: Float64Array) => hours.map((_, hour) => (most * (hour % 5)) / 5);

function fleetOf(of: Parts, is: 'replicas' | 'peak'): Term {
  const { usd, min, spare, spareShare, plus } = of;
  const growth = Float64Array.from(of.growth);
  const sizing = { usd, min, spare, spareShare, plus, growth, peakGrowth: Math.max(...growth) };
  const capacity = capacityOf(of);
  const week = Float64Array.from(of.hours);
  if (is === 'peak') {
    const { bases } = of;
    const base = bases === null ? null : bases < 100 ? Float64Array.of(bases) : baseOf(bases, week);
    const multiple = base !== null && base.length > 1 ? week : Float64Array.of(Math.max(...week));
    return { is, multiple, hours: hoursPerMonth, base, capacity, ...sizing };
  }
  if (of.bases === null) return { is, load: durationCurve(week, hoursPerMonth), base: null, capacity, ...sizing };
  const base = baseOf(of.bases, week);
  return { is, load: hourlyLoad(week, hoursPerMonth), base, capacity, ...sizing };
}

const one = (term: Term): CostCurve => ({ fixed: 0, perUnit: 0, terms: [term] });
const line = fc.record({ fixed: amount(3000), perUnit: amount(20) }).map((of): CostCurve => ({ ...of, terms: [] }));
const following = parts.map((of) => one(fleetOf(of, 'replicas')));
const peak = parts.map((of) => one(fleetOf(of, 'peak')));
const above = fc.record({ usd: amount(2), base: amount(2000), hours, growth }).map(({ usd, base, hours, growth }) =>
  one({
    is: 'above',
    usd,
    base,
    load: durationCurve(Float64Array.from(hours), hoursPerMonth),
    growth: Float64Array.from(growth),
  }),
);
const sized = fc
  .record({
    hours,
    growth,
    unit: amount(300),
    cost: amount(500),
    usd: amount(1),
    min: fc.nat(2),
    spare: fc.nat(2),
    moving: fc.boolean(),
  })
  .map(({ hours, growth, unit, cost, usd, min, spare, moving }) => {
    const of = { load: durationCurve(Float64Array.from(hours), hoursPerMonth), growth: Float64Array.from(growth) };
    return sizedOverflow({
      ...of,
      unitRequestsPerDay: unit + 5,
      unitUsdPerMonth: cost,
      usdPerRequest: usd,
      weights: moving ? of.growth.map((_, month) => month / 2) : null,
      min,
      spare,
    }).curve;
  });
/** Idle time-outs: what is saved when requests come close together. */
const serverless = fc
  .record({ perRequest: amount(20), share: amount(1), rate: fc.double({ min: 1e-4, max: 0.1, noNaN: true }) })
  .map(({ perRequest, share, rate }) =>
    one({
      is: 'smooth',
      up: (v) => perRequest * v,
      down: (v) => share * perRequest * v * (1 - Math.exp(-rate * v)),
    }),
  );
const single = { line, following, peak, above, sized, serverless };
const mixed = fc.array(fc.oneof(...Object.values(single)), { minLength: 2, maxLength: 4 }).map((list) => add(list));

/** Curves of every form there is. */
export const forms: Record<string, fc.Arbitrary<CostCurve>> = { ...single, mixed };
export const anyCurve = fc.oneof(...Object.values(forms));

/** A factor for a curve so that it costs what another does at a volume: or they would seldom meet. */
export const meeting = (curve: CostCurve, usd: number, own: number): CostCurve =>
  own > 0 && usd > 0 ? scale(curve, usd / own) : curve;
