import { beforeAll, describe, expect, test } from 'vitest';
import { splitsHeads } from '../../src/capacity/memory.js';
import { admission } from '../../src/decide/admission.js';
import { cheapestPlan, choose } from '../../src/decide/choose.js';
import type { Gate } from '../../src/decide/gates/gate.js';
import { gates } from '../../src/decide/gates/registry.js';
import { oneRuleAway } from '../../src/decide/one-rule-away.js';
import { rulesAlone, waysWithout } from '../../src/decide/rules-alone.js';
import { variantsOf, waysToCut } from '../../src/decide/slicings/cuts.js';
import { survey } from '../../src/decide/survey.js';
import type { Candidate } from '../../src/placements/candidate.js';
import type { Case } from '../../src/placements/placement.js';
import { placementOf, placements } from '../../src/placements/registry.js';
import type { Tables } from '../../src/tables/tables.js';
import { shippedTables } from '../load.js';
import { randomFrom, someOf } from './brute-force.js';
import { caseOf, tablesWith, type Written } from './scenario.js';

/** What is told of options before any is looked at bounds what is looked at: it must never rule out what there is. */

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

/** Ids of all that is let in for a slice without a rule, whatever it costs, by kind. */
function letIn(of: Case, ignore: Gate | null): Map<string, Candidate[]> {
  const { search } = admission(of, { cut: Number.POSITIVE_INFINITY, ...(ignore && { ignore: ignore.id }) });
  return new Map(placements.map(({ kind, candidates }) => [kind, candidates(of, search)]));
}

test('what no machine of a kind serves in time, none of it serves, whatever it costs', async () => {
  const told = { never: 0, served: 0 };
  for (let round = 0; round < 20; round++) {
    const of = await caseOf(anyScenario(), someOf(shipped, 0.03 + 0.07 * random(), round));
    const { search } = admission(of, { cut: Number.POSITIVE_INFINITY });
    const candidates = letIn(of, null);
    for (const { kind, serves } of placements) {
      const known = serves?.(of, search).inTime ?? [];
      for (const [s, may] of known.entries()) {
        const own = candidates.get(kind)?.filter((one) => mayServe(one, s)) ?? [];
        if (!may) expect(own, `round ${round}, ${kind}, ${s}`).toEqual([]);
        told[may ? 'served' : 'never']++;
      }
    }
  }
  expect(told.never).toBeGreaterThan(20);
  expect(told.served).toBeGreaterThan(20);
});

test('workers are told to serve exactly those tasks that can wait for one to start, at volumes that let it sleep', async () => {
  const serverless = placementOf('serverless-gpu');
  const told = { never: 0, served: 0 };
  for (let round = 0; round < 60; round++) {
    const shares = pick([['100%'], ['70%', '30%']]);
    const of = await caseOf(
      {
        workload: {
          volume: `${Math.round(10 ** (2.5 + 1.5 * random()))} requests/day`,
          profile: pick(['flat', 'business-hours']),
          ...(random() < 0.4 && { growth: '5% per month', horizon: '12 months' }),
        },
        tasks: shares.map((share, i) => ({
          name: `t${i}`,
          type: pick(['faq-chat', 'extraction', 'voice-assistant']),
          share,
          capability: { minIndex: Math.round(10 + 20 * random()) },
          tokens: { input: 500, output: pick([100, 4000]) },
          latency: { ttftP95: pick(['1500ms', '5s', '12s', '20s', '40s', '90s']) },
        })),
        data: { sensitivity: 'public' },
      },
      someOf(shipped, 0.05 + 0.07 * random(), round),
    );
    const { search } = admission(of, { cut: Number.POSITIVE_INFINITY });
    const candidates = serverless.candidates(of, search);
    for (const [s, may] of (serverless.serves?.(of, search).inTime ?? []).entries()) {
      expect(may, `round ${round}, ${s}`).toBe(candidates.some((one) => mayServe(one, s)));
      told[may ? 'served' : 'never']++;
    }
  }
  expect(told.never).toBeGreaterThan(5);
  expect(told.served).toBeGreaterThan(5);
});

test('a model whose heads only small groups of cards divide is served by them, beside larger ones of the same cards', async () => {
  const models = shipped.models.filter((model) => !splitsHeads(model, 8));
  expect(models.length).toBeGreaterThan(0);
  const some = tablesWith(shipped, { models, modelOf: new Map(models.map((model) => [model.family, model])) });
  const faq = { name: 'faq', type: 'faq-chat', capability: { minIndex: 1 }, latency: { ttftP95: '5s' } };
  const of = await caseOf({ workload: { volume: '10k requests/day' }, tasks: [faq] }, some);
  const { search } = admission(of, { cut: Number.POSITIVE_INFINITY });
  const candidates = letIn(of, null);
  for (const { kind, serves } of placements) {
    if (serves === undefined || candidates.get(kind)?.length === 0) continue;
    expect(serves(of, search).inTime, kind).toEqual([true]);
  }
  expect(candidates.get('serverless-gpu')).not.toEqual([]);
});

