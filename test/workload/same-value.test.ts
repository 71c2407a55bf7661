import { expect, test } from 'vitest';
import { z } from 'zod';
import { movedInputs } from '../../src/analyses/compare/moved.js';
import type { Decided } from '../../src/analyses/compare/read-result.js';
import { isSameValue } from '../../src/workload/set.js';
import { casesIn } from '../support/cases.js';

const cases = casesIn('same-value', {
  same: { path: z.string(), one: z.string(), other: z.string() },
  other: { path: z.string(), one: z.string(), other: z.string() },
});

/** What a scenario says at a path, written in two ways. */

test.each(cases.same)('$path: $one is the same as $other', ({ path, one, other }) => {
  expect(isSameValue(path, one, other)).toBe(true);
  expect(isSameValue(path, other, one)).toBe(true);
});

test.each(cases.other)('$path: $one is not $other', ({ path, one, other }) => {
  expect(isSameValue(path, one, other)).toBe(false);
  expect(isSameValue(path, one, one)).toBe(true);
});

test('an input that is written in another way did not move, whoever says it', () => {
  const said = (given: object[], assumed: object[] = []) => ({ scenario: { given, assumed } }) as unknown as Decided;
  const volume = (value: string) => ({ path: 'workload.volume', value });
  expect(movedInputs(said([volume('20k')]), said([volume('20000')]))).toEqual([]);
  expect(movedInputs(said([volume('20k')]), said([], [volume('20000')]))).toEqual([]);
  expect(movedInputs(said([volume('20k')]), said([volume('21k')]))).toMatchObject([{ before: '20k', after: '21k' }]);
});
