import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addHours, doneInTime, type Hours, highestOf, meanOf, servedInTime } from '../../src/workload/load.js';
import { type Valleys, valleysOf } from '../../src/workload/scheduling.js';

type Work = { arrivals: Hours; deadlineHours: number; factor: number };

const taskPartOf = ({ arrivals, deadlineHours }: Work) => ({
  hours: servedInTime(arrivals, deadlineHours),
  waits: deadlineHours === 0 ? null : { arrivals, deadlineHours },
});

/** The smallest constant capacity that does all the work in time: work = sum of factor x hours. */
const lowestCapacity = (valleys: Valleys, factorOf: (hours: Hours) => number): number =>
  highestOf(addHours([...valleys].map(([hours, due]) => ({ hours: due, factor: factorOf(hours) }))));

function capacityFor(work: readonly Work[]): number | null {
  const taskParts = work.map(taskPartOf);
  const valleys = valleysOf(taskParts);
  if (valleys === null) return null;
  return lowestCapacity(valleys, (hours) =>
    work.reduce((sum, { factor }, i) => sum + (taskParts[i]?.hours === hours ? factor : 0), 0),
  );
}

/** Whether a server that does what is due first keeps every deadline, walking through many weeks. */
function keepsDeadlines(work: readonly Work[], capacity: number, weeks: number): boolean {
  const length = work[0]?.arrivals.length ?? 0;
  const queues = work.map(() => [] as { due: number; left: number }[]);
  for (let hour = 0; hour < weeks * length; hour++) {
    work.forEach(({ arrivals, deadlineHours, factor }, k) => {
      queues[k]?.push({ due: hour + deadlineHours, left: factor * (arrivals[hour % length] as number) });
    });
    let free = capacity * (1 + 1e-9) + 1e-9;
    for (const job of queues.flat().sort((a, b) => a.due - b.due)) {
      const done = Math.min(free, job.left);
      free -= done;
      job.left -= done;
    }
    for (const queue of queues) while (queue[0] !== undefined && queue[0].left <= 0) queue.shift();
    if (queues.flat().some(({ due, left }) => due <= hour && left > 0)) return false;
  }
  return true;
}

const amount = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 9000 }).map((x) => x / 1000),
);
const works = fc
  .record({
    arrivals: fc.array(
      fc.array(amount, { minLength: 6, maxLength: 6 }).filter((list) => list.some((x) => x > 0)),
      { minLength: 2, maxLength: 4 },
    ),
    waits: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 4 }),
    factors: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 4, maxLength: 4 }),
  })
  .map(({ arrivals, waits, factors }): Work[] =>
    arrivals.map((list, i) => ({
      arrivals: Float64Array.from(list),
      deadlineHours: i === 0 ? 0 : (waits[i] as number),
      factor: (factors[i] as number) / 10,
    })),
  );

describe('work that may wait fills the hours the rest leaves free', () => {
  test('by hand: 4 in the first of four hours beside 6 that may wait two hours', () => {
    const now = { arrivals: Float64Array.of(4, 0, 0, 0), deadlineHours: 0, factor: 1 };
    const later = { arrivals: Float64Array.of(6, 0, 0, 0), deadlineHours: 2, factor: 1 };
    // Spread on its own it is 2, 2, 2, 0; beside the 4 that makes 6. It fits below 4: 0 + 3 + 3, or 10 in three hours.
    expect(highestOf(addHours([now, later].map((one) => ({ hours: taskPartOf(one).hours, factor: 1 }))))).toBe(6);
    expect(capacityFor([now, later])).toBe(4);
    // 12 instead of 6: 16 in three hours.
    expect(capacityFor([now, { ...later, factor: 2 }])).toBeCloseTo(16 / 3, 12);
  });

  test('doing what is due first keeps every deadline at that capacity, and breaks one just below it', () => {
    fc.assert(
      fc.property(works, (work) => {
        const capacity = capacityFor(work) as number;
        fc.pre(capacity !== null);
        expect(keepsDeadlines(work, capacity, 4)).toBe(true);
        expect(keepsDeadlines(work, capacity * 0.98, 200)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('never above the plain sum of the spread hours, nor below what cannot wait or the mean', () => {
    fc.assert(
      fc.property(works, (work) => {
        const capacity = capacityFor(work) as number;
        fc.pre(capacity !== null);
        const spread = addHours(work.map((one) => ({ hours: taskPartOf(one).hours, factor: one.factor })));
        const now = addHours(
          work
            .filter(({ deadlineHours }) => deadlineHours === 0)
            .map(({ arrivals, factor }) => ({ hours: arrivals, factor })),
        );
        const room = 1 + 1e-9;
        expect(capacity).toBeLessThanOrEqual(highestOf(spread) * room);
        expect(capacity * room).toBeGreaterThanOrEqual(Math.max(highestOf(now), meanOf(spread)));
      }),
      { numRuns: 500 },
    );
  });

  test('two fleets are never smaller than one for both', () => {
    fc.assert(
      fc.property(works, (work) => {
        const valleys = valleysOf(work.map(taskPartOf));
        fc.pre(valleys !== null);
        const factorOf = (part: readonly Work[]) => (hours: Hours) =>
          part.reduce((sum, one) => sum + (taskPartOf(one).hours === hours ? one.factor : 0), 0);
        const of = (part: readonly Work[]) => (valleys === null ? 0 : lowestCapacity(valleys, factorOf(part)));
        expect(of(work)).toBeLessThanOrEqual((of(work.slice(0, 1)) + of(work.slice(1))) * (1 + 1e-9));
      }),
    );
  });

  test('work that arrives evenly waits too, and is told apart from work of the same hours that may not', () => {
    const even = Float64Array.of(1, 1, 1, 1);
    const [now, later] = [doneInTime(even, 0), doneInTime(even, 2)];
    expect(now).toEqual({ hours: even, waits: null });
    expect([...later.hours]).toEqual([...even]);
    expect(later.hours).not.toBe(now.hours);
    // Two hours of 4 and two of none: 1 an hour of what waits fits between them, where 5 was the peak of both.
    const busy = doneInTime(Float64Array.of(4, 4, 0, 0), 0);
    const valleys = valleysOf([busy, later]);
    expect(valleys && lowestCapacity(valleys, () => 1)).toBe(4);
    expect(valleysOf([busy, now])).toBeNull();
  });

  test('hours that were cut after they were spread wait no more', () => {
    const arrivals = Float64Array.of(6, 0, 0, 0);
    const waits = { arrivals, deadlineHours: 2 };
    const now = { hours: Float64Array.of(4, 0, 0, 0), waits: null };
    const cut = servedInTime(arrivals, 2).map((x) => x / 2);
    expect(valleysOf([now, { hours: cut, waits }])).toBeNull();
    expect(valleysOf([now, { hours: servedInTime(arrivals, 2), waits }])).not.toBeNull();
  });
});