test('a rule without which something more is let in for a slice alone turns something down for it', async () => {
  let more = 0;
  for (let round = 0; round < 8; round++) {
    const of = await caseOf(anyScenario(), someOf(shipped, 0.03 + 0.07 * random(), round));
    const strict = letIn(of, null);
    const rules = of.demand.slices.map((slice) => rulesAlone(slice, of));
    for (const [s, { free }] of rules.entries())
      if ([...strict.values()].flat().some((one) => mayServe(one, s))) expect(free, `round ${round}, ${s}`).toBe(true);
    for (const gate of gates) {
      if (gate.level === 'service') continue;
      for (const [kind, candidates] of letIn(of, gate)) {
        const before = strict.get(kind) ?? [];
        for (const [s, { alone }] of rules.entries()) {
          const ids = new Set(before.filter((one) => mayServe(one, s)).map(({ option }) => option().id));
          // One of machines that cost the same may stand for another: those that rules let in anyway say nothing.
          const isNew = ({ option }: Candidate): boolean => {
            const one = option();
            const service = null;
            return !ids.has(one.id) && gate.check(one, of.demand.slices[s] as never, of, service).state === 'failed';
          };
          if (!candidates.some((one) => mayServe(one, s) && isNew(one))) continue;
          more++;
          expect(alone.has(gate.id), `round ${round}, without ${gate.id}, ${kind}, ${s}`).toBe(true);
        }
      }
    }
  }
  expect(more).toBeGreaterThan(20);
});

test('of all rules left out in turn the cheapest plans are told, and none is found where none is looked for', async () => {
  let [plans, spared] = [0, 0];
  for (let round = 0; round < 36; round++) {
    const of = await caseOf(anyScenario(), someOf(shipped, 0.03 + 0.04 * random(), round));
    if (cheapestPlan(of) !== null) continue;
    const { rule } = waysWithout(of);
    const found = new Map<string, number>();
    for (const gate of gates) {
      const plan = cheapestPlan(of, { ignore: gate.id });
      if (plan !== null) found.set(plan.id, plan.monthlyUsd);
      const isAsked = variantsOf(of).some(({ demand }) => rule(gate)(demand.slices));
      if (!isAsked) expect(plan, `round ${round}, without ${gate.id}`).toBeNull();
      if (!isAsked) spared++;
    }
    const cheapest = [...found.values()].sort((a, b) => a - b).slice(0, 3);
    const told = oneRuleAway(of, new Set()).map(({ figures }) => figures.cost);
    expect(told, `round ${round}`).toEqual(cheapest);
    plans += told.length;
  }
  expect(plans).toBeGreaterThan(7);
  expect(spared).toBeGreaterThan(40);
});

/** The same where kinds of machine tell nothing before they are looked at. */
function withoutAsking<Value>(run: () => Value): Value {
  const serves = placements.map((placement) => placement.serves);
  for (const placement of placements) delete placement.serves;
  try {
    return run();
  } finally {
    for (const [i, placement] of placements.entries()) if (serves[i] !== undefined) placement.serves = serves[i];
  }
}

test('what rules about people and money say beforehand rules out no plan, and often that there is one', async () => {
  const told = { plans: 0, spared: 0 };
  for (let round = 0; round < 60; round++) {
    const written: Written = {
      ...anyScenario(),
      ...(random() < 0.6 && {
        team: { devops: 1, mlInfra: 0, free: pick(['0.1 FTE', '0.6 FTE', '2 FTE']), mayHire: false },
      }),
      budget: {
        ...(random() < 0.4 && { monthly: pick([500, 5000, 40_000]) }),
        ...(random() < 0.7 && { upfront: pick([1000, 15_000, 60_000]) }),
      },
    };
    const of = await caseOf(
      random() < 0.5 ? { ...written, data: { sensitivity: 'pii', boundary: 'own-premises' } } : written,
      someOf(shipped, 0.04 + 0.06 * random(), round),
    );
    const { cheapest } = withoutAsking(() => choose({ ...of, memo: new Map() }));
    expect(cheapestPlan(of)?.id, `round ${round}`).toBe(cheapest?.id);
    expect(choose({ ...of, memo: new Map() }).cheapest?.id, `round ${round}`).toBe(cheapest?.id);
    if (cheapest !== null) told.plans++;
    else if (
      survey({ ...of, memo: new Map() }, { below: Number.POSITIVE_INFINITY }).byKind.get('on-prem')?.length === 0
    )
      told.spared++;
  }
  expect(told.plans).toBeGreaterThan(5);
  expect(told.spared).toBeGreaterThan(5);
});

describe('a part that is cut out for devices', () => {
  const written = (minIndex: number): Written => ({
    workload: { volume: '200k requests/day' },
    tasks: [{ name: 'faq', type: 'faq-chat', capability: { minIndex } }],
    devices: { count: 20_000, classes: { 'apple-a17-pro-8gb': '60%' } },
  });
  /** Kinds of which something was looked at for the way that serves devices apart. */
  const lookedAt = async (minIndex: number): Promise<string[]> => {
    const of = await caseOf(written(minIndex), shipped);
    const [slice] = of.demand.slices;
    const parts = waysToCut(slice as never, of).find((way) => way.some(({ deviceGroup }) => deviceGroup !== undefined));
    if (parts === undefined) return expect.unreachable('devices are cut out');
    const { undropped } = survey({ ...of, memo: new Map(), demand: { ...of.demand, slices: parts } });
    return [...undropped].flatMap(([kind, candidates]) => (candidates.length > 0 ? [kind] : []));
  };

  test('is looked at with machines for the rest where some model serves it', async () => {
    expect(await lookedAt(3)).toEqual(expect.arrayContaining(['edge', 'cloud-api', 'serverless-gpu']));
  });

  test('leaves nothing else to be looked at where none does, as nothing else serves it', async () => {
    const kinds = await lookedAt(85);
    expect(kinds.length).toBeGreaterThan(0);
    expect(kinds.filter((kind) => !kind.endsWith('api'))).toEqual([]);
  });
});
