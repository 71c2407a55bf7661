import { beforeAll, describe, expect, test } from 'vitest';
import { leastSeconds, leastWork, peakOf } from '../../src/capacity/ceiling.js';
import { engineOf, errorOn, weightsOf } from '../../src/capacity/replica.js';
import { schemeSupport } from '../../src/capacity/scheme.js';
import { windowsOf } from '../../src/cost/gathered.js';
import { isUnpriced } from '../../src/cost/line.js';
import { fteOf, fteUsdPerMonth, setupUsd, staffingOf } from '../../src/cost/people.js';
import { leastWorkerS, spellsOf } from '../../src/cost/serverless.js';
import { admission } from '../../src/decide/admission.js';
import { planUsd } from '../../src/decide/assignment.js';
import { planOf } from '../../src/decide/plan.js';
import { floorUsd, sizing, unitsNeeded } from '../../src/placements/fleet-numbers.js';
import { slowestOf } from '../../src/placements/fleet-service.js';
import { splitsOf } from '../../src/placements/fleet-units.js';
import { sizingOfOwn } from '../../src/placements/on-prem.js';
import type { Option } from '../../src/placements/option.js';
import { shapeOf } from '../../src/placements/own-weights.js';
import type { Case } from '../../src/placements/placement.js';
import { placementOf, placements } from '../../src/placements/registry.js';
import { workerSeconds } from '../../src/placements/serverless-service.js';
import type { Slice } from '../../src/scenario/demand.js';
import { shippedTables } from '../load.js';
import { everyOption, randomFrom, someOf } from './brute-force.js';
import { caseOf, type Written } from './scenario.js';

const random = randomFrom(20260821);
const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)] as One;

/** A scenario drawn at random: volumes over five decades, growth, waiting work, tasks with volumes of their own. */
function anyScenario(): Written {
  const requests = Math.round(10 ** (2 + 5 * random()));
  const types = ['faq-chat', 'rag-answering', 'summarization', 'code-chat', 'complex-reasoning', 'classification'];
  const tokens = () => ({
    input: Math.round(10 ** (1.5 + 2.5 * random())),
    output: Math.round(10 ** (0.5 + 2.5 * random())),
  });
  const tasks: Written['tasks'] = Array.from({ length: 1 + Math.floor(3 * random()) }, (_, i) => ({
    name: `t${i}`,
    type: pick(types),
    tokens: tokens(),
    ...(i > 0 && random() < 0.5 && { volume: `${Math.round(requests * random()) + 1} requests/day` }),
    ...(random() < 0.3 && { deadline: pick(['3h', '24h', '60h']) }),
  }));
  return {
    workload: {
      volume: `${requests} requests/day`,
      profile: pick(['business-hours', 'flat', { peakToMean: 5 }]),
      ...(random() < 0.4 && { growth: pick(['3% per month', '-4% per month', '15% per month']) }),
      horizon: pick(['6 months', '12 months', '18 months', '36 months']),
    },
    tasks,
    data: { sensitivity: 'public' },
  };
}

const secondsPerDay = 86_400;

const subset = (slices: readonly Slice[]): Slice[] => {
  const chosen = slices.filter(() => random() < 0.6);
  return chosen.length > 0 ? chosen : [slices[0] as Slice];
};

/** USD a month that any plan with this fleet costs at the very least. */
function leastUsd(option: Option, slices: readonly Slice[], of: Case): number {
  const { demand, tables } = of;
  const { fleet, capability, mode, kind, provider } = option;
  if (fleet === null) throw new Error('not a fleet');
  const weights = weightsOf(fleet.model, fleet.scheme);
  const support = schemeSupport(fleet.scheme.runsOn, fleet.accelerator.architecture, tables.architectures);
  if (weights === null || support === 'none') return 0;
  const own = kind === 'on-prem';
  const engine = engineOf(demand, tables, own ? fleet.accelerator.kind : 'datacenter');
  const peak = peakOf(
    fleet.accelerator,
    fleet.gpusPerUnit,
    kind === 'serverless-gpu' ? [fleet.gpusPerUnit] : splitsOf(fleet.gpusPerUnit),
    fleet.scheme.compute,
    support,
    engine,
  );
  let work = 0;
  for (const slice of slices) {
    const mean = slice.hours.reduce((sum, x) => sum + x, 0) / slice.hours.length;
    const least = leastSeconds(
      leastWork(
        weights,
        shapeOf({ capability, mode }, slice, of),
        slowestOf(slice, () => true, demand),
        engine,
      ),
      peak,
      errorOn(engine, fleet.model, fleet.accelerator),
    );
    const unitsAtOne =
      kind === 'serverless-gpu'
        ? (workerSeconds(slice, 1, demand) * slice.requestsPerDay) / secondsPerDay
        : unitsNeeded(slice, 1, demand);
    work += (unitsAtOne * least * mean) / fleet.copies;
  }
  if (kind === 'serverless-gpu') return leastServerlessUsd(option, slices, work, of);
  const unit = { accelerator: fleet.accelerator, gpus: fleet.gpusPerUnit };
  const rule = own ? sizingOfOwn(unit, { demand, tables }) : sizing(demand);
  const floor = floorUsd({ usdPerHour: fleet.offer.usdPerHour, ...rule }, demand.hoursPerMonth);
  const staff = placementOf(kind).staff(option, of);
  const staffing = staffingOf([{ provider, staff, units: rule.min + rule.spare }]);
  const people = fteUsdPerMonth(fteOf(staffing, demand.assume), demand) + setupUsd(staffing, demand) / demand.months;
  return people + Math.max(floor, fleet.offer.usdPerHour * demand.hoursPerMonth * work);
}

