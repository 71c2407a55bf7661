import { expect, test } from 'vitest';
import type { Traced } from '../../src/formula/traced.js';
import { placementOf } from '../../src/places/registry.js';
import { measuredOf, measuredPath, type TaskPart } from '../../src/workload/workload.js';
import { everyOption } from '../support/brute-force.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { caseOf } from '../support/scenario.js';

/** Several models measured on several cards: each figure is that of its own pair, and told where the scenario says it. */

const [l4, h100] = ['l4-24gb', 'h100-sxm-80gb'];
const measured = [
  { model: 'qwen3-4b', accelerator: l4, ofPredicted: 0.5 },
  { model: 'llama-3.3-70b', accelerator: h100, ofPredicted: 0.8 },
  { model: 'qwen3-4b', accelerator: h100, ofPredicted: 2 },
];
const tasks = [{ name: 'faq', type: 'faq-chat', capability: { minIndex: 20 } }];

const leavesOf = (figure: Traced): readonly Traced[] =>
  figure.parts.length === 0 ? [figure] : figure.parts.flatMap(leavesOf);

test('of a pair its own figure, of any other none', () => {
  expect(measuredOf(measured, 'qwen3-4b', l4)).toBe(0.5);
  expect(measuredOf(measured, 'llama-3.3-70b', h100)).toBe(0.8);
  expect(measuredOf(measured, 'qwen3-4b', h100)).toBe(2);
  expect(measuredOf(measured, 'llama-3.3-70b', l4)).toBeNull();
  expect([0, 2].map(measuredPath)).toEqual(['measured.0.ofPredicted', 'measured.2.ofPredicted']);
});

test('inputs, and what a machine serves, name the line of the scenario', async () => {
  const context = await caseOf({ workload: { volume: 1000 }, tasks, measured }, fewRows((await shipped()).tables));
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const inputs = context.workload.inputs.filter(({ path }) => path.startsWith('measured'));
  expect(inputs.map(({ path, value }) => [path, value.likely])).toEqual([
    ['measured.0.ofPredicted', 0.5],
    ['measured.1.ofPredicted', 0.8],
    ['measured.2.ofPredicted', 2],
  ]);
  const own = everyOption(context).filter(({ kind }) => kind === 'self-hosted-cloud');
  /** Of the first machine with this card that holds the model. */
  const told = (family: string, card: string) => {
    const [served] = own
      .filter((option) => option.family === family && option.fleet?.accelerator.accelerator === card)
      .flatMap((option) => placementOf(option.kind).traceService(option, taskPart, context).unitRequestsPerS ?? []);
    const leaves = leavesOf(served as Traced);
    return leaves.filter(({ path }) => path?.startsWith('measured')).map(({ path, value }) => [path, value]);
  };
  expect(told('qwen3-4b', l4)).toEqual([['measured.0.ofPredicted', 0.5]]);
  expect(told('llama-3.3-70b', h100)).toEqual([['measured.1.ofPredicted', 0.8]]);
  expect(told('qwen3-4b', h100)).toEqual([['measured.2.ofPredicted', 2]]);
  expect(told('gpt-oss-20b', h100)).toEqual([]);
});
