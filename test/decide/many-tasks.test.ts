import { expect, test } from 'vitest';
import { choose } from '../../src/decide/several-choice.js';
import { resolve } from '../../src/workload/resolve.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { asOf, decide as decideOn, readWritten, type Written } from '../support/scenario.js';

const tables = fewRows((await shipped()).tables);
const decide = (written: Written, options: { point: boolean }) => decideOn(written, { tables, ...options });

/** So many tasks of each of a few types; each type asks for the same in all. */
const parted = (parts: number) => ({
  workload: { volume: '2.4M requests/day' },
  tasks: ['faq-chat', 'extraction', 'summarization', 'rag-answering'].flatMap((type) =>
    Array.from({ length: parts }, (_, part) => ({
      name: `${type}-${part}`,
      type,
      volume: `${600_000 / parts} requests/day`,
    })),
  ),
});

test('tasks told in parts cost what they cost as one, however many that makes', async () => {
  const { recommendation, scorecard, warnings } = await decide(parted(1), { point: true });
  expect(warnings.filter(({ code }) => code === 'tasks-together')).toEqual([]);
  for (const parts of [2, 3, 12]) {
    const many = await decide(parted(parts), { point: true });
    expect(many.recommendation.monthlyCost).toBeCloseTo(recommendation.monthlyCost ?? Number.NaN, 6);
    expect(new Set(many.recommendation.assignments.map(({ option }) => option))).toEqual(
      new Set(recommendation.assignments.map(({ option }) => option)),
    );
    const apart = many.warnings.filter(({ code }) => code === 'tasks-together');
    expect(apart.map(({ figures }) => figures)).toEqual(4 * parts > 10 ? [{ tasks: 4 * parts, groups: 10 }] : []);
    for (const [i, row] of scorecard.entries()) {
      if (row.kind === 'serverless-gpu') continue; // Every task has workers of its own.
      const cost = many.scorecard[i]?.monthlyCost ?? null;
      if (row.kind !== 'on-prem') expect(cost, `${parts} ${row.kind}`).toBe(row.monthlyCost);
      else {
        // A part of a task on another fleet can fill whole machines better: a little less, never more.
        expect(cost, `${parts} ${row.kind}`).toBeLessThanOrEqual((row.monthlyCost as number) * (1 + 1e-9));
        expect(cost, `${parts} ${row.kind}`).toBeGreaterThan((row.monthlyCost as number) * 0.99);
      }
    }
  }
});

test('what a deployment type cannot serve is told task by task', async () => {
  const unserved = (tasksApart: number): Record<string, string[]> => {
    const types = ['faq-chat', 'complex-reasoning', 'ocr-and-image-questions'];
    const tasks = types.flatMap((type) => [
      { name: type, type, volume: '8k requests/day' },
      {
        name: `own-${type}`,
        type,
        volume: '8k requests/day',
        data: { sensitivity: 'regulated', boundary: 'own-account' },
      },
    ]);
    const written = { workload: { volume: '100k requests/day' }, tasks, assumptions: { tasksApart } };
    const { kinds } = choose({ tables, workload: resolve(readWritten(written, tables), tables, asOf) });
    return Object.fromEntries(
      kinds.map(({ kind, unserved: taskParts }) => [kind, taskParts.map(({ task }) => task).sort()]),
    );
  };
  const alone = unserved(6);
  expect(alone['cloud-api']?.length).toBe(3);
  expect(unserved(3)).toEqual(alone);
});
