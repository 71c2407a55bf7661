import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  cashExtraUsd,
  deviceFte,
  fteOf,
  fteUsdPerMonth,
  nobody,
  onCallFor,
  peopleUsd,
  type Staff,
  type Staffed,
  setupWeeks,
  staffingOf,
} from '../../src/cost/people.js';
import type { TaskPart, Workload } from '../../src/workload/workload.js';
import { casesIn } from '../support/cases.js';
import { caseOf } from '../support/scenario.js';

const figure = z.number();
const requestsPerDay = figure;
const fleet = z.strictObject({
  ...{ of: z.enum(['api', 'rented', 'managed', 'serverless', 'room', 'desk', 'apart']), machines: figure.optional() },
  ...{ sites: figure.optional(), provider: z.string().optional(), model: z.string().optional() },
  onCall: figure.optional(),
});
const team = z.record(z.string(), z.unknown()).optional();
const cases = casesIn('people', {
  fleets: { of: fleet.shape.of, machines: figure, fte: figure, usd: figure },
  plans: { plan: z.string(), fleets: z.array(fleet), fte: figure },
  desks: { requestsPerDay, share: figure, why: z.string() },
  desksOnCall: { onCall: figure, requestsPerDay, share: figure },
  onCall: { availability: figure.nullable(), share: figure },
  setup: { plan: z.string(), fleets: z.array(fleet), weeks: figure },
  learning: { team, isLearning: z.boolean(), why: z.string() },
  cash: { team, usd: figure, why: z.string() },
});

// Likely values of the tables: weights of one's own 0.15 FTE, machines 0.06 x number^0.6, 0.4 of it where a provider runs
// them, 0.1 for each further fleet, 0.05 for each further model or API, servers 0.10 in an own room and 0.06 in a colocation,
// 0.03 x boxes^0.8 at desks, 0.25 on call; 200,000 USD a year.
let workload: Workload;
beforeAll(async () => {
  ({ workload } = await caseOf({ workload: { volume: 100 }, tasks: [{ type: 'faq-chat' }] }));
});

const api: Staff = { ...nobody, api: true };
const rented: Staff = { ...nobody, share: 1, setup: 'setupEffortSelfHostedCloud' };
const managed: Staff = { ...nobody, share: 0.4, shareOf: 'managedShare', setup: 'setupEffortManagedHosting' };
const serverless: Staff = { ...managed, setup: 'setupEffortServerlessGpu' };
const room: Staff = { ...nobody, share: 1, site: 'fteServerOwnRoom', setup: 'setupEffortOnPrem' };
const desk: Staff = { ...nobody, site: 'fteDeskBox', setup: 'setupEffortWorkstation' };

const on = (staff: Staff, machines = 0, more: Partial<Staffed> = {}): Staffed => ({
  staff,
  provider: 'one',
  model: staff.share > 0 || staff.site !== null ? 'm' : null,
  machines,
  onCall: 0,
  requestsPerDay: 1000,
  ...more,
});
/** Kinds of staff by name; apart are machines at a site that is not told. */
const staffOf = { api, rented, managed, serverless, room, desk, apart: { ...room, site: null } };
const fleetsOf = (fleets: z.infer<typeof fleet>[]): Staffed[] =>
  fleets.map(({ of, machines = 0, sites, ...more }) =>
    on(sites === undefined ? staffOf[of] : { ...staffOf[of], sites }, machines, more as Partial<Staffed>),
  );
const fteFor = (...deployments: Staffed[]): number => fteOf(staffingOf(deployments, workload.assume), workload.assume);
const weeksFor = (team: object, ...deployments: Staffed[]): number =>
  setupWeeks(staffingOf(deployments, workload.assume), { ...workload, team: { ...workload.team, ...team } });

