import { expect, test } from 'vitest';
import { table } from '../../src/report/assess.js';
import { shippedTables } from '../support/load.js';
import { decide, type Written } from '../support/scenario.js';

const written = (deadline?: string): Written => ({
  workload: { volume: '20k requests/day' },
  tasks: [{ name: 'letters', type: 'summarization', ...(deadline && { deadline }) }],
  preferences: { only: ['cloud-api', 'openai'] },
});

test('who pays the batch price is told so: in the label, in the bill and in the report', async () => {
  const tables = await shippedTables();
  const said = async (deadline?: string) => {
    const found = await decide(written(deadline), { tables, point: true });
    const { label, costParts } = found.recommendation;
    const shown = table(found, { color: false, width: 200, detail: null });
    return { label, parts: costParts.map((part) => part.label), shown };
  };
  const batch = await said('24h');
  expect(batch.label).toMatch(/OpenAI, batch price$/);
  expect(batch.parts).toContain('Input tokens, batch price');
  expect(batch.parts).toContain('Output tokens, batch price');
  expect(batch.shown).toMatch(/All of it is tokens, at the batch price\./);
  for (const now of [await said(), await said('4h')]) expect(JSON.stringify(now)).not.toContain('batch price');
});
