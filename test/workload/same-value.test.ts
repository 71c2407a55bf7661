import { expect, test } from 'vitest';
import { movedInputs } from '../../src/analyses/compare/moved.js';
import type { Decided } from '../../src/analyses/compare/read-result.js';
import { isSameValue } from '../../src/workload/set.js';

/** What a scenario says at a path, written in two ways. */

test.each([
  ['workload.volume', '20k', '20000'],
  ['workload.volume', '1M requests/month', '1000k requests per month'],
  ['workload.growth', '5% per month', '5 %/month'],
  ['workload.profile.peakToMean', '3', '3.0'],
  ['workload.horizon', '2 years', '24 months'],
  ['tasks.faq.share', '90%', '0.9'],
  ['tasks.faq.tokens.input', '40k..60k', '40000..60000'],
  ['tasks.faq.tokens.input', '1500 tokens', '1500'],
  ['tasks.faq.latency.ttftP95', '2s', '2000ms'],
  ['tasks.faq.deadline', '1 day', '24'],
  ['tasks.faq.capability.minIndex', '30', '30.0'],
  ['tasks.faq.easy.capability.minIndex', '30', '30.0'],
  ['tasks.faq.tuned.cost', '$5k', '5000 USD'],
  ['assumptions.retryRate', '1%', '0.01'],
  ['budget.monthly', '8k', '8000 USD'],
])('%s: %s is the same as %s', (path, one, other) => {
  expect(isSameValue(path, one, other)).toBe(true);
  expect(isSameValue(path, other, one)).toBe(true);
});

test.each([
  ['workload.volume', '20k', '20001'],
  ['workload.volume', '20k', '20k tokens'],
  ['workload.volume', '20k', '15k..25k'],
  ['workload.profile', 'flat', 'business-hours'],
  ['tasks.faq.type', 'faq-chat', 'summarization'],
  ['tasks.faq.capability.atLeast', 'gpt-4o', 'gpt-4'],
  ['team.mayHire', 'true', 'false'],
  ['data.regimes', '["hipaa"]', '["gdpr"]'],
  ['prices', '[]', '[1]'],
  ['nowhere.at.all', '1', '1.0'],
])('%s: %s is not %s', (path, one, other) => {
  expect(isSameValue(path, one, other)).toBe(false);
  expect(isSameValue(path, one, one)).toBe(true);
});

test('an input that is written in another way did not move, whoever says it', () => {
  const said = (given: object[], assumed: object[] = []) => ({ scenario: { given, assumed } }) as unknown as Decided;
  const volume = (value: string) => ({ path: 'workload.volume', value });
  expect(movedInputs(said([volume('20k')]), said([volume('20000')]))).toEqual([]);
  expect(movedInputs(said([volume('20k')]), said([], [volume('20000')]))).toEqual([]);
  expect(movedInputs(said([volume('20k')]), said([volume('21k')]))).toMatchObject([{ before: '20k', after: '21k' }]);
});
