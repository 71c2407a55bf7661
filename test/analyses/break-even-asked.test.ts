import { expect, test } from 'vitest';
import { z } from 'zod';
import { type BreakEvenOptions, breakEven } from '../../src/analyses/break-even/answer.js';
import { casesIn } from '../support/cases.js';
import { asOf, readWritten, tool, type Written } from '../support/scenario.js';
import { oppositePrices } from '../support/two-prices.js';

/** What can be asked of where plans cost the same, and what cannot be answered. */

const { tables, prose } = await oppositePrices();

const faq: Written = {
  workload: { volume: '10k' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1000, output: 500 }, capability: { minIndex: 40 } }],
};
const ask = (options: Partial<BreakEvenOptions>, written = faq) =>
  breakEven(readWritten(written, tables), tables, { asOf, prose, tool, ...options });

const { unanswerable } = casesIn('break-even-asked', {
  unanswerable: {
    why: z.string(),
    asked: z.strictObject({ between: z.array(z.string()), axis: z.string() }).partial(),
    message: z.string(),
  },
});
test.each(unanswerable)('cannot be answered: $why', ({ asked, message }) => {
  expect(ask(asked as Partial<BreakEvenOptions>)).toContain(message);
});
