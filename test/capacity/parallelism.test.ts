import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { oneCard, type Parallel, parallelInNote, readParallel } from '../../src/capacity/measurement.js';
import { casesIn } from '../support/cases.js';

const division = z.partialRecord(z.enum(Object.keys(oneCard) as [keyof Parallel]), z.unknown());
const cases = casesIn('parallelism', { notes: { note: z.string(), count: z.number(), parallel: division } });

describe('the division a note states', () => {
  test.each(cases.notes)('$note on $count', ({ note, count, parallel }) => {
    expect(parallelInNote(note, count)).toEqual({ parallel: { ...oneCard, ...parallel }, faults: [] });
  });

  test.for(['', 'closed loop', 'ep=1; run 20786863188', 'step=4; deep=8; 2 cores per chip', 'apart=pp2'])(
    'none in "%s"',
    (note) => {
      expect(parallelInNote(note, 8)).toEqual({ parallel: null, faults: [] });
    },
  );
});

test('a division of another number of cards, or one that is none, is said', () => {
  expect(readParallel('pp8', 4).faults).toEqual(['"pp8" is for 8 accelerators, not for 4']);
  expect(readParallel('tp4dp4', 8).faults).toEqual(['"tp4dp4" is for 16 accelerators, not for 8']);
  for (const written of ['sharded', 'tp', 'tp0', 'tp4zz', 'pp', '8'])
    expect(readParallel(written, 8)).toMatchObject({ parallel: null, faults: [expect.stringContaining(written)] });
});
