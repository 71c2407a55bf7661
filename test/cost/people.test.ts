import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
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
import { caseOf } from '../support/scenario.js';

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
const fteFor = (...deployments: Staffed[]): number => fteOf(staffingOf(deployments, workload.assume), workload.assume);
const weeksFor = (team: object, ...deployments: Staffed[]): number =>
  setupWeeks(staffingOf(deployments, workload.assume), { ...workload, team: { ...workload.team, ...team } });

describe('people of a plan', () => {
  test.each([
    { fleet: 'rented', staff: rented, machines: 2, fte: 0.241, usd: 4016 },
    { fleet: 'rented', staff: rented, machines: 8, fte: 0.359, usd: 5982 },
    { fleet: 'rented', staff: rented, machines: 64, fte: 0.878, usd: 14_626 },
    { fleet: 'rented', staff: rented, machines: 512, fte: 2.683, usd: 44_724 },
    { fleet: 'serverless', staff: serverless, machines: 2, fte: 0.096, usd: 1606 },
    { fleet: 'serverless', staff: serverless, machines: 0.01, fte: 0.062, usd: 1025 },
    { fleet: 'serverless', staff: serverless, machines: 320, fte: 0.824, usd: 13_739 },
    { fleet: 'own, office', staff: room, machines: 2, fte: 0.393, usd: 6542 },
    { fleet: 'a box at a desk', staff: desk, machines: 1, fte: 0.03, usd: 500 },
    { fleet: 'four boxes', staff: desk, machines: 4, fte: 0.03 * 4 ** 0.8, usd: 1516 },
  ])('$fleet, $machines machines: $fte FTE, $usd USD a month', ({ staff, machines, fte, usd }) => {
    const people = fteFor(on(staff, machines));
    expect(people).toBeCloseTo(fte, 3);
    expect(Math.round(fteUsdPerMonth(people, workload) / 2) * 2).toBeCloseTo(Math.round(usd / 2) * 2, -0.9);
  });

  test.each([
    { plan: 'one API is what every option needs', parts: () => [on(api)], fte: 0 },
    { plan: 'two models of one provider', parts: () => [on(api), on(api)], fte: 0 },
    { plan: 'a second provider', parts: () => [on(api), on(api, 0, { provider: 'two' })], fte: 0.05 },
    { plan: 'an API and one endpoint', parts: () => [on(api), on(managed, 1)], fte: 0.4 * (0.15 + 0.06) },
    {
      plan: 'two rented and one managed of the same model, and 3 and 2 servers in two own rooms',
      parts: () => [
        on(rented, 2),
        on(managed, 1),
        // A fleet of five servers at two rooms is told as its mean at a site; here the rooms differ.
        on({ ...room, site: null }, 5),
      ],
      fte: 0.15 + 0.06 * (2 ** 0.6 + 0.4 + 5 ** 0.6) + 0.2,
    },
    {
      plan: 'a second model on the same kind of machine',
      parts: () => [on(rented, 2), on(rented, 2, { model: 'n' })],
      fte: 0.15 + 2 * 0.06 * 2 ** 0.6 + 0.1 + 0.05,
    },
    {
      plan: 'two servers at each of three sites',
      parts: () => [on({ ...room, sites: 3 }, 2)],
      fte: 0.15 + 0.06 * 6 ** 0.6 + 3 * 0.1 * 2 ** 0.6,
    },
    { plan: 'on call', parts: () => [on(rented, 2, { onCall: 1 })], fte: 0.15 + 0.06 * 2 ** 0.6 + 0.25 },
    {
      plan: 'on call for a managed endpoint',
      parts: () => [on(managed, 1, { onCall: 1 })],
      fte: 0.4 * (0.15 + 0.06 + 0.25),
    },
    { plan: 'nobody is on call for an API', parts: () => [on(api, 0, { onCall: 1 })], fte: 0 },
  ])('$plan', ({ parts, fte }) => {
    expect(fteFor(...parts())).toBeCloseTo(fte, 12);
  });

  test.each([
    { requestsPerDay: 1000, share: 0, why: 'a team of twenty' },
    { requestsPerDay: 1001, share: Math.log(1.001) / Math.log(50), why: 'one request more is next to nothing' },
    {
      requestsPerDay: 50_000 / 50 ** 0.5,
      share: 0.5,
      why: 'half way in the logarithm: half of it is run like a server',
    },
    { requestsPerDay: 50_000, share: 1, why: 'a service' },
    { requestsPerDay: 500_000, share: 1, why: 'a larger service' },
  ])('a box at a desk with $requestsPerDay requests a day ($why)', ({ requestsPerDay, share }) => {
    expect(fteFor(on(desk, 1, { requestsPerDay }))).toBeCloseTo(0.03 + share * (0.15 + 0.06), 9);
    expect(weeksFor({}, on(desk, 1, { requestsPerDay }))).toBeCloseTo(0.5 + share * (8 - 0.5), 9);
    // At each of two sites half of them.
    const two = { ...desk, sites: 2 };
    expect(fteFor(on(two, 1, { requestsPerDay: 2 * requestsPerDay }))).toBeCloseTo(
      2 * 0.03 + share * (0.15 + 0.06 * 2 ** 0.6),
      9,
    );
  });

  test.each([
    { onCall: 0.5, requestsPerDay: 500, share: 0.5 },
    { onCall: 1, requestsPerDay: 500, share: 1 },
    { onCall: 0.2, requestsPerDay: 50_000, share: 1 },
  ])('a box that somebody is on call for ($onCall) is run like a server', ({ onCall, requestsPerDay, share }) => {
    expect(fteFor(on(desk, 1, { requestsPerDay, onCall }))).toBeCloseTo(
      0.03 + share * (0.15 + 0.06 + onCall * 0.25),
      9,
    );
  });

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
  test.each([
    { availability: null, share: 0 },
    { availability: 0.99, share: 0 },
    { availability: 0.995, share: 5 / 9 },
    { availability: 0.999, share: 1 },
    { availability: 0.9999, share: 1 },
  ])('$availability asks for $share of it', ({ availability, share }) => {
    expect(onCallFor(asking(availability), workload)).toBeCloseTo(share, 9);
  });

  test('is what the team says, whatever availability is asked for', () => {
    expect(onCallFor(asking(null), { ...workload, team: { ...workload.team, onCall: true } })).toBe(1);
  });
});

