import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { termAt } from '../../src/cost/curve.js';
import { type FleetRule, fleetTerm, unitsAtPeak, type Work } from '../../src/cost/fleet.js';
import { growthOf, type Hours, highestOf, servedInTime } from '../../src/workload/load.js';
import type { TaskPart, Workload } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

let any: Workload;
let one: TaskPart;
beforeAll(async () => {
  any = (await caseOf({ workload: { volume: 1000 }, tasks: [{ type: 'faq-chat' }] })).workload;
  one = any.taskParts[0] as TaskPart;
});

const base = 1000;
type Part = { hours: Hours; scales: boolean; need: number; deadline: number };
type Fleet = { parts: Part[]; lagMinutes: number; rule: FleetRule; growth: number };

/** A workload with just these task parts, and what each asks of a fleet. */
function made({ parts, lagMinutes, growth }: Omit<Fleet, 'rule'>): { workload: Workload; work: Work[] } {
  const taskParts = parts.map(({ hours: arrivals, scales, deadline }, i): TaskPart => {
    const hours = servedInTime(arrivals, deadline);
    const waits = hours === arrivals ? null : { arrivals, deadlineHours: deadline };
    return { ...one, id: `t${i}`, task: `t${i}`, scales, hours, waits, requestsPerDay: base / 10 };
  });
  const assume = (name: string) => (name === 'scalingLagMinutes' ? lagMinutes : any.assume(name));
  const months = growthOf(growth, 3);
  const workload = { ...any, requestsPerDay: base, taskParts, assume, growth: months, peakGrowth: highestOf(months) };
  return { workload, work: taskParts.map((taskPart, i) => ({ taskPart, need: parts[i]?.need ?? 0 })) };
}

const bought = (need: number, { min, spare, spareShare }: FleetRule): number => {
  const units = Math.max(min, Math.ceil(need * (1 - 1e-9)));
  return units + Math.max(spare, Math.ceil(spareShare * units - 1e-9));
};

const needs = ({ work, workload }: ReturnType<typeof made>, volume: number, growth: number): number[] =>
  Array.from({ length: work[0]?.taskPart.hours.length ?? 0 }, (_, hour) =>
    work.reduce(
      (sum, { taskPart, need }) =>
        sum +
        growth * need * (taskPart.hours[hour] as number) * (taskPart.scales ? volume / workload.requestsPerDay : 1),
      0,
    ),
  );

/** Unit-hours of a mean month by a walk through the minutes: the machines of the next hour come up in the last ones. */
function walked(fleet: Fleet, volume: number): number {
  const context = made(fleet);
  const { growth, hoursPerMonth } = context.workload;
  let sum = 0;
  for (const factor of growth) {
    const hours = needs(context, volume, factor);
    hours.forEach((need, hour) => {
      const next = hours[(hour + 1) % hours.length] as number;
      const early = Math.min(60, fleet.lagMinutes);
      for (let minute = 0; minute < 60; minute++)
        sum += bought(minute >= 60 - early ? Math.max(need, next) : need, fleet.rule) / 60 / hours.length;
    });
  }
  return (sum / growth.length) * hoursPerMonth;
}

const amount = (most: number) => fc.integer({ min: 0, max: most * 1000 }).map((x) => x / 1000);
const length = 8;
const week = fc
  .array(amount(4), { minLength: length, maxLength: length })
  .filter((list) => list.some((x) => x > 0))
  .map((list) => Float64Array.from(list));
const part: fc.Arbitrary<Part> = fc.record({
  hours: week,
  scales: fc.boolean(),
  need: amount(9).map((x) => x + 0.01),
  deadline: fc.constantFrom(0, 0, 1, 3),
});
const fleet = fc.record({
  // Of one kind of hours, or of several: the two ways through the term.
  parts: fc.oneof(
    fc.array(part, { minLength: 1, maxLength: 4 }),
    fc
      .array(part, { minLength: 1, maxLength: 3 })
      .map((list) => list.map((x) => ({ ...x, hours: (list[0] as Part).hours, deadline: (list[0] as Part).deadline }))),
  ),
  lagMinutes: fc.constantFrom(0, 6, 14, 30, 60, 90),
  rule: fc.record({
    min: fc.integer({ min: 0, max: 2 }),
    spare: fc.integer({ min: 0, max: 1 }),
    spareShare: fc.constantFrom(0, 0.1),
    followsHours: fc.constant(true),
  }),
  growth: fc.constantFrom(0, 0.4, -0.3),
});
const termOf = (of: Fleet, rule: FleetRule = of.rule) => {
  const { workload, work } = made(of);
  return fleetTerm(work, rule, workload);
};
/** Close to where one more unit is needed, two ways of rounding may differ. */
const clear = (of: Fleet, volume: number): boolean => {
  const { workload, work } = made(of);
  return [...workload.growth].every((factor) =>
    needs({ workload, work }, volume, factor).every((need) => Math.abs(need - Math.round(need)) > 1e-6 || need < 1e-12),
  );
};

