import { beforeAll, describe, expect, test } from 'vitest';
import { planUsd } from '../../src/decide/assignment.js';
import { candidatesOf } from '../../src/decide/candidates.js';
import { filterBy } from '../../src/decide/filter.js';
import { admitted, type Miss, nearMisses, rankedFor } from '../../src/decide/near-misses.js';
import { failedGates, lookAt } from '../../src/decide/option-report.js';
import type { Candidate } from '../../src/places/candidate.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf, placements } from '../../src/places/registry.js';
import { gates, planGates } from '../../src/rules/registry.js';
import type { Tables } from '../../src/tables/tables.js';
import { randomFrom, someOf } from '../support/brute-force.js';
import { shippedTables } from '../support/load.js';
import { long } from '../support/sample.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

/**
 * Near misses by their definition, nothing left out for what it costs: every rule in turn, all that is admitted without
 * it, and of the six cheapest for a task (for rules about the whole plan, of those that serve every task) the first that this
 * rule turns down and no other does, else the first that it turns down. With each the API for every task that misses the
 * rule alone by the smallest number, which has to be among the six that miss it by least; of a rule without numbers, the
 * cheapest that something lets pass.
 */
function byDefinition(context: Context): [string, string, string][] {
  const { taskParts } = context.workload;
  const all = taskParts.map((_, s) => s);
  const serves = ({ linear }: Candidate, list: readonly number[]) => list.every((s) => !Number.isNaN(linear[s]));
  const found = new Map<string, Found[]>();
  for (const ignore of [...gates.map(({ id }) => id), null]) {
    const { filter } = filterBy(context, ignore === null ? {} : { ignore });
    const candidates = placements.flatMap((kind) => candidatesOf(kind, context, filter));
    for (const [s, { task }] of taskParts.entries()) {
      const usdOf = (candidate: Candidate) =>
        planUsd([{ candidate, taskParts: serves(candidate, all) ? all : [s] }], context.workload);
      const cheapest = candidates.filter((one) => serves(one, [s])).sort((a, b) => usdOf(a) - usdOf(b));
      const whole = cheapest.filter((one) => serves(one, all));
      const tried = ignore === null && whole.length > 0 ? whole : cheapest;
      const missed = tried.slice(0, 6).flatMap((candidate) => {
        const looked = lookAt(candidate.option(), context);
        const failed = failedGates(looked);
        const isMeant = (one: { task: string; gate: string }) =>
          ignore === null ? planGates.some(({ id }) => id === one.gate) : one.gate === ignore && one.task === task;
        const miss = failed.find(isMeant);
        return miss === undefined ? [] : [{ looked, miss, alone: failed.length === 1 }];
      });
      const nearest = missed.find(({ alone }) => alone) ?? missed[0];
      if (nearest === undefined) continue;
      const { looked, miss } = nearest;
      const key = `${miss.gate} ${miss.task}`;
      const usd = looked.plan?.monthlyUsd ?? Number.POSITIVE_INFINITY;
      if (found.has(key)) continue;
      const closer = ignore === null ? [] : leastShort(whole, ignore, task, context);
      const first = { id: looked.option.id, task: miss.task, gate: miss.gate, usd };
      found.set(key, [first, ...closer.filter(({ id }) => id !== first.id)]);
    }
  }
  const ranked = [...found.values()].sort(([a], [b]) => (a as Found).usd - (b as Found).usd).slice(0, 6);
  return ranked
    .flat()
    .sort((a, b) => a.usd - b.usd)
    .map(({ id, task, gate }) => [id, task, gate]);
}

type Found = { id: string; task: string; gate: string; usd: number };

function leastShort(whole: readonly Candidate[], gate: string, task: string, context: Context): Found[] {
  const short = whole.flatMap((candidate) => {
    if (!placementOf(candidate.kind).perToken) return [];
    const looked = lookAt(candidate.option(), context);
    const why = looked.verdicts.find((one) => one.gate === gate && one.task === task)?.verdict.why();
    if (why?.turnsAt == null) return [];
    const { have, need } = why.figures;
    return [{ looked, by: have === undefined || need === undefined ? 0 : Math.abs(have - need) }];
  });
  const tried = short.sort((a, b) => a.by - b.by).slice(0, 6);
  const alone = tried.find(({ looked }) => failedGates(looked).length === 1);
  const { option, plan } = alone?.looked ?? {};
  return option === undefined ? [] : [{ id: option.id, task, gate, usd: plan?.monthlyUsd ?? Number.POSITIVE_INFINITY }];
}