describe('setting up', () => {
  test.each([
    { plan: 'an API: what every option needs is left out', parts: () => [on(api)], weeks: 0 },
    { plan: 'rented', parts: () => [on(rented, 2)], weeks: 4 },
    { plan: 'rented twice', parts: () => [on(rented, 2), on(rented, 3)], weeks: 4 },
    { plan: 'managed and serverless', parts: () => [on(managed, 1), on(serverless, 1)], weeks: 4 },
    { plan: 'a desk at each of six sites', parts: () => [on({ ...desk, sites: 6 }, 1)], weeks: 0.5 + 5 },
    { plan: 'servers at two sites', parts: () => [on({ ...room, sites: 2 }, 1)], weeks: 8 + 1 },
    { plan: 'a desk', parts: () => [on(desk, 1)], weeks: 0.5 },
    { plan: '16 machines: one doubling above 8', parts: () => [on(rented, 16)], weeks: 5 },
    { plan: '64 machines', parts: () => [on(rented, 64)], weeks: 7 },
  ])('$plan: $weeks weeks', ({ parts, weeks }) => {
    expect(weeksFor({}, ...parts())).toBeCloseTo(weeks, 12);
    expect(weeksFor({ isLearning: true }, ...parts())).toBeCloseTo(2 * weeks, 12);
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

  test.each([
    { team: { mlInfra: 0 }, isLearning: true, why: 'nobody for machine-learning infrastructure' },
    { team: { devops: 2 }, isLearning: true, why: 'only people who run services' },
    { team: { mlInfra: 1 }, isLearning: false, why: 'one person' },
    { team: undefined, isLearning: false, why: 'no team is given' },
  ])('a team learns where it has $why: $isLearning', async ({ team, isLearning }) => {
    expect((await demandOf(team === undefined ? {} : { team })).team.isLearning).toBe(isLearning);
  });

  test.each([
    { team: undefined, usd: 6000, why: 'no team is given, so nobody is free' },
    { team: { devops: 1, yearlyCost: '240k' }, usd: 0, why: 'one person is free for 0.3' },
    { team: { devops: 2, free: '0.2 FTE', yearlyCost: '240k' }, usd: 2000, why: '0.3 - 0.2 of 20,000' },
  ])('0.3 FTE cost $usd in cash: $why', async ({ team, usd }) => {
    const blocks = team === undefined ? { assumptions: { defaultLoadedFte: 240_000 } } : { team };
    expect(cashExtraUsd(0.3, await demandOf(blocks))).toBeCloseTo(usd, 6);
  });
});
