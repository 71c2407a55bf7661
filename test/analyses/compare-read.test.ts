import { expect, test } from 'vitest';
import { z } from 'zod';
import { assess } from '../../src/analyses/assess.js';
import { looksLikeResult, readResults } from '../../src/analyses/compare/read-result.js';
import { casesIn } from '../support/cases.js';
import { shipped } from '../support/load.js';
import { asOf, readWritten, tool } from '../support/scenario.js';
import { twoPrices } from '../support/two-prices.js';

const cases = casesIn('compare-read', {
  texts: { text: z.string(), is: z.boolean() },
});

/** Results that were kept, in every form they are printed in, and texts that are none. */

async function kept(): Promise<string> {
  const { tables: all, prose } = await shipped();
  const tables = twoPrices(all, { closed: [1, 1], open: [2, 2] });
  const read = readWritten({ workload: { volume: '1k' }, tasks: [{ type: 'faq-chat' }] }, tables);
  return JSON.stringify(assess(read, tables, { asOf, prose, tool, point: true, basis: true }));
}

test('one decision, pretty or not, is what was printed', async () => {
  const text = await kept();
  for (const one of [text, `${JSON.stringify(JSON.parse(text), null, 2)}\n`]) {
    expect(looksLikeResult(one)).toBe(true);
    expect(readResults(one, 'a.json')).toMatchObject({
      decided: [{ recommendation: { plan: 'cloud-api/openai/gpt-5-nano' } }],
      entries: 1,
      problems: [],
    });
  }
});

test('lines of results, and the decisions of a check: those that could not be read count, and are none', async () => {
  const text = await kept();
  const failed = JSON.stringify({ errors: [{ code: 'unread' }] });
  for (const many of [
    `${text}\n\n${failed}\n${text}\n`,
    JSON.stringify({ results: [JSON.parse(text), JSON.parse(failed), { decision: JSON.parse(text) }] }),
    `${JSON.stringify({ results: [{ decision: JSON.parse(text) }, { decision: null }] })}\n${text}`,
  ]) {
    const { decided, entries, problems } = readResults(many, 'a.jsonl');
    expect([decided.length, entries, problems]).toEqual([2, 3, []]);
  }
});

test('of what could not be read the file is known, as check tells it and as assess does', async () => {
  const text = await kept();
  const lines = [
    { file: 'a.yaml', scenario: null, decision: null, errors: [{ file: 'book.yaml' }] },
    { errors: [{ file: 'b.yaml' }, { file: 'b.yaml' }, { file: null }, null] },
    { errors: [] },
    { decision: null },
  ];
  const { decided, unread } = readResults([text, ...lines.map((line) => JSON.stringify(line))].join('\n'), 'a.jsonl');
  expect([decided.length, unread]).toEqual([1, ['a.yaml', 'b.yaml']]);
});

test.each(cases.texts)('$text is taken for a result: $is', ({ text, is }) => {
  expect(looksLikeResult(text)).toBe(is);
});

const problem = (text: string) =>
  readResults(text, 'a.json').problems.map(({ code, line, column, message }) => [code, line, column, message]);

test('what is no JSON is told at its place', async () => {
  expect(problem('{"a": 1,\n  x}')).toEqual([['not-json', 2, 3, expect.stringMatching(/^not JSON: .*position 11/)]]);
  expect(readResults('', 'a.json')).toMatchObject({ decided: [], entries: 0, problems: [{ code: 'not-json' }] });
  // One line in many is told by its number; of text that never was JSON, the first.
  const text = await kept();
  expect(problem(`${text}\n\n{"torn": \n${text}`)).toEqual([['not-json', 3, 1, 'not JSON: this line is not JSON']]);
  expect(problem(`nonsense\n${text}`)[0]?.slice(0, 2)).toEqual(['not-json', 1]);
});

test('JSON that is no result is refused with what is wrong, entry by entry', async () => {
  const text = await kept();
  const { recommendation: _, ...without } = JSON.parse(text);
  expect(problem(JSON.stringify(without))).toEqual([
    ['not-a-result', 1, 1, expect.stringMatching(/^no result of assess: `recommendation` /)],
  ]);
  expect(problem('3')).toEqual([
    ['not-a-result', 1, 1, expect.stringMatching(/^no result of assess: `the document` /)],
  ]);
  const [told] = problem(`${text}\n${JSON.stringify(without)}`);
  expect(told?.[3]).toMatch(/^entry 2: no result of assess: `recommendation` /);
  for (const none of ['{"results": []}', '{"errors": []}'])
    expect(problem(none)).toEqual([['not-a-result', 1, 1, 'there is no decision in it']]);
});
