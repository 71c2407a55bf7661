import { describe, expect, test } from 'vitest';
import { type Workload, workloadAt } from '../../src/workload/workload.js';
import { committed, committedCase } from '../support/committed.js';

/** A job that ends has no volume a day. */
const names = committed.filter((name) => name !== 'million-chunks');
const demandOf = async (name: string, set: string[] = []): Promise<Workload> =>
  (await committedCase(name, set)).workload;

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

describe.each(names)('%s', (name) => {
  test.each([1, 777, 123_456_789])('at %d requests a day is what resolving it there gives', async (volume) => {
    const resolved = await demandOf(name, [`workload.volume=${volume} requests/day`]);
    expect(comparable(workloadAt(await demandOf(name), volume))).toEqual(comparable(resolved));
  });
});

test('tasks with a volume of their own stay, and their share of all requests falls', async () => {
  const before = await demandOf('enterprise-suite');
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
