import { beforeAll, describe, expect, test } from 'vitest';
import { at, isUnpriced } from '../../src/cost/curve.js';
import { linesOf, type Plan, planOf } from '../../src/decide/plan.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf, placements } from '../../src/places/registry.js';
import type { Tables } from '../../src/tables/tables.js';
import { everyOption, randomFrom, someOf } from '../support/brute-force.js';
import { cheapestIn } from '../support/cheapest.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

const random = randomFrom(20261120);
const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)] as One;
const slow = 60_000;
const rounding = 1 + 1e-9;

/** A scenario drawn at random; `given` overrides its workload. */
function anyScenario(given: Record<string, unknown> = {}): Written {
  const types = ['faq-chat', 'rag-answering', 'summarization', 'code-chat', 'classification'];
  return {
    workload: {
      volume: `${Math.round(10 ** (2 + 5.5 * random()))} requests/day`,
      profile: pick(['business-hours', 'flat', { peakToMean: 6 }]),
      ...(random() < 0.3 && { growth: pick(['4% per month', '-3% per month']) }),
      horizon: pick(['6 months', '12 months', '36 months']),
      ...given,
    },
    tasks: Array.from({ length: 1 + Math.floor(2 * random()) }, (_, i) => ({
      name: `t${i}`,
      type: pick(types),
      ...(i > 0 && random() < 0.5 && { volume: `${Math.round(10 ** (4 * random()))} requests/day` }),
      ...(random() < 0.3 && { deadline: '24h' }),
    })),
    data: { sensitivity: 'public', ...(random() < 0.4 && { boundary: 'own-account' }) },
  };
}

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

const cheapest = async (written: Written, list: Tables): Promise<number> =>
  cheapestIn(await caseOf(written, list))?.monthlyUsd ?? Number.POSITIVE_INFINITY;

/** The same tables without some of the rows that places are made of. */
function without(list: Tables, rows: 'api' | 'rental' | 'hosting', part: number): Tables {
  return tablesWith(list, { [rows]: list[rows].filter(() => random() >= part) });
}

/** The same tables with some prices higher by up to a half. */
function dearer(list: Tables): Tables {
  const raised = <Row extends object>(rows: readonly Row[]): Row[] =>
    rows.map((row) => {
      if (random() < 0.5) return row;
      const factor = 1 + random() / 2;
      const usd = Object.entries(row).filter(([name, value]) => /usd/i.test(name) && typeof value === 'number');
      return { ...row, ...Object.fromEntries(usd.map(([name, value]) => [name, (value as number) * factor])) };
    });
  return tablesWith(list, { api: raised(list.api), rental: raised(list.rental), hosting: raised(list.hosting) });
}

describe('the cheapest plan', () => {
  const seeds = Array.from({ length: 4 }, (_, i) => i + 1);

  test.each(seeds)(
    'never gets dearer by more to choose from, tenth %i',
    async (seed) => {
      const all = someOf(tables, 0.1, seed);
      const written = anyScenario();
      const usd = await cheapest(written, all);
      expect(usd).toBeLessThan(Number.POSITIVE_INFINITY);
      for (const rows of ['api', 'rental', 'hosting'] as const) {
        for (const part of [0.5, 1])
          expect(usd).toBeLessThanOrEqual((await cheapest(written, without(all, rows, part))) * rounding);
      }
    },
    slow,
  );

  test.each(seeds)(
    'never gets cheaper by higher prices, tenth %i',
    async (seed) => {
      let now = someOf(tables, 0.1, 100 + seed);
      const written = anyScenario();
      let usd = await cheapest(written, now);
      for (let step = 0; step < 4; step++) {
        now = dearer(now);
        const next = await cheapest(written, now);
        expect(next * rounding).toBeGreaterThanOrEqual(usd);
        usd = next;
      }
    },
    slow,
  );
});

/** Options of every kind that is registered, drawn at random, with the plan that puts everything on each. */
function drawn(context: Context, takes: (option: Option) => boolean, most: number): { option: Option; plan: Plan }[] {
  const found: { option: Option; plan: Plan }[] = [];
  const all = everyOption(context).filter(takes);
  for (let i = 0; i < most && all.length > 0; i++) {
    const option = pick(all);
    const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
    if (!isUnpriced(plan)) found.push({ option, plan });
  }
  return found;
}

