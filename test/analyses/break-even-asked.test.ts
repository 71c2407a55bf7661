import { expect, test } from 'vitest';
import { type BreakEvenOptions, breakEven } from '../../src/analyses/break-even/answer.js';
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

test.each<[string, Partial<BreakEvenOptions>, string]>([
  ['one plan', { between: ['cloud-api'] }, '--between takes two plans or kinds, as in --between cloud-api edge; got 1'],
  ['three plans', { between: ['cloud-api', 'edge', 'on-prem'] }, 'got 3'],
  [
    'a kind that cannot run it',
    { between: ['cloud-api', 'edge'] },
    'nothing of the kind edge: the scenario has no devices',
  ],
  [
    'two that there are not',
    { between: ['cloud-api/a/b', 'edge'] },
    'cloud-api/a/b is not in the tables of 2026-08-21: give a plan',
  ],
  [
    'both wrong',
    { between: ['cloud-api/a/b', 'edge'] },
    'or a kind; nothing of the kind edge: the scenario has no devices',
  ],
  ['an axis that there is not', { axis: 'weather' }, '"weather" is no axis; there are '],
  ['a task that there is not', { axis: 'task:mail' }, 'the scenario has no task "mail" with a volume'],
])('cannot be answered: %s', (_, options, message) => {
  expect(ask(options)).toContain(message);
});
