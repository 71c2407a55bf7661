import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

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

const screens = readdirSync('test/golden/scenarios').filter((name) => /^[a-z-]+\.txt$/.test(name));

test.each(screens)('%s is one screen: 50 lines of one task, 75 of several', (name) => {
  const scenario = parse(readFileSync(`scenarios/${name.replace('.txt', '.yaml')}`, 'utf8')) as { tasks: unknown[] };
  const lines = readFileSync(`test/golden/scenarios/${name}`, 'utf8').trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(scenario.tasks.length === 1 ? 50 : 75);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});
