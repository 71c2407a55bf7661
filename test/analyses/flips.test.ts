import { describe, expect, test } from 'vitest';
import { ladderFor } from '../../src/analyses/break-even/answer.js';
import { flipsOf } from '../../src/analyses/flips/flips.js';
import type { Flip, NoFlip } from '../../src/decide/decision.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import type { Tables } from '../../src/tables/tables.js';
import { readScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { answerOf } from '../support/answer-of.js';
import { someOf } from '../support/brute-force.js';
import { shipped } from '../support/load.js';
import { long } from '../support/sample.js';
import { asOf, type Written } from '../support/scenario.js';

const slow = 240_000;
const preferences = { objective: 'cost' };
const all = (await shipped()).tables;

/** The scenario with settings as the command line takes them; null where they are refused. */
function caseWith(written: Written, tables: Tables, set: readonly string[]): Context | null {
  const text = JSON.stringify({ version: 1, preferences, ...written });
  const { scenario } = readScenario(text, { file: 'test.json', tables, set, asOf });
  return scenario && { tables, workload: resolve(scenario, tables, asOf) };
}

/** The whole decision with one setting, nothing shared, nothing bounded. */
function advisedWith(written: Written, tables: Tables, set: readonly string[]): Plan | null {
  const context = caseWith(written, tables, set);
  if (context === null) throw new Error(`refused: ${set}`);
  return choose(context).advised;
}

const known = new Map<Written, { flips: Flip[]; noFlips: NoFlip[] }>();

/** All flips of a scenario, worked out once: several tests look at them. */
function flipsWith(written: Written, tables: Tables): { flips: Flip[]; noFlips: NoFlip[] } {
  const found = known.get(written) ?? findFlips(written, tables);
  known.set(written, found);
  return found;
}

function findFlips(written: Written, tables: Tables): { flips: Flip[]; noFlips: NoFlip[] } {
  const text = JSON.stringify({ version: 1, preferences, ...written });
  const { scenario: read } = readScenario(text, { file: 'test.json', tables, asOf });
  if (read === null) throw new Error('no scenario');
  const context = { tables, workload: resolve(read, tables, asOf) };
  const prose = () => ({ source: '', date: '', note: '' });
  const subject = { read, list: tables, prose, context };
  return flipsOf(subject, choose(context), { all: true, rungs: ladderFor(context) });
}

const chat: Written = {
  workload: { volume: '400k requests/day', growth: '4% per month' },
  tasks: [{ name: 'faq', type: 'faq-chat', tokens: { input: 1200, output: 300 } }],
};
const two: Written = {
  workload: { volume: '150k requests/day' },
  tasks: [
    { name: 'faq', type: 'faq-chat', share: '80%' },
    { name: 'code', type: 'code-chat', share: '20%' },
  ],
};

const cases: [string, Written, number][] = long
  ? [
      ['chat', chat, 3],
      ['two', two, 8],
    ]
  : [['two', two, 8]];
describe.each(cases)('%s on a part of the catalog', (_, written, seed) => {
  test.each([
    { parameter: 'workload.volume', unit: 'requests/day' },
    { parameter: 'tasks.faq.tokens.output', unit: 'tokens' },
    { parameter: 'team.yearlyCost', unit: 'USD/year' },
  ])(
    '$parameter: a dense scan finds no nearer flip, and none where none is told',
    ({ parameter, unit }) => {
      const tables = someOf(all, long ? 0.04 : 0.015, seed);
      const { flips, noFlips } = flipsWith(written, tables);
      const now = advisedWith(written, tables, []);
      const none = noFlips.find((one) => one.parameter === parameter);
      const mine = flips.filter((flip) => flip.parameter === parameter);
      const base = caseWith(written, tables, []) as Context;
      const from =
        parameter === 'workload.volume'
          ? base.workload.requestsPerDay
          : parameter === 'team.yearlyCost'
            ? base.workload.team.yearlyCostUsd
            : (base.workload.taskParts[0]?.tokens.output ?? 0);
      for (const direction of ['up', 'down'] as const) {
        const found = mine.find((flip) => flip.direction === direction);
        const end = none
          ? ((direction === 'up' ? none.high : none.low) as number)
          : from * (direction === 'up' ? 100 : 0.01);
        const to = found === undefined ? end : (found.to as number);
        const steps = 16;
        for (let i = 1; i < steps; i++) {
          const value = Number((from * (to / from) ** (i / steps)).toPrecision(12));
          const at = Math.max(1, parameter === 'team.yearlyCost' ? value : Math.round(value));
          // Within one step of the flip there is nothing to tell.
          if (Math.abs(at / to - 1) < 0.011) continue;
          const plan = advisedWith(written, tables, [`${parameter}=${at} ${unit}`]);
          expect(answerOf(plan), `${parameter} ${at}, told ${found?.to}`).toBe(answerOf(now));
        }
      }
    },
    slow,
  );
});
