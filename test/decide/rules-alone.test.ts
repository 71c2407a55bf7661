import { expect, test } from 'vitest';
import { isUnpriced } from '../../src/cost/curve.js';
import { oneRuleAway } from '../../src/decide/near-misses.js';
import { planOf } from '../../src/decide/plan.js';
import { verdictsOn } from '../../src/decide/review.js';
import { searchByCost, severalCase, tracedCase } from '../../src/decide/several-case.js';
import { withoutTarget } from '../../src/decide/task-misses.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf } from '../../src/places/registry.js';
import { gates, neverLoosened } from '../../src/rules/registry.js';
import { type Gate, mayRun } from '../../src/rules/rule.js';
import { memoized } from '../../src/units/memo.js';
import { everyOption, randomFrom, someOf } from '../support/brute-force.js';
import { cheapestIn } from '../support/cheapest.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { caseOf, type Written } from '../support/scenario.js';

/** What rules tell of options before any is sized decides what is looked for: it must never rule out what there is. */

const shipped = await shippedTables();

const random = randomFrom(20_261_125);
const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)] as One;
const anyScenario = (): Written => {
  const shares = pick([['100%'], ['80%', '20%'], ['50%', '30%', '20%']]);
  return {
    workload: { volume: `${Math.round(10 ** (2.5 + 3 * random()))} requests/day` },
    tasks: shares.map((share, i) => ({
      name: `t${i}`,
      type: pick(['faq-chat', 'code-agent', 'extraction', 'summarization', 'voice-assistant']),
      tokens: { input: Math.round(10 ** (2 + 2.5 * random())), output: Math.round(10 ** (1 + 2 * random())) },
      share,
      ...(random() < 0.5 && { capability: { minIndex: Math.round(10 + 70 * random()) } }),
      ...(random() < 0.3 && { needs: ['vision'] }),
      ...(random() < 0.7 && {
        latency: {
          ...(random() < 0.7 && { ttftP95: pick(['60ms', '300ms', '1500ms']) }),
          ...(random() < 0.3 && { tokensPerSecond: pick([20, 150, 900]) }),
          ...(random() < 0.3 && { totalP95: pick(['2s', '10s']) }),
        },
      }),
    })),
    data: { sensitivity: pick(['public', 'pii']), ...(random() < 0.4 && { residency: ['eu'] }) },
    ...(random() < 0.3 && { needs: { availability: '99.5%' } }),
    ...(random() < 0.4 && { devices: { count: 20_000, classes: { 'apple-a17-pro-8gb': '60%' } } }),
    ...(random() < 0.3 && { preferences: { exclude: [pick(['openai', 'google', 'runpod'])] } }),
  };
};

/** Options on which all tasks are seen, with the rules that turn one of them down. */
const lookedAt = memoized((context: Context) =>
  [...everyOption(context)].flatMap((option) => {
    const failed = new Set<string>();
    for (const taskPart of context.workload.taskParts) {
      const service = placementOf(option.kind).service(option, taskPart, context);
      if (isUnpriced(service)) return [];
      for (const { gate, verdict } of verdictsOn(option, taskPart, context, service))
        if (!mayRun(verdict)) failed.add(gate);
    }
    return [{ option, failed }];
  }),
);

/** What the cheapest plan costs of all options that a rule lets through, whatever else it says: no second place, nothing cut up. */
function leastWithout(gate: Gate, context: Context): number {
  const then = gate.level === 'service' ? withoutTarget(context, gate) : context;
  const { taskParts } = then.workload;
  return Math.min(
    ...lookedAt(then).flatMap(({ option, failed }) => {
      if ([...failed].some((one) => one !== gate.id)) return [];
      const plan = planOf([{ option, taskParts }], then);
      return isUnpriced(plan) ? [] : [plan.monthlyUsd];
    }),
  );
}

test('of all rules left out in turn the cheapest plans are told', async () => {
  let [plans, asked] = [0, 0];
  for (let round = 0; round < (long ? 36 : 7); round++) {
    const context = await caseOf(anyScenario(), someOf(shipped, 0.03 + 0.04 * random(), round));
    if (cheapestIn(context) !== null) continue;
    const found = new Map<string, number>();
    for (const gate of gates) {
      if (neverLoosened.has(gate.id)) continue;
      const then = gate.level === 'service' ? withoutTarget(context, gate) : context;
      const best = searchByCost(severalCase(then, gate.id)).best();
      const where = `round ${round}, without ${gate.id}`;
      // What one option serves all with is never overlooked.
      const least = leastWithout(gate, context);
      if (least < Number.POSITIVE_INFINITY) {
        expect(best?.usd ?? Number.NaN, where).toBeLessThanOrEqual(least * (1 + 1e-9));
        asked++;
      }
      if (best === null) continue;
      const plan = tracedCase(best);
      found.set(plan.id, plan.monthlyUsd);
    }
    const cheapest = [...found.values()].sort((a, b) => a - b).slice(0, 3);
    const told = oneRuleAway(context, new Set()).map(({ figures }) => figures.cost);
    expect(told, `round ${round}`).toEqual(cheapest);
    plans += told.length;
  }
  expect(plans).toBeGreaterThan(long ? 7 : 1);
  expect(asked).toBeGreaterThan(long ? 7 : 1);
});
