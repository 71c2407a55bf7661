import { beforeAll, expect, test } from 'vitest';
import { splitsHeads } from '../../src/capacity/memory.js';
import { candidatesOf } from '../../src/decide/candidates.js';
import { filterBy, rulesAlone, waysWithout } from '../../src/decide/filter.js';
import { oneRuleAway } from '../../src/decide/near-misses.js';
import { variantsOf } from '../../src/decide/splits/cuts.js';
import { cheapestPlan } from '../../src/decide/ways.js';
import type { Candidate } from '../../src/places/candidate.js';
import type { Context } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { gates } from '../../src/rules/registry.js';
import type { Gate } from '../../src/rules/rule.js';
import type { ModelRow } from '../../src/tables/rows.js';
import type { Tables } from '../../src/tables/tables.js';
import { randomFrom, someOf } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

/** What rules tell of options before any is sized decides what is looked for: it must never rule out what there is. */

let shipped: Tables;
beforeAll(async () => {
  shipped = await shippedTables();
});

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

const mayServe = ({ linear }: Candidate, s: number): boolean => !Number.isNaN(linear[s] as number);

/** Ids of all that is let in for a task part without a rule, whatever it costs, by kind. */
function letIn(context: Context, ignore: Gate | null): Map<string, Candidate[]> {
  const { filter } = filterBy(context, ignore === null ? {} : { ignore: ignore.id });
  return new Map(placements.map((placement) => [placement.kind, candidatesOf(placement, context, filter)]));
}

test('a model whose heads only small groups of cards divide is served by them, beside larger ones of the same cards', async () => {
  const models = shipped.models.filter((model) => !splitsHeads(model, 8));
  expect(models.length).toBeGreaterThan(0);
  const cards = ['h100-sxm-80gb', 'a100-sxm-80gb', 'l4-24gb'];
  const sellers = ['aws', 'runpod', 'modal'];
  const some = tablesWith(shipped, {
    models,
    modelOf: new Map(models.map((model) => [model.family, model])),
    accelerators: shipped.accelerators.filter(({ accelerator }) => cards.includes(accelerator)),
    rental: shipped.rental.filter(
      ({ provider, accelerator }) => sellers.includes(provider) && cards.includes(accelerator),
    ),
    hosting: shipped.hosting.filter(({ provider }) => sellers.includes(provider)),
  });
  const faq = { name: 'faq', type: 'faq-chat', capability: { minIndex: 1 }, latency: { ttftP95: '5s' } };
  const context = await caseOf({ workload: { volume: '10k requests/day' }, tasks: [faq] }, some);
  const candidates = letIn(context, null);
  for (const kind of ['serverless-gpu', 'self-hosted-cloud', 'on-prem']) {
    const own = candidates.get(kind)?.map(({ option }) => option().fleet) ?? [];
    expect(own.length, kind).toBeGreaterThan(0);
    for (const fleet of own) expect(splitsHeads(fleet?.model as ModelRow, fleet?.gpusPerReplica as number)).toBe(true);
  }
  const large = candidates.get('self-hosted-cloud')?.filter(({ option }) => option().fleet?.gpusPerUnit === 8) ?? [];
  expect(large.length).toBeGreaterThan(0);
});

test('a rule without which something more is let in for a slice alone turns something down for it', async () => {
  let more = 0;
  for (let round = 0; round < (long ? 8 : 3); round++) {
    const context = await caseOf(anyScenario(), someOf(shipped, 0.03 + 0.07 * random(), round));
    const strict = letIn(context, null);
    const rules = context.workload.taskParts.map((taskPart) => rulesAlone(taskPart, context));
    for (const [s, { free }] of rules.entries())
      if ([...strict.values()].flat().some((one) => mayServe(one, s))) expect(free, `round ${round}, ${s}`).toBe(true);
    for (const gate of gates) {
      if (gate.level === 'service') continue;
      for (const [kind, candidates] of letIn(context, gate)) {
        const before = strict.get(kind) ?? [];
        for (const [s, { alone }] of rules.entries()) {
          const ids = new Set(before.filter((one) => mayServe(one, s)).map(({ option }) => option().id));
          // One of machines that cost the same may stand for another: those that rules let in anyway say nothing.
          const isNew = ({ option }: Candidate): boolean => {
            const one = option();
            const service = null;
            return (
              !ids.has(one.id) &&
              gate.check(one, context.workload.taskParts[s] as never, context, service).state === 'failed'
            );
          };
          if (!candidates.some((one) => mayServe(one, s) && isNew(one))) continue;
          more++;
          expect(alone.has(gate.id), `round ${round}, without ${gate.id}, ${kind}, ${s}`).toBe(true);
        }
      }
    }
  }
  expect(more).toBeGreaterThan(long ? 20 : 5);
});

test('of all rules left out in turn the cheapest plans are told, and none is found where none is looked for', async () => {
  let [plans, spared] = [0, 0];
  for (let round = 0; round < (long ? 36 : 14); round++) {
    const context = await caseOf(anyScenario(), someOf(shipped, 0.03 + 0.04 * random(), round));
    if (cheapestPlan(context) !== null) continue;
    const { rule } = waysWithout(context);
    const found = new Map<string, number>();
    for (const gate of gates) {
      const plan = cheapestPlan(context, { ignore: gate.id });
      if (plan !== null) found.set(plan.id, plan.monthlyUsd);
      const isAsked = variantsOf(context).some(({ workload }) => rule(gate)(workload.taskParts));
      if (!isAsked) expect(plan, `round ${round}, without ${gate.id}`).toBeNull();
      if (!isAsked) spared++;
    }
    const cheapest = [...found.values()].sort((a, b) => a - b).slice(0, 3);
    const told = oneRuleAway(context, new Set()).map(({ figures }) => figures.cost);
    expect(told, `round ${round}`).toEqual(cheapest);
    plans += told.length;
  }
  expect(plans).toBeGreaterThan(long ? 7 : 2);
  expect(spared).toBeGreaterThan(long ? 40 : 10);
});
