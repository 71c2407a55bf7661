import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  asksForSpare,
  fleetTerm,
  highestLoadOf,
  inHourFactorOf,
  sparesFor,
  unitsNeeded,
} from '../../src/cost/fleet.js';
import { choose } from '../../src/decide/several-choice.js';
import type { RentalRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import type { TaskPart, Workload } from '../../src/workload/workload.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith } from '../support/scenario.js';

const perDay = 10_000_000;

async function taskWith(
  deadline: string | null,
  more: object = {},
): Promise<{ taskPart: TaskPart; workload: Workload }> {
  const task = { name: 'a', type: 'extraction', ...(deadline && { deadline }), ...more };
  const { workload } = await caseOf({ workload: { volume: perDay, profile: 'flat' }, tasks: [task] });
  return { taskPart: workload.taskParts[0] as TaskPart, workload };
}

describe('what a task asks of machines, by its deadline', () => {
  // 10,000,000 requests a day are 115.74 a second: over 10 a second of a unit 11.574 units at saturation.
  test.each([
    { deadline: null, factor: 1.5, load: 0.7, units: 24.802, spare: true, why: 'somebody waits: x 1.5 / 0.7' },
    { deadline: '1h', factor: 1.5, load: 0.7, units: 24.802, spare: true, why: 'up to an hour it is the same' },
    { deadline: '3.5h', factor: 1.25, load: 0.825, units: 17.536, spare: true, why: 'half way: x 1.25 / 0.825' },
    { deadline: '6h', factor: 1, load: 0.95, units: 12.183, spare: false, why: 'nobody waits: / 0.95' },
    { deadline: '7d', factor: 1, load: 0.95, units: 12.183, spare: false, why: 'nor for a week' },
  ])('$deadline: $units units ($why)', async ({ deadline, factor, load, units, spare }) => {
    const { taskPart, workload } = await taskWith(deadline);
    expect(inHourFactorOf(taskPart, workload)).toBeCloseTo(factor, 12);
    expect(highestLoadOf(taskPart, workload)).toBeCloseTo(load, 12);
    expect(unitsNeeded(taskPart, 10, workload)).toBeCloseTo(units, 3);
    expect(asksForSpare(taskPart, workload)).toBe(spare);
  });

  test('who asks for availability keeps a spare', async () => {
    const { taskPart, workload } = await taskWith('24h', { availability: '99.9%' });
    expect(asksForSpare(taskPart, workload)).toBe(true);
  });

  test('a fleet has spares for the part of its work that asks for them', async () => {
    const { taskPart: waits, workload } = await taskWith('24h');
    const { taskPart: atOnce } = await taskWith(null);
    const rule = { min: 1, spare: 1, spareShare: 0.1, followsHours: true };
    const with3To1 = [
      { taskPart: waits, need: 30 },
      { taskPart: atOnce, need: 10 },
    ];
    const spares = (work: typeof with3To1) => sparesFor(rule, work, workload);
    expect(spares(with3To1)).toEqual({ spare: 1, spareShare: expect.closeTo(0.025, 12) });
    expect(spares([{ taskPart: waits, need: 30 }])).toEqual({ spare: 0, spareShare: 0 });
    expect(spares([{ taskPart: atOnce, need: 30 }])).toEqual({ spare: 1, spareShare: 0.1 });
    expect(fleetTerm([{ taskPart: waits, need: 30 }], rule, workload)).toMatchObject({ spare: 0, spareShare: 0 });
  });
});

describe('a longer deadline never costs more', () => {
  let tables: Tables;
  let alwaysOn: Tables;
  beforeAll(async () => {
    tables = fewRows(await shippedTables());
    const reserved = ({ reserved1yUsdPerHour, reserved3yUsdPerHour }: RentalRow) =>
      reserved1yUsdPerHour !== null || reserved3yUsdPerHour !== null;
    const rental = tables.rental.filter(reserved);
    alwaysOn = tablesWith(tables, {
      rental: rental.map((row) => ({ ...row, onDemandUsdPerHour: null, spotUsdPerHour: null })),
    });
  });
  const hours = [null, 0.5, 1, 1.5, 2, 3, 4.5, 5.9, 6, 12, 24, 72];

  test('in units of any machine', async () => {
    const { taskPart, workload } = await taskWith('2h');
    const needAt = (deadlineHours: number) =>
      unitsNeeded({ ...taskPart, waits: { arrivals: taskPart.hours, deadlineHours } }, 10, workload);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 48, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (h, more) => {
          expect(needAt(h + more)).toBeLessThanOrEqual(needAt(h));
          // No step: a thousandth of an hour moves a need by less than a thousandth.
          expect(needAt(h) - needAt(h + 0.001)).toBeLessThan(0.001 * needAt(h));
        },
      ),
    );
  });

  test.each(['self-hosted-cloud', 'managed-hosting', 'serverless-gpu', 'on-prem'])('on %s', async (kind) => {
    for (const [volume, profile] of [
      [10_000_000, 'flat'],
      // Replicas that follow the hours are whole: a flatter load may take part of one more, in more hours. Machines on
      // demand follow them too, so that those of a cloud are looked at as they are reserved.
      [300_000, kind === 'managed-hosting' ? 'flat' : 'business-hours'],
    ] as const) {
      const list = profile === 'business-hours' ? alwaysOn : tables;
      let before = Number.POSITIVE_INFINITY;
      for (const one of hours) {
        const task = { name: 'a', type: 'extraction', ...(one && { deadline: `${one}h` }) };
        const only = { preferences: { only: [kind] } };
        const { cheapest } = choose(await caseOf({ workload: { volume, profile }, tasks: [task], ...only }, list));
        const usd = cheapest?.monthlyUsd ?? Number.NaN;
        expect(usd, `${volume} ${profile} ${one}`).toBeLessThanOrEqual(before * (1 + 1e-9));
        before = usd;
      }
    }
  });
});
