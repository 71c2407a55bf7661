import { expect, test } from 'vitest';
import { findOption } from '../../src/decide/option-report.js';
import { requestShapeOf } from '../../src/places/machine-table.js';
import { caseOf } from '../support/scenario.js';

/** Tokens of its prompt that a model prefills on a machine, with what it counts for the images. */
async function inputOf(model: string, tokens: object): Promise<number> {
  const context = await caseOf({
    workload: { volume: '20k requests/day' },
    tasks: [{ name: 'scans', type: 'extraction', needs: ['vision'], capability: { minIndex: 5 }, tokens }],
  });
  const option = findOption(`self-hosted-cloud/aws/${model}@fp8/g6e.xlarge/us-east-1/on-demand`, context);
  const [taskPart] = context.workload.taskParts;
  if (option === null || taskPart === undefined) throw new Error(model);
  return requestShapeOf(option, taskPart, context).inputTokens;
}

// 1,000 tokens of text and two pages of 1700x2200: 3,657 each for qwen3.5 models, 256 for gemma-3 (image-tokens.csv).
// 300 tokens, all of them the image's: 256 for gemma-3, where the usual 765 less 256 would leave -209.
test.each([
  ['qwen3.5-9b', { input: 1000, output: 200, images: 2, imageSize: '1700x2200' }, 1000 + 2 * 3657],
  ['gemma-3-27b', { input: 1000, output: 200, images: 2, imageSize: '1700x2200' }, 1000 + 2 * 256],
  ['gemma-3-27b', { input: 300, output: 5 }, 256],
])('own machines prefill the tokens that %s counts for images: %j', async (model, tokens, prefilled) => {
  expect(await inputOf(model, tokens)).toBe(prefilled);
});