const told = (misses: readonly Miss[]) => misses.map(({ looked, task, gate }) => [looked.option.id, task, gate]);

const day = (requests: number) => ({ volume: requests });
const chat = { name: 'chat', type: 'faq-chat' };
const agent = { name: 'agent', type: 'code-agent' };
/** What each asks that nothing gives, and what is named by rules and deployment types in all. */
const scenarios: Record<string, { written: Written; named: string[] }> = {
  'a first token before any machine has one': {
    written: {
      workload: day(20_000),
      tasks: [
        { ...agent, share: '80%', latency: { ttftP95: '900ms' } },
        { ...chat, share: '20%' },
      ],
      data: { sensitivity: 'pii' },
    },
    named: [
      'available cloud-api',
      'capability on-prem',
      'capability open-model-api',
      'ttft cloud-api',
      'ttft open-model-api',
      'ttft serverless-gpu',
    ],
  },
  'a first token at once, of an answer that may take its time': {
    written: { workload: day(3000), tasks: [{ ...chat, latency: { ttftP95: '22ms', totalP95: '90s' } }] },
    named: ['capability self-hosted-cloud', 'capability serverless-gpu', 'ttft on-prem', 'ttft open-model-api'],
  },
  'answers as fast as none is written': {
    written: { workload: day(200_000), tasks: [{ ...chat, latency: { tokensPerSecond: 900 } }] },
    named: ['capability open-model-api', 'speed cloud-api', 'speed open-model-api'],
  },
  'more capability than there is, in a region': {
    written: {
      workload: day(500),
      tasks: [{ ...agent, capability: { minIndex: 97 } }],
      data: { residency: ['eu'] },
    },
    named: ['capability cloud-api', 'capability on-prem', 'capability open-model-api'],
  },
  'two tasks of which one cannot be served': {
    written: {
      workload: day(100_000),
      tasks: [
        { ...chat, share: '50%', needs: ['vision'], capability: { minIndex: 90 } },
        { ...agent, share: '50%', tokens: { sessionPrefix: 0 } },
      ],
      data: { sensitivity: 'regulated', regimes: ['hipaa'] },
    },
    named: [
      'capability cloud-api',
      'capability open-model-api',
      'capability self-hosted-cloud',
      'capability serverless-gpu',
      'context cloud-api',
      'context open-model-api',
      'regimes cloud-api',
      'regimes open-model-api',
      'regimes self-hosted-cloud',
      'regimes serverless-gpu',
    ],
  },
  'a budget of nothing': {
    written: { workload: day(50_000), tasks: [chat], budget: { monthly: 1 }, team: { devops: 1 } },
    named: [
      'available cloud-api',
      'budget open-model-api',
      'budget serverless-gpu',
      'capability open-model-api',
      'capability serverless-gpu',
      'desk on-prem',
    ],
  },
  'people and money for none of two tasks': {
    written: {
      workload: day(20_000),
      tasks: [
        { name: 'letters', type: 'extraction', share: '90%' },
        { ...chat, share: '10%', capability: { minIndex: 60 } },
      ],
      data: { sensitivity: 'pii' },
      budget: { monthly: 20 },
      team: { devops: 1, mlInfra: 0, free: '0.1 FTE', mayHire: false },
    },
    named: [
      'available cloud-api',
      'budget open-model-api',
      'capability on-prem',
      'capability open-model-api',
      'capability serverless-gpu',
      'desk on-prem',
      'team serverless-gpu',
    ],
  },
};

