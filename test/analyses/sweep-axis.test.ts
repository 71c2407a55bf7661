import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readAxes } from '../../src/analyses/sweep/grid.js';
import { casesIn } from '../support/cases.js';

const cases = casesIn('sweep-axis', {
  varies: { argument: z.string(), is: z.array(z.string()), why: z.string() },
  refused: { argument: z.string(), column: z.number(), says: z.string() },
});
const most = 1000;
const values = (argument: string): string[] | undefined => {
  const { axes, problems } = readAxes([argument], most);
  expect(problems).toEqual([]);
  return axes[0]?.values;
};

test('a field that counts takes whole numbers between the ends of a span, each once; others are as they are', () => {
  const months = (setting: string): boolean => /^h=\d+( months)?$/.test(setting);
  const of = (argument: string) => readAxes([argument], most, months).axes[0]?.values;
  expect(of('h=1..36:linear:4')).toEqual(['1', '13', '24', '36']);
  expect(of('h=1..36 months:log:3')).toEqual(['1 months', '6 months', '36 months']);
  expect(of('h=1..3:linear:6')).toEqual(['1', '2', '3']);
  expect(of('h=1.5..3:linear:2')).toEqual(['1.5', '3']);
  expect(of('other=0..1:linear:3')).toEqual(['0', '0.5', '1']);
});

describe('what varies', () => {
  test.each(cases.varies)('$argument: $why', ({ argument, is }) => {
    expect(values(argument)).toEqual(is);
  });

  test.each(cases.refused)('$argument is refused: $says', ({ argument, column, says }) => {
    const { problems } = readAxes([argument], most);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'bad-vary', column, excerpt: argument });
    expect(problems[0]?.message).toContain(says);
  });

  test('all mistakes come at once, and a path varies once', () => {
    const { problems } = readAxes(['a=2..1:3,1..0:2', 'b=1', 'b=2'], most);
    expect(problems.map(({ message }) => message)).toEqual([
      'the low end is not below the high one',
      'the low end is not below the high one',
      '`b` varies twice',
    ]);
  });
});