describe('a fleet that follows the hours', () => {
  test('by hand: machines of a higher hour come up a quarter of an hour before it', () => {
    const hours = Float64Array.of(1, 3, 2, 2);
    const rule = { min: 0, spare: 0, spareShare: 0, followsHours: true };
    const parts = [{ hours, scales: true, need: 1, deadline: 0 }];
    // 1, 3, 2 and 2 machines; of the first hour a quarter already has 3: 1 x 3/4 + 3 x 1/4 = 1.5.
    const term = termOf({ parts, lagMinutes: 15, rule, growth: 0 });
    expect(termAt(term, base)).toBeCloseTo(((1.5 + 3 + 2 + 2) / 4) * 730, 9);
    // At twice the volume 2, 6, 4 and 4: the first hour is 2 x 3/4 + 6 x 1/4 = 3.
    expect(termAt(term, 2 * base)).toBeCloseTo(((3 + 6 + 4 + 4) / 4) * 730, 9);
    // The week is cyclic: the last hour holds what the first needs.
    const turned = [{ hours: Float64Array.of(3, 2, 2, 1), scales: true, need: 1, deadline: 0 }];
    expect(termAt(termOf({ parts: turned, lagMinutes: 15, rule, growth: 0 }), base)).toBeCloseTo((8.5 / 4) * 730, 9);
  });

  test('costs what a walk through the minutes gives, at any volume, whatever scales', () => {
    fc.assert(
      fc.property(fleet, amount(4000), (of, volume) => {
        fc.pre(clear(of, volume));
        const expected = walked(of, volume);
        expect(Math.abs(termAt(termOf(of), volume) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, expected));
      }),
      { numRuns: 400 },
    );
  });

  test('a longer lag never costs less, and more volume neither; the peak stays', () => {
    fc.assert(
      fc.property(fleet, amount(4000), amount(4000), (of, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const at = termAt(termOf(of), high);
        const room = 1e-9 * Math.max(1, at);
        expect(termAt(termOf({ ...of, lagMinutes: 0 }), high)).toBeLessThanOrEqual(at + room);
        expect(termAt(termOf({ ...of, lagMinutes: of.lagMinutes + 5 }), high)).toBeGreaterThanOrEqual(at - room);
        expect(termAt(termOf(of), low)).toBeLessThanOrEqual(at + room);
        const peak = (minutes: number) => unitsAtPeak(termOf({ ...of, lagMinutes: minutes }), high);
        expect(peak(of.lagMinutes)).toBe(peak(0));
      }),
      { numRuns: 300 },
    );
  });

  test('a flat load has nothing to hold early', () => {
    const flat = new Float64Array(length).fill(1);
    fc.assert(
      fc.property(fleet, amount(4000), (of, volume) => {
        const parts = of.parts.map((x) => ({ ...x, hours: flat }));
        expect(termAt(termOf({ ...of, parts }), volume)).toBe(termAt(termOf({ ...of, parts, lagMinutes: 0 }), volume));
      }),
    );
  });

  test('the same hours cost by each demand: a lag or a month of another is not remembered', () => {
    const hours = Float64Array.of(1, 3, 2, 2);
    const rule = { min: 0, spare: 0, spareShare: 0, followsHours: true };
    const parts = [{ hours, scales: true, need: 1, deadline: 0 }];
    const usd = [0, 15, 0].map((lagMinutes) => termAt(termOf({ parts, lagMinutes, rule, growth: 0 }), base));
    expect(usd[0]).toBe(usd[2]);
    expect(usd[1]).toBeGreaterThan(usd[0] as number);
    const { workload, work } = made({ parts, lagMinutes: 0, growth: 0 });
    expect(termAt(fleetTerm(work, rule, { ...workload, hoursPerMonth: 720 }), base)).toBeCloseTo(2 * 720, 9);
  });
});

