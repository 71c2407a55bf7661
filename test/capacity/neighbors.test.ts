import { describe, expect, test } from 'vitest';
import { agree, type NeighborQuery, nearRows, neighborsOf, type Residual } from '../../src/capacity/machine.js';

const settings = { publishedBatchSpread: 1.5, publishedFormulaWeight: 1, publishedLargestError: 0.7 };
const query: NeighborQuery = {
  family: 'm',
  accelerator: 'card',
  engineGroup: 'vllm',
  servingClass: 'datacenter',
  batch: 16,
};
const row = (publisher: string, logError: number, more: Partial<Residual> = {}): Residual =>
  ({
    ...{ modelFamily: 'm', accelerator: 'card', engineGroup: 'vllm', servingClass: 'datacenter' },
    ...{ publisher, batch: 16, logError, released: '2026-01' },
    ...more,
  }) as Residual;

describe('what published measurements make of a prediction', () => {
  test('nobody measured: as computed', () => {
    expect(neighborsOf([], query, settings)).toEqual({ decode: 1, weight: 0, scatter: 0, sameCard: false });
    const others = [{ modelFamily: 'n' }, { engineGroup: 'sglang' }, { servingClass: 'phone' }];
    for (const other of others) expect(neighborsOf([row('a', 0.5, other)], query, settings).decode).toBe(1);
  });

  test('one publisher counts as much as the formulas: half of its error', () => {
    expect(Math.log(neighborsOf([row('a', 0.4)], query, settings).decode)).toBeCloseTo(0.2, 12);
  });

  test('two publishers leave the formulas a third; ten rows of one are one opinion', () => {
    const two = [row('a', 0.3), row('b', 0.6)];
    expect(Math.log(neighborsOf(two, query, settings).decode)).toBeCloseTo(0.3, 12);
    const many = [...Array.from({ length: 10 }, () => row('a', 0.3)), row('b', 0.6)];
    expect(Math.log(neighborsOf(many, query, settings).decode)).toBeCloseTo(0.3, 12);
  });

  test('a batch e^1.5 times as large counts e^-1/2', () => {
    const far = neighborsOf([row('a', 0.4, { batch: 16 * Math.exp(1.5) })], query, settings);
    const match = Math.exp(-0.5);
    expect(far.weight).toBeCloseTo(match, 12);
    expect(Math.log(far.decode)).toBeCloseTo((match * 0.4) / (match + 1), 12);
  });

  test('an error beyond the largest is believed no further', () => {
    expect(Math.log(neighborsOf([row('a', 2)], query, settings).decode)).toBeCloseTo(0.35, 12);
    expect(Math.log(neighborsOf([row('a', -2)], query, settings).decode)).toBeCloseTo(-0.35, 12);
  });

  test('cards of the same class say something only where nobody measured on the card itself', () => {
    const other = row('b', 0.6, { accelerator: 'another' });
    expect(neighborsOf([other], query, settings)).toMatchObject({ sameCard: false, weight: 1 });
    expect(nearRows([other, row('a', 0.4)], query)).toEqual([row('a', 0.4)]);
    expect(Math.log(neighborsOf([other, row('a', 0.4)], query, settings).decode)).toBeCloseTo(0.2, 12);
  });

  test('publishers agree where they scatter less than the band', () => {
    const band = { low: Math.exp(-0.3), high: Math.exp(0.3) };
    expect(agree(neighborsOf([row('a', 0.1), row('b', 0.12)], query, settings), band)).toBe(true);
    expect(agree(neighborsOf([row('a', -0.6), row('b', 0.6)], query, settings), band)).toBe(false);
    // A batch too far away says too little.
    expect(agree(neighborsOf([row('a', 0.1, { batch: 1 })], { ...query, batch: 256 }, settings), band)).toBe(false);
  });
});
