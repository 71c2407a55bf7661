import { describe, expect, test } from 'vitest';
import { budget } from '../../src/decide/gates/budget.js';
import { team } from '../../src/decide/gates/team.js';
import { caseOf } from './scenario.js';

describe('rules about a whole plan', () => {
  const demandOf = async (blocks: object) =>
    (await caseOf({ workload: { volume: 1 }, tasks: [{ type: 'faq-chat' }], ...blocks })).demand;
  const totals = { fteNeeded: 0.5, peakMonthCashUsd: 1000, upfrontUsd: 500 };

  test.each([
    { blocks: {}, state: 'passed', why: 'no team is given' },
    { blocks: { team: { devops: 0.4 } }, state: 'passed', why: 'may hire unless it says no' },
    { blocks: { team: { devops: 0.4, mayHire: false } }, state: 'failed', why: '0.4 free' },
    { blocks: { team: { devops: 0.5, mayHire: false } }, state: 'passed', why: 'just enough' },
    {
      blocks: { team: { devops: 0.3, mlInfra: 0.2, mayHire: false } },
      state: 'passed',
      why: 'both kinds of people count',
    },
    {
      blocks: { team: { devops: 4, free: '0.4 FTE', mayHire: false } },
      state: 'failed',
      why: 'only 0.4 of 4 are free',
    },
  ])('team $state: $why', async ({ blocks, state }) => {
    expect(team.check(totals, await demandOf(blocks)).state).toBe(state);
  });

  test.each([
    { blocks: {}, state: 'passed', why: 'no budget' },
    { blocks: { budget: { monthly: 1000 } }, state: 'passed', why: 'just enough' },
    { blocks: { budget: { monthly: 999 } }, state: 'failed', why: 'a dollar short' },
    { blocks: { budget: { upfront: 500 } }, state: 'passed', why: 'just enough before the start' },
    { blocks: { budget: { monthly: 5000, upfront: 499 } }, state: 'failed', why: 'a dollar short before the start' },
  ])('budget $state: $why', async ({ blocks, state }) => {
    expect(budget.check(totals, await demandOf(blocks)).state).toBe(state);
  });
});
