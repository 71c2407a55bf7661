import { expect, test } from 'vitest';
import { type Miss, nearMisses } from '../../src/decide/near-misses.js';
import { failedGates, lookAt } from '../../src/decide/option-report.js';
import { verdictsOn } from '../../src/decide/review.js';
import { optionId } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { gates } from '../../src/rules/registry.js';
import { mayRun } from '../../src/rules/rule.js';
import { everyOption, someOf } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

/** Rules on what is seen of an option at work. */
const seenAtWork = new Set(gates.filter(({ level }) => level === 'service').map(({ id }) => id));

/**
 * Near misses held to a walk through every option: by rule and task the least that an option costs, for all tasks, which this rule
 * turns down for this task and nothing else does.
 */
function byWalk(context: Context): Map<string, number> {
  const least = new Map<string, number>();
  const { taskParts } = context.workload;
  for (const option of everyOption(context)) {
    // What two rules turn down before it is seen at work need not be looked at.
    const before = taskParts.flatMap((taskPart) =>
      verdictsOn(option, taskPart, context, null).filter(
        ({ gate, verdict }) => !seenAtWork.has(gate) && !mayRun(verdict),
      ),
    );
    if (before.length > 1) continue;
    const looked = lookAt({ ...option, id: optionId(option) }, context);
    const [first, ...others] = failedGates(looked);
    if (first === undefined || others.length > 0 || looked.plan === null) continue;
    const key = `${first.gate} ${first.task}`;
    least.set(key, Math.min(least.get(key) ?? Number.POSITIVE_INFINITY, looked.plan.monthlyUsd));
  }
  return least;
}

const day = (requests: number) => ({ volume: requests });
const chat = { name: 'chat', type: 'faq-chat' };
const agent = { name: 'agent', type: 'code-agent' };
/** What each asks nothing gives. */
const scenarios: Record<string, Written> = {
  'a first token before any machine has one': {
    workload: day(20_000),
    tasks: [
      { ...agent, share: '80%', latency: { ttftP95: '900ms' } },
      { ...chat, share: '20%' },
    ],
    data: { sensitivity: 'pii' },
  },
  'two tasks of which one cannot be served': {
    workload: day(100_000),
    tasks: [
      { ...chat, share: '50%', needs: ['vision'], capability: { minIndex: 90 } },
      { ...agent, share: '50%', tokens: { sessionPrefix: 0 } },
    ],
    data: { sensitivity: 'regulated', regimes: ['hipaa'] },
  },
  'a budget of nothing': { workload: day(50_000), tasks: [chat], budget: { monthly: 1 }, team: { devops: 1 } },
};

/** The cheapest told of every rule and task that it alone turns down. */
function toldAlone(misses: readonly Miss[]): Map<string, number> {
  const told = new Map<string, number>();
  for (const { looked, task, gate } of misses) {
    const failed = failedGates(looked);
    expect(failed.map((one) => `${one.gate} ${one.task}`)).toContain(`${gate} ${task}`);
    if (failed.length > 1 || looked.plan === null) continue;
    const key = `${gate} ${task}`;
    told.set(key, Math.min(told.get(key) ?? Number.POSITIVE_INFINITY, looked.plan.monthlyUsd));
  }
  return told;
}

test.each(Object.entries(scenarios))('where nothing fits, what is told is what there is: %s', async (name, written) => {
  const shipped = await shippedTables();
  let alone = 0;
  // With APIs, and one without.
  const some = name === 'a budget of nothing' ? [4] : [1];
  for (const seed of long ? [1, 2, 3, 4, 5] : some) {
    const drawn = someOf(shipped, long ? 0.12 : 0.05, seed);
    // Without APIs, which are the cheapest, machines are compared with each other.
    const context = await caseOf(written, seed > 3 ? tablesWith(drawn, { api: [] }) : drawn);
    const misses = nearMisses(context);
    expect(misses.length).toBeGreaterThan(0);
    const least = byWalk(context);
    for (const [key, usd] of toldAlone(misses)) {
      expect(usd, `tables ${seed}, ${key}`).toBeGreaterThanOrEqual((least.get(key) ?? Number.NaN) * (1 - 1e-9));
      if (written.tasks.length > 1) continue;
      expect(usd, `tables ${seed}, ${key}`).toBeLessThanOrEqual((least.get(key) ?? Number.NaN) * (1 + 1e-9));
      alone++;
    }
  }
  if (written.tasks.length === 1) expect(alone).toBeGreaterThan(0);
});
