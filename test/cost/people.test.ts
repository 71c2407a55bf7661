import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cashExtraUsd,
  fleetFte,
  fteOf,
  fteUsdPerMonth,
  parameterOf,
  peopleUsd,
  type Role,
  setupUsd,
} from '../../src/cost/people.js';
import type { Kind } from '../../src/tables/rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, likelyIn } from '../support/scenario.js';

// Likely values of the tables: 0.5 FTE up to 8 GPUs, 2 at 64, 6 at 512; 0.25 per further fleet; 0.1 per API provider,
// and 0.1 not charged; 200,000 USD a year; 8 weeks to set up rented machines, half a week for an API, half not charged.
const none = { apiProviders: 0, fleets: 0, gpus: 0 };

describe('people who run a fleet', () => {
  test.each([
    { gpus: 0, fte: 0, why: 'no fleet' },
    { gpus: 1, fte: 0.5, why: 'the small band' },
    { gpus: 8, fte: 0.5, why: 'its upper end' },
    { gpus: 9, fte: 0.5 + 1.5 / 56, why: 'one of the 56 GPUs on the way to 2' },
    { gpus: 36, fte: 1.25, why: 'half way from 8 to 64: (0.5 + 2) / 2' },
    { gpus: 64, fte: 2, why: 'the end of the medium band' },
    { gpus: 288, fte: 4, why: 'half way from 64 to 512: (2 + 6) / 2' },
    { gpus: 512, fte: 6, why: 'the end of the large band' },
    { gpus: 1024, fte: 12, why: 'per GPU above it: 6 x 1,024 / 512' },
  ])('$gpus GPUs: $fte FTE ($why)', async ({ gpus, fte }) => {
    expect(fleetFte(gpus, likelyIn(await shippedTables()))).toBeCloseTo(fte, 12);
  });
});

describe('people of a plan', () => {
  test.each([
    { plan: { ...none, apiProviders: 1 }, fte: 0, why: 'one API is the least that anybody needs' },
    { plan: { ...none, apiProviders: 2 }, fte: 0.1, why: 'a second integration' },
    { plan: { ...none, apiProviders: 3 }, fte: 0.2, why: 'a third' },
    { plan: { ...none, fleets: 1, gpus: 4 }, fte: 0.4, why: '0.5 less what is not charged' },
    { plan: { ...none, fleets: 2, gpus: 8 }, fte: 0.65, why: '0.5 + 0.25 - 0.1: the band counts all GPUs once' },
    { plan: { ...none, fleets: 3, gpus: 36 }, fte: 1.65, why: '1.25 + 2 x 0.25 - 0.1' },
    { plan: { apiProviders: 1, fleets: 1, gpus: 2 }, fte: 0.5, why: '0.5 + 0.1 - 0.1' },
    { plan: { apiProviders: 2, fleets: 1, gpus: 2 }, fte: 0.6, why: '0.5 + 0.2 - 0.1' },
    { plan: none, fte: 0, why: 'never below 0' },
  ])('$plan: $fte FTE ($why)', async ({ plan, fte }) => {
    expect(fteOf({ roles: [], ...plan }, likelyIn(await shippedTables()))).toBeCloseTo(fte, 12);
  });

  test('never fewer for more of anything', async () => {
    const assume = likelyIn(await shippedTables());
    const staffing = fc.record({
      roles: fc.constant<Role[]>([]),
      apiProviders: fc.integer({ min: 0, max: 5 }),
      fleets: fc.integer({ min: 0, max: 5 }),
      gpus: fc.integer({ min: 0, max: 3000 }),
    });
    fc.assert(
      fc.property(staffing, staffing, (a, b) => {
        const more = {
          roles: [],
          apiProviders: Math.max(a.apiProviders, b.apiProviders),
          fleets: Math.max(a.fleets, b.fleets),
          gpus: Math.max(a.gpus, b.gpus),
        };
        expect(fteOf(more, assume)).toBeGreaterThanOrEqual(fteOf(a, assume) - 1e-12);
      }),
    );
  });
});

describe('what people cost', () => {
  const demandOf = async (blocks: object = {}) =>
    (await caseOf({ workload: { volume: 100 }, tasks: [{ type: 'faq-chat' }], ...blocks })).workload;

  test.each<{ kinds: Kind[]; weeks: number; why: string }>([
    { kinds: ['cloud-api'], weeks: 0, why: 'half a week less the half that anybody needs' },
    { kinds: ['self-hosted-cloud'], weeks: 7.5, why: '8 - 0.5' },
    { kinds: ['cloud-api', 'open-model-api'], weeks: 0.5, why: '0.5 + 0.5 - 0.5' },
    { kinds: ['cloud-api', 'self-hosted-cloud'], weeks: 8, why: '0.5 + 8 - 0.5' },
  ])('setting up $kinds takes $weeks weeks at 200,000 / 52 ($why)', async ({ kinds, weeks }) => {
    const setups = kinds.map((kind) => parameterOf('setupEffort', kind));
    expect(setupUsd({ setups }, await demandOf())).toBeCloseTo((weeks * 200_000) / 52, 6);
  });

  test('a month is people and its part of the set-up', async () => {
    const workload = await demandOf();
    const plan = { ...none, fleets: 1, gpus: 36, roles: [], setups: ['setupEffortSelfHostedCloud'] };
    // 1.25 FTE less 0.1, and 7.5 weeks over the months of the horizon.
    const [people, setup] = [(1.15 * 200_000) / 12, (7.5 * 200_000) / 52 / workload.months];
    expect(peopleUsd(plan, workload)).toBeCloseTo(people + setup, 6);
  });

  test('half a person at 240,000 a year is 10,000 a month', async () => {
    expect(fteUsdPerMonth(0.5, await demandOf({ team: { yearlyCost: '240k' } }))).toBeCloseTo(10_000, 9);
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
