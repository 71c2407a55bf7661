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

/** Those that take minutes are decided in long runs alone. */
const inLongRuns = ['assistant-on-phones.txt', 'enterprise-suite.txt'];
const screens = readdirSync('test/golden/scenarios').filter(
  (name) => /^[a-z-]+\.txt$/.test(name) && !inLongRuns.includes(name),
);

test.each(screens)('%s is one screen: 50 lines of one task, 75 of several', (name) => {
  const scenario = parse(readFileSync(`scenarios/${name.replace('.txt', '.yaml')}`, 'utf8')) as { tasks: unknown[] };
  const lines = readFileSync(`test/golden/scenarios/${name}`, 'utf8').trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(scenario.tasks.length === 1 ? 50 : 75);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

test.each(screens)('%s: what is printed adds up', (name) => {
  const text = readFileSync(`test/golden/scenarios/${name}`, 'utf8');
  const usd = (cell: string): number => Number(cell.replaceAll(/[,†]/g, ''));
  const rows = [...text.matchAll(/ {2}([\d,.]+†?) +([\d,.]+†?) +([\d,.]+†?) +(?:[\d.]+ s|-|later)/g)];
  for (const [, infra = '', people = '', total = ''] of rows)
    expect(usd(infra) + usd(people), total).toBeCloseTo(usd(total), 1);
  const [, machines, people] = /Of it \$([\d,.]+)†? are .*? and\s+\$([\d,.]+)†? people/s.exec(text) ?? [];
  const [, cost = ''] = /about \$([\d,.]+)/.exec(text) ?? [];
  if (machines !== undefined && people !== undefined) expect(usd(machines) + usd(people)).toBe(usd(cost));
});
