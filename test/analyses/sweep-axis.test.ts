import { describe, expect, test } from 'vitest';
import { readAxes } from '../../src/analyses/sweep/grid.js';

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
  test.each([
    { argument: 'a=1,2,3', is: ['1', '2', '3'], why: 'values in their order' },
    { argument: 'data.regimes=[hipaa, gdpr],[],null', is: ['[hipaa, gdpr]', '[]', 'null'], why: 'lists are values' },
    { argument: "a='x,y',{p: 1, q: 2}", is: ["'x,y'", '{p: 1, q: 2}'], why: 'and so are quotes and maps' },
    { argument: 'a=[[1, 2], {p: 3}],{q: [4, 5]}', is: ['[[1, 2], {p: 3}]', '{q: [4, 5]}'], why: 'one within another' },
    {
      argument: `a="it's, so",'"x", y'`,
      is: [`"it's, so"`, `'"x", y'`],
      why: 'a quote within the other kind of quotes',
    },
    { argument: 'a= x , y ', is: ['x', 'y'], why: 'blanks around them are none of theirs' },
    { argument: 'v=1k..10M:log:5', is: ['1000', '10000', '100000', '1000000', '10000000'], why: 'four decades' },
    // 10^(1/3) = 2.15443…, 10^(2/3) = 4.64159…
    { argument: 'v=1..10:log:4', is: ['1', '2.15', '4.64', '10'], why: 'steps of one ratio, readable' },
    { argument: 'v=0..1:linear:5', is: ['0', '0.25', '0.5', '0.75', '1'], why: 'steps of one difference' },
    { argument: 'v=1..4:4', is: ['1', '2', '3', '4'], why: 'linear where nothing is said' },
    { argument: 'v=-1..1:3', is: ['-1', '0', '1'], why: 'through zero' },
    {
      argument: 'v=1k..100k requests/day:log:3',
      is: ['1000 requests/day', '10000 requests/day', '100000 requests/day'],
      why: 'a unit behind the high end',
    },
    { argument: 'v=1k..2k:2 users', is: ['1000 users', '2000 users'], why: 'or behind the steps' },
    { argument: 'v=0%..20%:3', is: ['0%', '10%', '20%'], why: 'or at each' },
    { argument: 'v=$1k..$3k/month:2', is: ['$1000/month', '$3000/month'], why: 'money' },
    { argument: 'v=5,10,100,0.01', is: ['5', '10', '100', '0.01'], why: 'no comma within a number' },
    { argument: 'v=5,1..2:2,40k..60k', is: ['5', '1', '2', '40k..60k'], why: 'a range beside others is a value' },
  ])('$argument: $why', ({ argument, is }) => {
    expect(values(argument)).toEqual(is);
  });

  test.each([
    { argument: 'v=1k..10M', column: 3, says: 'how many steps' },
    { argument: 'v=10..1:3', column: 3, says: 'low end is not below' },
    { argument: 'v=0..10:log:3', column: 3, says: 'above 0' },
    { argument: 'v=1..10:lin:3', column: 3, says: 'no spacing' },
    { argument: 'v=1..10:log:1', column: 3, says: 'from 2 on' },
    { argument: 'v=1..10:log:2.5', column: 3, says: 'from 2 on' },
    { argument: 'v=1..10:log:1001', column: 3, says: 'more than the 1000 cells' },
    { argument: 'v=1..x:3', column: 3, says: '`x` is not a number' },
    { argument: 'v=1 users..2 requests/day:3', column: 3, says: 'different units' },
    { argument: 'v=1,,2', column: 5, says: 'no value' },
    { argument: 'v=1,   1..x:3', column: 8, says: '`x` is not a number' },
    { argument: 'v=  0..1:lin:3  , 2', column: 5, says: 'no spacing' },
    { argument: 'v={p: 1, q: 2},[3, 4],1..x:3', column: 23, says: '`x` is not a number' },
    { argument: `v='a, b',"c, d",1..x:3`, column: 17, says: '`x` is not a number' },
    { argument: 'v=1,2,1', column: 7, says: 'given twice' },
    { argument: 'v=100,200,100', column: 11, says: 'given twice' },
    { argument: 'v=1,000,2,000', column: 3, says: '`1,000` has a comma' },
    { argument: 'v=7,12,000', column: 5, says: '`12,000` has a comma' },
    { argument: 'v=1,500,2,500', column: 9, says: '`2,500` has a comma' },
    { argument: 'v=1,000..5,000:log:3', column: 3, says: '`1,000` has a comma' },
    { argument: 'v=1..5,000:log:3', column: 6, says: '`5,000` has a comma' },
    { argument: 'v=1k..1G:log:5', column: 3, says: '`G` is a unit here, and 1000 G is not below 1 G: suffixes of' },
    { argument: 'v=1k..2foo:linear:3', column: 3, says: '`foo` is a unit here' },
    { argument: '=1', column: 1, says: 'path=values' },
  ])('$argument is refused: $says', ({ argument, column, says }) => {
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
