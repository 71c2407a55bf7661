import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const told = readdirSync('scenarios')
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => {
    const text = readFileSync(`scenarios/${name}`, 'utf8').replaceAll(/\n# /g, ' ');
    const sum = /In all ([\d,]+)/.exec(text)?.[1];
    return sum === undefined ? [] : [{ name: name.replace('.yaml', ''), sum: Number(sum.replaceAll(',', '')) }];
  });

test('comments of scenarios come to a sum', () => expect(told.length).toBeGreaterThan(10));

test.each(told)('$name comes to what its comment says', ({ name, sum }) => {
  const [, cost = ''] = /about \$([\d,.]+)/.exec(readFileSync(`test/golden/scenarios/${name}.txt`, 'utf8')) ?? [];
  expect(Math.abs(Number(cost.replaceAll(',', '')) - sum)).toBeLessThanOrEqual(1);
});
