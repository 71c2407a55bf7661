import { beforeAll, expect, test } from 'vitest';
import type { OptionReport } from '../../src/decide/decision.js';
import { findOption, lookAt, optionReport } from '../../src/decide/option-report.js';
import type { Context } from '../../src/places/placement.js';
import { markdown, table } from '../../src/report/assess.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import { shipped } from '../support/load.js';
import { hybrid } from '../support/report-decisions.js';
import { caseOf } from '../support/scenario.js';

/** What the tables note of a model's index is told with it, above all where rules judge the model by less. */

let tables: Tables;
let prose: Prose;
let context: Context;
beforeAll(async () => {
  ({ tables, prose } = await shipped());
  context = await caseOf({ workload: { volume: 1000 }, tasks: [{ name: 't', type: 'faq-chat' }] }, tables);
});
function reported(id: string): OptionReport {
  const option = findOption(id, context);
  if (option === null || typeof option === 'string') throw new Error(`no ${id}`);
  return optionReport(lookAt(option, context), context, prose, null);
}
/** Indices and notes as they stand in capability.csv. */
const doubted = 'scores well above models of its size and date: check on your own task';
const small = 'self-hosted-cloud/runpod/qwen3.5-4b@bf16/1xrtx-5090-32gb/global/on-demand';

test('an option says which index rules judge it by, and what is noted of it', () => {
  const { capability, judgedCapability, capabilityNote } = reported(small);
  const row = tables.capability.find(({ family }) => family === 'qwen3.5-4b');
  if (row === undefined) throw new Error('no such model');
  expect(row.useLow).toBe(true);
  expect(capability).toBe(row.indexStandard);
  expect(judgedCapability).toBeCloseTo((row.indexStandard as number) - (row.index - row.indexLow), 9);
  expect(capabilityNote).toBe(doubted);
  // A model judged by its index, of which nothing is noted; and one of which something else is.
  const plain = reported('cloud-api/openai/gpt-5-mini');
  expect(plain.judgedCapability).toBe(plain.capability);
  expect(plain.capabilityNote).toBeNull();
  const joined = reported('cloud-api/openai/gpt-4o');
  expect(joined.judgedCapability).toBe(joined.capability);
  expect(joined.capabilityNote).toBe('mean over the 2024-05-13, 08-06 and 11-20 releases');
});

test('reports tell both with the option', () => {
  const [first, ...rest] = hybrid.options as [OptionReport, ...OptionReport[]];
  const told = (changes: Partial<OptionReport>) => ({ ...hybrid, options: [{ ...first, ...changes }, ...rest] });
  const noted = told({ capability: 70, judgedCapability: 65.19, capabilityNote: doubted });
  for (const detail of ['options', 'full'] as const) {
    const text = table(noted, { color: false, width: 200, detail });
    expect(text).toContain('quality 70 (judged by its low end, 65.19)');
    expect(text).toContain(`\n   quality: ${doubted}\n`);
  }
  expect(markdown(noted, { color: false, width: 80, detail: 'full' })).toContain(`quality: ${doubted}`);
  const plain = table(hybrid, { color: false, width: 200, detail: 'full' });
  expect(plain).not.toMatch(/judged by|^ {3}capability: /m);
});