/** The same option under other circumstances. */
function usdOf(option: Option, context: Context): number {
  const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
  if (isUnpriced(plan)) throw new Error(plan.unpriced);
  return plan.monthlyUsd;
}

describe('one option', () => {
  const seeds = Array.from({ length: 4 }, (_, i) => i + 1);

  test.each(seeds)(
    'sized for the peak, costs least under a flat profile, tenth %i',
    async (seed) => {
      const list = someOf(tables, 0.1, 200 + seed);
      const written = anyScenario({ profile: 'flat', growth: pick(['0% per month', '4% per month']) });
      const with_ = (profile: unknown): Written => ({ ...written, workload: { ...written.workload, profile } });
      const flat = await caseOf(written, list);
      const peaky = await Promise.all(
        ['business-hours', { peakToMean: 2 }, { peakToMean: 12 }].map((profile) => caseOf(with_(profile), list)),
      );
      const own = drawn(flat, ({ fleet }) => fleet !== null && !fleet.offer.followsHours, 60);
      expect(own.length).toBeGreaterThan(5);
      for (const { option, plan } of own) {
        for (const context of peaky)
          expect(plan.monthlyUsd, option.id).toBeLessThanOrEqual(usdOf(option, context) * rounding);
      }
    },
    slow,
  );

  test.each(seeds)(
    'hardly used, costs what is fixed, tenth %i',
    async (seed) => {
      const list = someOf(tables, 0.1, 300 + seed);
      // People for the workers that run grow by their mean number^0.6: from 1e-7 to 1e-13 a day they fall to a 4,000th.
      const written = anyScenario({ volume: '0.0000000000001 requests/day' });
      const tasks = written.tasks.map(({ volume: _, ...task }) => task);
      const context = await caseOf({ ...written, tasks }, list);
      const { workload } = context;
      const kinds = new Set<string>();
      for (const { kind } of placements) {
        for (const { option, plan } of drawn(context, (option) => option.kind === kind, 25)) {
          kinds.add(kind);
          const none = linesOf(plan).reduce((sum, { curve }) => sum + at(curve, 0), 0);
          expect(Math.abs(plan.monthlyUsd - none), option.id).toBeLessThanOrEqual(1e-3);
          for (const { part, curve } of linesOf(plan)) {
            const usd = at(curve, workload.requestsPerDay);
            if (/^(tokens|network)\./.test(part)) expect(usd, `${option.id} ${part}`).toBeLessThanOrEqual(1e-3);
          }
          // Throughput that is bought by the unit is paid as machines are.
          const isBought = option.fleet !== null || kind === 'managed-hosting';
          if (!isBought) expect(plan.monthlyUsd, option.id).toBeLessThanOrEqual(1e-3);
          else expect(plan.monthlyUsd, option.id).toBeGreaterThan(0);
        }
      }
      expect(kinds.size).toBeGreaterThan(2);
    },
    slow,
  );

  test.each(seeds)(
    'billed per token, never more than doubles as volume doubles, tenth %i',
    async (seed) => {
      const list = someOf(tables, 0.1, 400 + seed);
      const context = await caseOf(anyScenario(), list);
      const some = drawn(context, ({ kind }) => placementOf(kind).perToken, 120);
      expect(some.length).toBeGreaterThan(20);
      for (const { option, plan } of some) {
        for (const factor of [1e-4, 1e-3, 0.01, 0.1, 1, 10, 100]) {
          const volume = context.workload.requestsPerDay * factor;
          const [once, twice] = [at(plan.curve, volume), at(plan.curve, 2 * volume)];
          expect(twice, `${option.id} at ${2 * volume}`).toBeLessThanOrEqual(2 * once * rounding);
          expect(twice * rounding, `${option.id} at ${2 * volume}`).toBeGreaterThanOrEqual(once);
        }
      }
    },
    slow,
  );
});
