import { expect, test } from 'vitest';
import type { Assignment, Decision, NearestMiss } from '../../src/decide/decision.js';
import { table } from '../../src/report/assess.js';
import { hybrid } from '../support/report-decisions.js';

/** What stands under Decide, beside what the scenario of the fixture has to weigh anyway. */

const text = (decision: Decision): string =>
  table(decision, { color: false, width: 400, detail: null }).replace(/\s+/g, ' ');
const advised = hybrid.recommendation.plan as string;
const cost = hybrid.recommendation.monthlyCost as number;
const [other] = hybrid.options.map(({ id }) => id).filter((id) => !advised.includes(id)) as [string];

test('the plan that costs less on average, with what it costs more at the likely figures', () => {
  const plans = [{ plan: other, label: 'the other one', probabilityBest: 0.2, monthlyCost: cost + 86, regret: 10 }];
  const safer = (regret: number, more = 86): string =>
    text({
      ...hybrid,
      recommendation: { ...hybrid.recommendation, regret },
      uncertainty: {
        ...(hybrid.uncertainty as object),
        leastRegret: { plan: other, label: 'the other one', regret: 10 },
        plans: plans.map((one) => ({ ...one, monthlyCost: cost + more })),
      } as never,
    });
  expect(safer(2614)).toMatch(
    /is the safer choice at \$[\d,]+ a month: \$86 more at the likely figures, and \$2,604 less on average over the simulations\./,
  );
  // It has to gain more than it costs, and to cost more: what is cheaper both ways was put aside by a rule.
  expect(safer(95)).not.toContain('safer');
  expect(safer(2614, -5)).not.toContain('safer');
});

test('what misses a wait by little and costs less, nearest first', () => {
  const miss = (have: number, path: string): NearestMiss => ({
    option: other,
    task: 'support',
    gate: 'ttft',
    need: 'first token (p95) <= 500 ms',
    have: `${have} ms`,
    reason: `first token (p95) is ${have} ms`,
    figures: { have, need: 500 },
    monthlyCost: cost - 100,
    turnsAt: { path, value: have },
    stillFails: [],
    advised: null,
    wouldBeAdvised: null,
  });
  const told = (...nearestMisses: NearestMiss[]): string => text({ ...hybrid, nearestMisses });
  const path = 'tasks.support.latency.ttftP95';
  expect(told(miss(990, path), miss(676, path))).toMatch(
    /If answers of support may start within 676 ms \(you ask for 500 ms\), .* does it for \$[\d,]+ a month, \$100 less\./,
  );
  expect(told(miss(676, 'tasks.support.latency.totalP95'))).toContain('may be there within 676 ms');
  expect(told(miss(1001, path))).not.toContain('may start within');
  expect(told(miss(676, 'tasks.support.capability.minIndex'))).not.toContain('may start within');
});

test('what a request of one task reads and writes, unless something is added to its prompts', () => {
  const [first] = hybrid.recommendation.assignments as [Assignment];
  const one = (given: Decision['scenario']['given']): string =>
    text({
      ...hybrid,
      scenario: {
        ...hybrid.scenario,
        given,
        assumed: [{ path: 'tasks.support.tokens.output', value: '500 tokens', share: null }],
      },
      recommendation: { ...hybrid.recommendation, assignments: [{ ...first, task: 'support' }] },
    });
  const input = { path: 'tasks.support.tokens.input', value: '1500' };
  expect(one([input])).toContain('; each reads 1,500 tokens and writes 500)');
  expect(one([])).not.toContain('each reads');
  expect(one([input, { path: 'workload.turns', value: '5' }])).not.toContain('each reads');
  expect(one([input, { path: 'needs.rag', value: 'true' }])).not.toContain('each reads');
});