/** The same of workers that sleep: for each slice the least they are up, or the `work` of all slices. */
function leastServerlessUsd(option: Option, slices: readonly Slice[], work: number, of: Case): number {
  const { demand } = of;
  const [idleS, billedShare] = [demand.assume('keepWarmIdleDefault'), demand.assume('coldStartBilledShare')];
  const upS = slices.map((slice) => {
    const windows = windowsOf(slice);
    const spells = spellsOf(windows?.means ?? slice.hours, demand.growth);
    const sleep = { idleS, billedShare };
    return leastWorkerS(sleep, windows?.seconds ?? null, spells, slice.requestsPerDay, demand.hoursPerMonth)(null);
  });
  const staffing = staffingOf([{ provider: '', staff: placementOf(option.kind).staff(option, of), units: 0 }]);
  const people = fteUsdPerMonth(fteOf(staffing, demand.assume), demand) + setupUsd(staffing, demand) / demand.months;
  const hours = Math.max(upS.reduce((sum, one) => sum + one, 0) / 3600, work * demand.hoursPerMonth);
  return people + (option.fleet?.offer.usdPerHour ?? Number.NaN) * hours;
}

describe('what the search believes of a fleet before it is priced', () => {
  let cases: Case[] = [];
  beforeAll(async () => {
    const tables = await shippedTables();
    const written = Array.from({ length: 12 }, anyScenario);
    const likely = await Promise.all(written.map((one, i) => caseOf(one, someOf(tables, 0.1, 100 + i))));
    // As in draws, half of them are off by an error of each model on each kind of card.
    const off = (text: string) => 0.4 + 0.01 * ([...text].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 200);
    cases = likely.map(({ demand, tables: some }, i) => ({
      tables: some,
      demand: i % 2 === 0 ? demand : { ...demand, capacityError: (family, card) => off(`${family} ${card}`) },
    }));
  });

  test('floor, people and least work are never above the price of a plan', () => {
    let seen = 0;
    for (const of of cases) {
      const fleets = everyOption(of).filter(({ fleet }) => fleet !== null);
      for (let i = 0; i < 300; i++) {
        const option = pick(fleets);
        const slices = subset(of.demand.slices);
        const plan = planOf([{ option, slices }], of);
        if (isUnpriced(plan)) continue;
        seen++;
        expect(leastUsd(option, slices, of), option.id).toBeLessThanOrEqual(plan.monthlyUsd * (1 + 1e-12));
      }
    }
    expect(seen).toBeGreaterThan(500);
  });

  test('what the search adds up for a candidate is what the plan costs, for all tasks and for some', () => {
    let seen = 0;
    for (const of of cases) {
      const { demand } = of;
      const { search } = admission(of, { cut: Number.POSITIVE_INFINITY });
      const candidates = placements.flatMap((placement) => placement.candidates(of, search));
      for (let i = 0; i < 40; i++) {
        const candidate = pick(candidates);
        const may = demand.slices.flatMap((_, s) => (Number.isNaN(candidate.linear[s]) ? [] : [s]));
        const slices = may.filter(() => random() < 0.7);
        if (slices.length === 0) continue;
        const part = { option: candidate.option(), slices: slices.map((s) => demand.slices[s] as Slice) };
        const plan = planOf([part], of);
        if (isUnpriced(plan)) throw new Error(plan.unpriced);
        seen++;
        expect(planUsd([{ candidate, slices }], demand) / plan.monthlyUsd, plan.id).toBeCloseTo(1, 9);
      }
    }
    expect(seen).toBeGreaterThan(200);
  });

  test('two candidates together cost what the plan of both costs: people are shared', () => {
    let seen = 0;
    for (const of of cases.filter(({ demand }) => demand.slices.length > 1)) {
      const { demand } = of;
      const { search } = admission(of, { cut: Number.POSITIVE_INFINITY });
      const candidates = placements.flatMap((placement) => placement.candidates(of, search));
      for (let i = 0; i < 40; i++) {
        const first = pick(candidates.filter(({ linear }) => !Number.isNaN(linear[0])));
        const second = pick(candidates.filter(({ linear }) => !Number.isNaN(linear[1])));
        if (first === second) continue;
        const parts = [
          { option: first.option(), slices: [demand.slices[0] as Slice] },
          { option: second.option(), slices: [demand.slices[1] as Slice] },
        ];
        const plan = planOf(parts, of);
        if (isUnpriced(plan)) throw new Error(plan.unpriced);
        const assignment = [
          { candidate: first, slices: [0] },
          { candidate: second, slices: [1] },
        ];
        seen++;
        expect(planUsd(assignment, demand) / plan.monthlyUsd, plan.id).toBeCloseTo(1, 9);
      }
    }
    expect(seen).toBeGreaterThan(50);
  });
});
