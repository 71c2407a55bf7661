import { beforeAll, describe, expect, test } from 'vitest';
import type { Role, Staff } from '../../src/cost/people.js';
import { PeopleTable } from '../../src/decide/assignment.js';
import type { Candidate } from '../../src/places/candidate.js';
import type { Kind } from '../../src/tables/rows.js';
import type { Workload } from '../../src/workload/workload.js';
import { caseOf } from '../support/scenario.js';

/** What sets of deployments ask of people, as plans are compared: by numbers that tell them apart. */

let workload: Workload;
beforeAll(async () => {
  const assumptions = {
    fteCloudApi: 0.1,
    peopleBaseline: 0.1,
    fleetBandSmallGpus: 8,
    fleetBandMediumGpus: 16,
    fteSelfHostedCloudSmall: 0.5,
    fteSelfHostedCloudMedium: 1.3,
    ftePerFurtherFleet: 0.2,
    setupBaseline: 1,
    setupEffortCloudApi: 1,
    setupEffortSelfHostedCloud: 3,
    setupEffortOnPrem: 5,
  };
  const tasks = [{ name: 'faq', type: 'faq-chat' }];
  const written = { volume: 1000, horizon: '10 months' };
  ({ workload } = await caseOf({ workload: written, tasks, team: { yearlyCost: '$120000/year' }, assumptions }));
});

const staff = (more: Partial<Staff>): Staff => ({
  api: false,
  fleet: false,
  gpusPerUnit: 0,
  role: null,
  setup: 'setupEffortCloudApi',
  ...more,
});
const candidate = (kind: Kind, provider: string, more: Partial<Staff>, second?: Candidate): Candidate =>
  ({
    kind,
    provider,
    staff: staff(more),
    ...(second && { second: { role: 'failover', candidate: second } }),
  }) as Candidate;
const api = (provider: string) => candidate('cloud-api', provider, { api: true });
const fleet = (gpusPerUnit: number, provider = 'one') =>
  candidate('self-hosted-cloud', provider, { fleet: true, gpusPerUnit, setup: 'setupEffortSelfHostedCloud' });
/** Machines without a GPU that counts for a fleet: only their number tells them apart. */
const desks = (role: Role) => candidate('on-prem', 'own', { role, setup: 'setupEffortOnPrem' });
const hands: Role = { name: 'hands', fte: 0.2 };

/** What people there are for candidates with so many units and GPUs, of the provider of each or another. */
function peopleOf(candidates: readonly Candidate[], of: Workload) {
  const table = new PeopleTable(of);
  const staffing = candidates.map((one) => table.staffingOf(one));
  const asked = (...all: [at: number, units: number, gpus: number, provider?: string][]) =>
    table.of(
      all.map(([at, units, gpus, provider = 'one']) => {
        return { staffing: staffing[at] as number, provider, units, gpus };
      }),
    );
  return { staffing, asked };
}

describe('FTE', () => {
  test('of machines that each ask for somebody, as many as there are; of a role that is there once, once', () => {
    const people = peopleOf([api('one'), desks({ ...hands, perUnit: true }), desks(hands)], workload);
    for (const units of [1, 2, 3]) {
      expect(people.asked([0, 0, 0], [1, units, 0]).fte).toBeCloseTo(0.2 * units, 12);
      expect(people.asked([0, 0, 0], [2, units, 0]).fte).toBeCloseTo(0.2, 12);
    }
    // One that nobody else precedes.
    const alone = peopleOf([desks({ ...hands, perUnit: true }), api('one')], workload);
    for (const units of [1, 2, 3]) expect(alone.asked([0, units, 0], [1, 0, 0]).fte).toBeCloseTo(0.2 * units, 12);
  });

  test('of APIs each provider once', () => {
    const after = peopleOf([desks(hands), api('one'), api('other')], workload);
    expect(after.asked([1, 0, 0, 'one'], [2, 0, 0, 'one']).fte).toBeCloseTo(0, 12);
    expect(after.asked([1, 0, 0, 'one'], [2, 0, 0, 'other']).fte).toBeCloseTo(0.1, 12);
    const people = peopleOf([api('one'), api('other')], workload);
    expect(people.staffing).toEqual([0, 0]);
    expect(people.asked([0, 0, 0, 'one']).fte).toBeCloseTo(0, 12);
    expect(people.asked([0, 0, 0, 'one'], [1, 0, 0, 'one']).fte).toBeCloseTo(0, 12);
    expect(people.asked([0, 0, 0, 'one'], [1, 0, 0, 'other']).fte).toBeCloseTo(0.1, 12);
  });

  test('of fleets by all their GPUs, and for each beyond the first, whoever rents them out', () => {
    const people = peopleOf([fleet(1), fleet(6, 'other'), api('one')], workload);
    expect(people.staffing).toEqual([0, 0, 1]);
    expect(people.asked([0, 2, 2], [2, 0, 0]).fte).toBeCloseTo(0.5, 12);
    expect(people.asked([0, 2, 2], [1, 1, 6, 'other'], [2, 0, 0]).fte).toBeCloseTo(0.5 + 0.2, 12);
    // Up to 8 GPUs 0.5 people, from there 0.1 more for each up to 16.
    expect(people.asked([0, 2, 10], [2, 0, 0]).fte).toBeCloseTo(0.7, 12);
    expect(people.asked([0, 2, 6], [1, 1, 6, 'other'], [2, 0, 0]).fte).toBeCloseTo(0.9 + 0.2, 12);
  });

  test('of a second place that of its own provider', () => {
    const people = peopleOf([candidate('cloud-api', 'one', { api: true }, api('two')), api('one')], workload);
    expect(people.staffing).toEqual([0, 1]);
    expect(people.asked([0, 0, 0, 'one']).fte).toBeCloseTo(0.1, 12);
    expect(people.asked([0, 0, 0, 'two']).fte).toBeCloseTo(0, 12);
  });
});

test('USD a month: people at their full cost, and set-up of each kind once over the months', () => {
  const people = peopleOf([api('one'), fleet(1), desks(hands)], workload);
  // 0.5 + 0.2 FTE at 10,000 USD a month; 1 + 3 + 5 - 1 of 52 weeks a year at 120,000, over ten months.
  const all = people.asked([0, 0, 0], [1, 1, 1], [1, 1, 1], [2, 1, 0]);
  expect(all.fte).toBeCloseTo(0.5 + 0.2 + 0.2, 12);
  expect(all.setupUsd).toBeCloseTo(((8 / 52) * 120_000) / 10, 9);
  expect(all.usd).toBeCloseTo(9000 + all.setupUsd, 9);
  expect(people.asked([0, 0, 0])).toEqual({ fte: 0, setupUsd: 0, usd: 0 });
});
