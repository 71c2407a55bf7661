import { beforeAll, describe, expect, test } from 'vitest';
import { isUnpriced } from '../../src/cost/curve.js';
import { machineUsd } from '../../src/cost/people.js';
import { planUsd } from '../../src/decide/assignment.js';
import { candidatesOf } from '../../src/decide/candidates.js';
import { filterBy } from '../../src/decide/filter.js';
import { planOf } from '../../src/decide/plan.js';
import { candidateCost, leastUpfrontUsd, machinesOfShare, shareOf, unitsOfShare } from '../../src/places/candidate.js';
import type { Context } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { bitsOf, workloadColumns } from '../../src/places/task-columns.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { randomFrom, someOf } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { caseOf, type Written } from '../support/scenario.js';

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

describe('what the search believes of a fleet before it is priced', () => {
  let cases: Context[] = [];
  beforeAll(async () => {
    const tables = await shippedTables();
    const written = Array.from({ length: 12 }, anyScenario);
    const likely = await Promise.all(written.map((one, i) => caseOf(one, someOf(tables, 0.1, 100 + i))));
    // As in draws, half of them are off by an error of each model on each kind of card.
    const off = (text: string) => 0.4 + 0.01 * ([...text].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 200);
    cases = likely.map(({ workload, tables: some }, i) => ({
      tables: some,
      workload: i % 2 === 0 ? workload : { ...workload, capacityError: (family, card) => off(`${family} ${card}`) },
    }));
  });

  test('what a row tells beforehand is never above what it costs, for any tasks, and its floor above none of its rows', () => {
    let [seen, near, bases, staffed] = [0, 0, 0, 0];
    for (const context of cases) {
      const { workload } = context;
      const { filter } = filterBy(context);
      const columns = workloadColumns(workload);
      const least = new Float64Array(columns.all + 1);
      const groups = placements.flatMap((placement) => placement.groups?.(context, filter, columns) ?? []);
      for (let i = 0; i < 60 && groups.length > 0; i++) {
        const group = pick(groups);
        const rows = group.everyRow(Number.POSITIVE_INFINITY);
        if (rows.length === 0) continue;
        const row = pick(rows);
        const candidate = row.candidate();
        const { id } = candidate.option();
        row.least(least);
        for (let set = 1; set <= columns.all; set++) {
          const taskParts = bitsOf(set);
          const usd = candidateCost(candidate, taskParts, workload);
          expect(Number.isNaN(usd), id).toBe((set & ~row.serves) !== 0);
          if (Number.isNaN(usd)) {
            expect(least[set], id).toBe(Number.POSITIVE_INFINITY);
            continue;
          }
          seen++;
          // People of its own machines are in it, by their mean number.
          const people = machineUsd(row.staff, workload)(machinesOfShare(candidate, taskParts, workload));
          expect(least[set], id).toBeLessThanOrEqual(usd + people);
          expect(group.floorUsd, id).toBeLessThanOrEqual(usd);
          if ((least[set] as number) > 0.8 * (usd + people)) near++;
          if (people > 0) staffed++;
          const units = unitsOfShare(candidate, taskParts, workload);
          if (candidate.fleet !== null) expect(units, id).toBeGreaterThanOrEqual(group.fewestUnits);
          const once = shareOf(candidate, taskParts, workload).onceUsd;
          expect((usd - once) / (usd * row.billedShare), id).toBeGreaterThanOrEqual(1 - 1e-9);
          expect(leastUpfrontUsd(candidate, units), id).toBeGreaterThanOrEqual(row.upfrontUsd * (1 - 1e-9));
        }
        const base = row.base();
        if (base === null) continue;
        bases++;
        expect(group.floorBelowApiUsd, id).toBeLessThanOrEqual(base.unitUsd);
        expect(base.linearUsd.map((usd, s) => ((row.serves >> s) & 1 ? usd : Number.NaN))).toEqual(candidate.linear);
      }
    }
    expect(seen).toBeGreaterThan(500);
    // Nothing at all would be no more than it costs as well.
    expect(near).toBeGreaterThan(seen / 3);
    expect(bases).toBeGreaterThan(50);
    expect(staffed).toBeGreaterThan(50);
  });

  test('rows that cost at least so much are left out, and no others', () => {
    let [kept, left] = [0, 0];
    for (const context of cases) {
      const { filter } = filterBy(context);
      const columns = workloadColumns(context.workload);
      const least = new Float64Array(columns.all + 1);
      const groups = placements.flatMap((placement) => placement.groups?.(context, filter, columns) ?? []);
      for (let i = 0; i < 20 && groups.length > 0; i++) {
        const group = pick(groups);
        const all = group.rows(Number.POSITIVE_INFINITY);
        if (all.length === 0) continue;
        const costs = all.map((row) => {
          row.least(least);
          return Math.min(...least.subarray(1));
        });
        const below = pick(costs) * pick([1, 1.5]);
        const found = new Set(group.rows(below).map((row) => row.candidate().option().id));
        for (const [r, row] of all.entries()) {
          const { id } = row.candidate().option();
          if ((costs[r] as number) < below) expect(found.has(id), id).toBe(true);
          found.has(id) ? kept++ : left++;
        }
      }
    }
    expect(kept).toBeGreaterThan(50);
    expect(left).toBeGreaterThan(50);
  });

  test('what the search adds up for a candidate is what the plan costs, for all tasks and for some', () => {
    let seen = 0;
    for (const context of cases) {
      const { workload } = context;
      const { filter } = filterBy(context);
      const candidates = placements.flatMap((placement) => candidatesOf(placement, context, filter));
      for (let i = 0; i < 40; i++) {
        const candidate = pick(candidates);
        const may = workload.taskParts.flatMap((_, s) => (Number.isNaN(candidate.linear[s]) ? [] : [s]));
        const taskParts = may.filter(() => random() < 0.7);
        if (taskParts.length === 0) continue;
        const part = { option: candidate.option(), taskParts: taskParts.map((s) => workload.taskParts[s] as TaskPart) };
        const plan = planOf([part], context);
        if (isUnpriced(plan)) throw new Error(plan.unpriced);
        seen++;
        expect(planUsd([{ candidate, taskParts }], workload) / plan.monthlyUsd, plan.id).toBeCloseTo(1, 9);
      }
    }
    expect(seen).toBeGreaterThan(200);
  });

  test('two candidates together cost what the plan of both costs: people are shared', () => {
    let seen = 0;
    for (const context of cases.filter(({ workload }) => workload.taskParts.length > 1)) {
      const { workload } = context;
      const { filter } = filterBy(context);
      const candidates = placements.flatMap((placement) => candidatesOf(placement, context, filter));
      for (let i = 0; i < 40; i++) {
        const first = pick(candidates.filter(({ linear }) => !Number.isNaN(linear[0])));
        const second = pick(candidates.filter(({ linear }) => !Number.isNaN(linear[1])));
        if (first === second) continue;
        const parts = [
          { option: first.option(), taskParts: [workload.taskParts[0] as TaskPart] },
          { option: second.option(), taskParts: [workload.taskParts[1] as TaskPart] },
        ];
        const plan = planOf(parts, context);
        if (isUnpriced(plan)) throw new Error(plan.unpriced);
        const assignment = [
          { candidate: first, taskParts: [0] },
          { candidate: second, taskParts: [1] },
        ];
        seen++;
        expect(planUsd(assignment, workload) / plan.monthlyUsd, plan.id).toBeCloseTo(1, 9);
      }
    }
    expect(seen).toBeGreaterThan(50);
  });
});