describe('people of a plan', () => {
  test.each(cases.fleets)('$of, $machines machines: $fte FTE, $usd USD a month', ({ of, machines, fte, usd }) => {
    const people = fteFor(on(staffOf[of], machines));
    expect(people).toBeCloseTo(fte, 3);
    expect(Math.round(fteUsdPerMonth(people, workload) / 2) * 2).toBeCloseTo(Math.round(usd / 2) * 2, -0.9);
  });

  test.each(cases.plans)('$plan', ({ fleets, fte }) => {
    expect(fteFor(...fleetsOf(fleets))).toBeCloseTo(fte, 12);
  });

  test.each(cases.desks)('a box at a desk with $requestsPerDay requests a day ($why)', ({ requestsPerDay, share }) => {
    expect(fteFor(on(desk, 1, { requestsPerDay }))).toBeCloseTo(0.03 + share * (0.15 + 0.06), 9);
    expect(weeksFor({}, on(desk, 1, { requestsPerDay }))).toBeCloseTo(0.5 + share * (8 - 0.5), 9);
    // At each of two sites half of them.
    const two = { ...desk, sites: 2 };
    expect(fteFor(on(two, 1, { requestsPerDay: 2 * requestsPerDay }))).toBeCloseTo(
      2 * 0.03 + share * (0.15 + 0.06 * 2 ** 0.6),
      9,
    );
  });

  test.each(cases.desksOnCall)(
    'a box that somebody is on call for ($onCall) is run like a server',
    ({ onCall, requestsPerDay, share }) => {
      expect(fteFor(on(desk, 1, { requestsPerDay, onCall }))).toBeCloseTo(
        0.03 + share * (0.15 + 0.06 + onCall * 0.25),
        9,
      );
    },
  );

  test('devices that the company manages: 0.8 FTE for a thousand, ten times as many for a hundred times the devices', () => {
    expect(deviceFte(1000, workload.assume)).toBeCloseTo(0.8, 12);
    expect(deviceFte(100_000, workload.assume)).toBeCloseTo(8, 12);
    expect(deviceFte(0, workload.assume)).toBe(0);
  });

  const kinds = [api, rented, managed, serverless, room, desk];
  const staffed = fc.record({
    kind: fc.nat(kinds.length - 1),
    machines: fc.double({ min: 0, max: 10_000, noNaN: true }),
    provider: fc.constantFrom('one', 'two', 'three'),
    model: fc.constantFrom('m', 'n'),
    onCall: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const made = ({
    kind,
    model,
    ...rest
  }: {
    kind: number;
    machines: number;
    provider: string;
    model: string;
    onCall: number;
  }) => {
    const staff = kinds[kind] as Staff;
    return on(staff, rest.machines, { ...rest, model: staff.api ? null : model });
  };

  test('are never fewer for more machines or one deployment more, and change little for little', () => {
    fc.assert(
      fc.property(fc.array(staffed, { minLength: 1, maxLength: 4 }), staffed, (all, one) => {
        const plan = all.map(made);
        const now = fteFor(...plan);
        expect(fteFor(...plan, made(one))).toBeGreaterThanOrEqual(now - 1e-12);
        const more = plan.map((part, i) => (i === 0 ? { ...part, machines: part.machines * 1.01 } : part));
        expect(fteFor(...more)).toBeGreaterThanOrEqual(now - 1e-12);
        expect(fteFor(...more)).toBeLessThanOrEqual(now * 1.01 + 1e-12);
      }),
    );
  });

  test('follow one formula from one machine to ten thousand: no band, no cliff', () => {
    for (const staff of kinds.filter(({ share, site }) => share > 0 || site !== null)) {
      let last = fteFor(on(staff, 1));
      for (let machines = 2; machines < 10_000; machines = Math.ceil(machines * 1.05)) {
        const now = fteFor(on(staff, machines));
        // A machine more never asks for more than the machines there were did in the mean.
        expect(now - last).toBeLessThanOrEqual(last * 0.9);
        expect(now).toBeGreaterThan(last);
        last = now;
      }
    }
  });
});

describe('being on call', () => {
  const asking = (availability: number | null) => [{ needs: { availability } } as TaskPart];
  test.each(cases.onCall)('$availability asks for $share of it', ({ availability, share }) => {
    expect(onCallFor(asking(availability), workload)).toBeCloseTo(share, 9);
  });

  test('is what the team says, whatever availability is asked for', () => {
    expect(onCallFor(asking(null), { ...workload, team: { ...workload.team, onCall: true } })).toBe(1);
  });
});

describe('setting up', () => {
  test.each(cases.setup)('$plan: $weeks weeks', ({ fleets, weeks }) => {
    expect(weeksFor({}, ...fleetsOf(fleets))).toBeCloseTo(weeks, 12);
    expect(weeksFor({ isLearning: true }, ...fleetsOf(fleets))).toBeCloseTo(2 * weeks, 12);
  });
});

describe('what people cost', () => {
  const demandOf = async (blocks: object = {}) =>
    (await caseOf({ workload: { volume: 100 }, tasks: [{ type: 'faq-chat' }], ...blocks })).workload;

  test('a month is people and its part of the set-up', () => {
    const plan = staffingOf([on(rented, 2)], workload.assume);
    const [people, setup] = [((0.15 + 0.06 * 2 ** 0.6) * 200_000) / 12, (4 * 200_000) / 52 / workload.months];
    expect(peopleUsd(plan, workload)).toBeCloseTo(people + setup, 6);
  });

  test('half a person at 240,000 a year is 10,000 a month', async () => {
    expect(fteUsdPerMonth(0.5, await demandOf({ team: { yearlyCost: '240k' } }))).toBeCloseTo(10_000, 9);
  });

  test.each(cases.learning)('a team learns where it has $why: $isLearning', async ({ team, isLearning }) => {
    expect((await demandOf(team === undefined ? {} : { team })).team.isLearning).toBe(isLearning);
  });

  test.each(cases.cash)('0.3 FTE cost $usd in cash: $why', async ({ team, usd }) => {
    const blocks = team === undefined ? { assumptions: { defaultLoadedFte: 240_000 } } : { team };
    expect(cashExtraUsd(0.3, await demandOf(blocks))).toBeCloseTo(usd, 6);
  });
});