describe('the cheapest without a rule', () => {
  const random = randomFrom(20_261_121);
  const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)] as One;
  const anyTask = (name: string) => ({
    name,
    type: pick(['faq-chat', 'code-agent', 'extraction', 'summarization', 'voice-assistant']),
    tokens: { input: Math.round(10 ** (2 + 2 * random())), output: Math.round(10 ** (1 + 2 * random())) },
    ...(random() < 0.5 && { capability: { minIndex: Math.round(10 + 60 * random()) } }),
    ...(random() < 0.3 && { needs: ['vision'] }),
    ...(random() < 0.3 && { latency: { ttftP95: pick(['300ms', '1500ms']) } }),
  });
  const anyScenario = (): Written => {
    const shares = pick([['100%'], ['80%', '20%'], ['50%', '30%', '20%']]);
    return {
      workload: day(Math.round(10 ** (2.5 + 3 * random()))),
      tasks: shares.map((share, i) => ({ ...anyTask(`t${i}`), share })),
      data: { sensitivity: pick(['public', 'pii']), ...(random() < 0.4 && { residency: ['eu'] }) },
      ...(random() < 0.3 && { preferences: { exclude: [pick(['openai', 'google', 'runpod'])] } }),
    };
  };

  test('costs the same where what it costs bounds what is looked at', async () => {
    const shipped = await shippedTables();
    let [prices, machines] = [0, 0];
    const rounds = long ? 60 : 4;
    for (let round = 0; round < rounds; round++) {
      const some = someOf(shipped, 0.03 + (long ? 0.07 : 0.03) * random(), Math.floor(1e6 * random()));
      const context = await caseOf(anyScenario(), random() < 0.4 ? tablesWith(some, { api: [] }) : some);
      const strict = admitted(context, null, null);
      for (const gate of [...gates, null]) {
        const { filter } = filterBy(context, gate === null ? {} : { ignore: gate.id });
        const all = placements.flatMap((kind) => candidatesOf(kind, context, filter));
        const bounded = gate === null ? strict : admitted(context, gate, strict);
        for (const s of context.workload.taskParts.keys()) {
          const six = (candidates: readonly Candidate[]) => rankedFor(s, candidates, context).slice(0, 6);
          const sixForAll = (candidates: readonly Candidate[]) =>
            rankedFor(s, candidates, context)
              .flatMap(({ usd, servesAll }) => (servesAll ? [usd] : []))
              .slice(0, 6);
          const expected = six(all);
          const letIn = [...bounded.apis, ...bounded.machines];
          const found = six(letIn);
          const where = `round ${round}, without ${gate?.id}, task ${s}`;
          if (gate === null) expect(sixForAll(letIn), where).toEqual(sixForAll(all));
          expect(
            found.map(({ usd }) => usd),
            where,
          ).toEqual(expected.map(({ usd }) => usd));
          // Of equals each may be the one that stands for the others, but none the rules do not let in.
          for (const { candidate, usd } of found) {
            const { id } = candidate.option();
            const known = expected.find((one) => one.candidate.option().id === id);
            if (known === undefined)
              expect(
                expected.filter((one) => one.usd === usd),
                `${where}: ${id}`,
              ).not.toEqual([]);
            else expect(known.usd, `${where}: ${id}`).toBe(usd);
          }
          prices += expected.length;
          machines += expected.filter(({ candidate: { kind } }) => !kind.endsWith('api')).length;
        }
      }
    }
    expect(prices).toBeGreaterThan(30 * rounds);
    expect(machines).toBeGreaterThan(15 * rounds);
  }, 1_200_000);
});

describe('where nothing fits, what is bounded is what there is', () => {
  let shipped: Tables;
  beforeAll(async () => {
    shipped = await shippedTables();
  });

  test.each(Object.entries(scenarios))('%s', async (name, { written, named }) => {
    const seen = new Set<string>();
    // With APIs and without in turns.
    const some = Object.keys(scenarios).indexOf(name) % 2 === 0 ? [1] : [4];
    for (const seed of long ? [1, 2, 3, 4, 5] : some) {
      const drawn = someOf(shipped, 0.12, seed);
      // Without APIs, which are the cheapest, machines are compared with each other.
      const context = await caseOf(written, seed > 3 ? tablesWith(drawn, { api: [] }) : drawn);
      const expected = byDefinition(context);
      // Where no rule alone is to blame, others are told.
      if (expected.length > 0) expect(told(nearMisses(context)), `tables ${seed}`).toEqual(expected);
      for (const [id, , gate] of expected) seen.add(`${gate} ${id.split('/')[0]}`);
    }
    if (long) expect([...seen].sort()).toEqual(named);
    else expect([...seen].filter((one) => !named.includes(one))).toEqual([]);
    expect(seen.size).toBeGreaterThan(0);
  });
});
