import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { markdown } from '../../src/report/assess.js';
import { addedUp } from '../../src/report/numbers.js';
import { adjustedCost, whyNotCheaper } from '../../src/report/plan-words.js';
import { renderText } from '../../src/report/text.js';
import { asOf, readCommitted } from '../support/committed.js';
import { latestSnapshot, shipped } from '../support/load.js';
import { onFleet } from '../support/report-decisions.js';
import { tool } from '../support/scenario.js';

const read = (amount: string): number => Number(amount.replace(/[$,]/g, ''));

test('amounts as they are printed add up to their sum as it is printed, each within a unit of itself', () => {
  const usd = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          usd,
          usd.map((one) => one / 1e5),
        ),
        { minLength: 1, maxLength: 7 },
      ),
      (all) => {
        const { sum, amounts } = addedUp(all);
        const total = all.reduce((whole, one) => whole + one, 0);
        const unit = Math.abs(total) < 9.995 ? 0.01 : 1;
        expect(amounts.reduce((whole, one) => whole + read(one), 0)).toBeCloseTo(read(sum), 4);
        expect(Math.abs(read(sum) - total)).toBeLessThanOrEqual(unit / 2 + 1e-6);
        for (const [at, one] of amounts.entries())
          expect(Math.abs(read(one) - (all[at] as number))).toBeLessThan(unit + 1e-6);
      },
    ),
  );
});

test.each([
  [[172.4, 24.4, 4.4], '$201', ['$173', '$24', '$4']],
  [[100.6, -0.4], '$100', ['$100', '$0']],
  [[1.234, 0.333], '$1.57', ['$1.24', '$0.33']],
])('%j is %s', (amounts, sum, printed) => expect(addedUp(amounts)).toEqual({ sum, amounts: printed }));

test('the first screen of support-chatbot, right after its cost, and the same in Markdown', async () => {
  const { tables, prose } = await shipped(latestSnapshot);
  const scenario = await readCommitted('support-chatbot', [], latestSnapshot);
  const decision = assess(scenario, tables, { asOf, prose, tool, point: true });
  const lines = renderText(whyNotCheaper(decision, 11), { color: false, width: 80 }).trimEnd();
  expect(lines).toBe(
    `
  Why not  the cheaper one: Qwen3 8B, Novita (hosted open model) costs $159 less
           a month, but its risks count $202 more:
     +$173 quality 50 instead of 79: more work on prompts, guards and evaluation
      +$24 good enough with a probability of 93 %, this one >99 %: if not, 1
           week of work and 1 month of answers are lost
       +$5 smaller ones: failed answers, the wait for answers`.slice(1),
  );
  expect(markdown(decision, { color: false, width: 80, detail: null })).toContain(
    '| **Why not** | the cheaper one: Qwen3 8B',
  );
  expect(renderText(adjustedCost(decision), { color: false, width: 80 })).toMatch(/\$125 +prompts, guards/);
});

const terms = ['redo', 'upkeep', 'failed', 'wait', 'notOwned', 'atRisk', 'places'] as const;

test('every term has a sentence, more or less of it; equal qualities are told apart, and what rounds to nothing is not told', () => {
  const told = (usd: number): string => {
    const { recommendation } = onFleet;
    const figures = {
      quality: 82.4,
      itsQuality: 82.1,
      goodEnough: 0.97,
      itsGoodEnough: 0.95,
      redoWeeks: 0.5,
      places: 1,
      itsPlaces: 2,
      boughtFor: 0,
      itsBoughtFor: 41_478,
      redoMonths: 1,
    };
    const lines = terms.map((term) => ({ term, terms: [term], monthly: usd }));
    const nothing = { term: 'others' as const, terms: ['failed' as const], monthly: 0.2 };
    const whole = {
      plan: 'a',
      label: 'the other',
      monthlyCost: 9,
      savesMonthly: 1,
      countsMore: 7 * usd + 0.2,
      lines: [...lines, nothing],
      figures,
    };
    const decision = { ...onFleet, recommendation: { ...recommendation, whyNotCheaper: whole } };
    return renderText(whyNotCheaper(decision, 11), { color: false, width: 200 });
  };
  const more = told(20);
  for (const words of [
    '+$20 quality 82.1 instead of 82.4: more work',
    '0.5 weeks of work',
    'a later first token',
    'leaves machines idle that you own',
    'machines for $41,478 are bought',
    '2 places to run instead of 1',
    'more failed answers',
  ])
    expect(more).toContain(words);
  expect(more.match(/failed answers/g)).toHaveLength(1);
  const less = told(-20);
  for (const words of [
    '-$20 quality 82.1 instead of 82.4: less work',
    'a sooner first token',
    'uses machines that you own',
    'less money for machines',
    'fewer failed answers',
  ])
    expect(less).toContain(words);
  expect(renderText(whyNotCheaper(onFleet, 11), { color: false, width: 80 })).toBe('');
});