describe('a fleet that is sized once', () => {
  const once = (of: Fleet) => termOf(of, { ...of.rule, followsHours: false });

  test('is not larger than for the spread hours added up, and large enough for the mean', () => {
    fc.assert(
      fc.property(fleet, amount(4000), (of, volume) => {
        const { workload, work } = made(of);
        const all = needs({ workload, work }, volume, workload.peakGrowth);
        const term = once(of);
        const units = unitsAtPeak(term, volume);
        const most = Math.max(of.rule.min, Math.ceil(highestOf(Float64Array.from(all)) * (1 - 1e-9) + 1e-9));
        expect(units).toBeLessThanOrEqual(most);
        const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
        expect(units).toBeGreaterThanOrEqual(Math.floor(mean * (1 - 1e-6)));
      }),
      { numRuns: 300 },
    );
  });

  test('by hand: what may wait stands in the valley, and at ten times the volume in ten times the valley', () => {
    const parts = [
      { hours: Float64Array.of(40, 0, 0, 0), scales: true, need: 1, deadline: 0 },
      { hours: Float64Array.of(60, 0, 0, 0), scales: true, need: 1, deadline: 2 },
    ];
    const rule = { min: 0, spare: 0, spareShare: 0, followsHours: false };
    // 60 spread over three hours would add 20 to the 40; all of them fit into the two hours after the first.
    const term = termOf({ parts, lagMinutes: 14, rule, growth: 0 });
    expect(termAt(term, base)).toBeCloseTo(40 * 730, 6);
    expect(termAt(term, 10 * base)).toBeCloseTo(400 * 730, 6);
    // Of a volume of its own, it stands in the valley all the same; at half the volume it asks most: 80 in three hours.
    const own = termOf({ parts: parts.map((x, i) => ({ ...x, scales: i === 0 })), lagMinutes: 14, rule, growth: 0 });
    expect(termAt(own, base)).toBeCloseTo(40 * 730, 6);
    expect(termAt(own, base / 2)).toBeCloseTo(27 * 730, 6);
  });

  test('does as much whether work follows the volume or has one of its own, at the volume where both are the same', () => {
    fc.assert(
      fc.property(fleet, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (of, scales) => {
        const parts = of.parts.map((x, i) => ({ ...x, scales: scales[i] === true }));
        const units = (list: Part[]) => unitsAtPeak(once({ ...of, parts: list }), base);
        const all = of.parts.map((x) => ({ ...x, scales: true }));
        const need = unitsAtPeak({ ...once({ ...of, parts: all }), min: 0, step: 1e-4 }, base);
        // Close to where one more unit is needed, two ways of adding up may differ.
        fc.pre(need % 10_000 > 1 && need % 10_000 < 9_999);
        expect(units(parts)).toBe(units(all));
      }),
      { numRuns: 500 },
    );
  });

  test('a flat load never costs more than a peaky one of the same mean', () => {
    fc.assert(
      fc.property(fleet, amount(4000), (of, volume) => {
        const flat = of.parts.map((x) => {
          const mean = x.hours.reduce((sum, y) => sum + y, 0) / length;
          return { ...x, hours: new Float64Array(length).fill(mean) };
        });
        expect(termAt(once({ ...of, parts: flat }), volume)).toBeLessThanOrEqual(termAt(once(of), volume));
      }),
      { numRuns: 300 },
    );
  });

  test('a longer wait never costs more where all may wait alike', () => {
    fc.assert(
      fc.property(fleet, amount(4000), fc.integer({ min: 0, max: 9 }), (of, volume, wait) => {
        const first = of.parts[0] as Part;
        const waiting = (deadline: number) => ({ ...of, parts: [{ ...first, deadline }] });
        expect(termAt(once(waiting(wait + 1)), volume)).toBeLessThanOrEqual(termAt(once(waiting(wait)), volume));
      }),
      { numRuns: 300 },
    );
  });
});
