import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { type Workload, workloadAt } from '../../src/workload/workload.js';
import { shippedTables } from '../support/load.js';
import { asOf } from '../support/scenario.js';

const folder = new URL('../../scenarios/', import.meta.url);
/** A job that ends has no volume a day. */
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'million-chunks.yaml');
const tables = await shippedTables();

function demandOf(file: string, set: string[] = []): Workload {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const { scenario, problems } = readScenario(text, { file, tables, set });
  if (scenario === null) throw new Error(problems.map(({ message }) => message).join('; '));
  return resolve(scenario, tables, asOf);
}

/** All that can be compared: not the function, not the list of what was written; shares and volumes to the last digits. */
function comparable({ assume: _, inputs: __, taskParts, requestsPerDay, ...rest }: Workload) {
  const steady = (x: number) => Number(x.toPrecision(12));
  return {
    ...rest,
    requestsPerDay: steady(requestsPerDay),
    taskParts: taskParts.map((taskPart) => ({
      ...taskPart,
      share: steady(taskPart.share),
      requestsPerDay: steady(taskPart.requestsPerDay),
    })),
  };
}

describe.each(files)('%s', (file) => {
  test.each([1, 777, 123_456_789])('at %d requests a day is what resolving it there gives', (volume) => {
    const resolved = demandOf(file, [`workload.volume=${volume} requests/day`]);
    expect(comparable(workloadAt(demandOf(file), volume))).toEqual(comparable(resolved));
  });
});

test('tasks with a volume of their own stay, and their share of all requests falls', () => {
  const before = demandOf('enterprise-suite.yaml');
  const after = workloadAt(before, before.requestsPerDay * 10);
  const own = before.taskParts.flatMap(({ scales }, s) => (scales ? [] : [s]));
  expect(own.length).toBeGreaterThan(0);
  for (const [s, taskPart] of before.taskParts.entries()) {
    const factor = own.includes(s) ? 1 : 10;
    expect((after.taskParts[s]?.requestsPerDay as number) / taskPart.requestsPerDay).toBeCloseTo(factor, 12);
    expect((after.taskParts[s]?.share as number) < taskPart.share).toBe(own.includes(s));
    expect(after.taskParts[s]?.hours).toBe(taskPart.hours);
  }
  expect(after.assume).toBe(before.assume);
});
