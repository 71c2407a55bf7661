import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangesOf } from '../../src/analyses/flips/by-volume.js';
import { deciding } from '../../src/analyses/flips/changes.js';
import { workloadAt } from '../../src/workload/workload.js';
import { committedCase } from '../support/committed.js';

const grid = Array.from({ length: 13 }, (_, i) => 10 ** (i / 2));
const close = 1e-3;
const middleOf = (low: { to: number }, high: { from: number }): number[] =>
  high.from / low.to < 1 + close ? [] : [Math.sqrt(low.to * high.from)];
const same = (a: number, b: number): boolean => a === b;

test('every edge is found as closely as asked, and ranges follow each other', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.05, max: 5.95, noNaN: true }), { maxLength: 6 }), (logs) => {
      const edges = logs.map((log) => 10 ** log).sort((a, b) => a - b);
      // At most one edge between two neighbors of the grid: two may hide each other.
      const apart = edges.filter(
        (edge, i) => i === 0 || Math.floor(2 * Math.log10(edge)) > Math.floor(2 * Math.log10(edges[i - 1] as number)),
      );
      const ranges = rangesOf(grid, (value) => apart.filter((edge) => edge <= value).length, same, middleOf);
      expect(ranges.map(({ found }) => found)).toEqual(Array.from({ length: apart.length + 1 }, (_, i) => i));
      expect(ranges[0]?.from).toBe(1);
      expect(ranges.at(-1)?.to).toBe(10 ** 6);
      for (const [i, edge] of apart.entries()) {
        const [before, after] = [ranges[i], ranges[i + 1]];
        expect(before?.to).toBeLessThan(edge);
        expect(after?.from).toBeGreaterThanOrEqual(edge);
        expect((after?.from as number) / (before?.to as number)).toBeLessThan(1 + close);
      }
    }),
  );
});

test('what is advised of a chatbot by volume is what decisions from scratch say on both sides of every edge', async () => {
  const context = await committedCase('support-chatbot');
  const decide = deciding(context);
  const at = (requestsPerDay: number) => ({ ...context, workload: workloadAt(context.workload, requestsPerDay) });
  const idOf = (plan: ReturnType<typeof decide>['plan']): string =>
    plan === null
      ? 'nothing'
      : plan.places.map(({ option }) => `${option.kind} ${option.family} ${option.mode}`).join();
  const volumes = Array.from({ length: 25 }, (_, i) => 10 ** (1 + i / 4));
  const ranges = rangesOf(
    volumes,
    (volume) => idOf(decide(at(volume)).plan),
    (a, b) => a === b,
    middleOf,
  );
  expect(ranges.length).toBeGreaterThan(3);
  for (const { from, to, found } of ranges)
    for (const volume of [from, to]) {
      const there = at(volume);
      expect(idOf(deciding(there)(there).plan), String(volume)).toBe(found);
    }
});
