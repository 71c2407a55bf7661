import { beforeAll, expect, test } from 'vitest';
import { volumeRange } from '../../src/analyses/break-even/answer.js';
import { asAdvised } from '../../src/analyses/break-even/as-advised.js';
import { ladderOf } from '../../src/analyses/break-even/by-volume.js';
import { withoutPeople } from '../../src/analyses/break-even/in-decision.js';
import { adviceOf, advisedPlan } from '../../src/decide/advice.js';
import { caseAt } from '../../src/decide/at-volume.js';
import { choose } from '../../src/decide/choose.js';
import { kindsByTask } from '../../src/decide/kinds-by-task.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import { committedCase } from '../support/committed.js';

let chatbot: Context;
beforeAll(async () => {
  chatbot = await committedCase('support-chatbot', ['preferences.objective=advice']);
});

/** People of a plan made up here are the same at any volume. */
const fteOf = ({ fte }: Plan): number => fte;

/** A plan of a straight line of costs, so many people, and one place. */
const plan = (id: string, fixed: number, perUnit: number, fte: number): Plan =>
  ({ id, fte, monthlyUsd: fixed, curve: { fixed, perUnit, terms: [] }, deployments: [] }) as unknown as Plan;

const rung = (from: number, to: number | null, one: Plan | null) => ({ from, to, plan: one });

test('where two plans cost about the same the one of fewer people keeps its place, on either side', () => {
  // They cost the same at 100,000 a day, $10,000; within 2 % but at most $100 they are as good as one.
  const api = plan('api', 0, 0.1, 0);
  const machines = plan('machines', 9000, 0.01, 0.5);
  const range = { from: 1, to: 1_000_000 };
  const pool = [api, machines].map((one) => ({ plan: one, pieces: [{ ...range, curve: one.curve }] }));
  const rungs = [rung(1, 99_999, api), rung(100_000, null, machines)];
  // From there on 0.09 more a request: $100 at 1,111 requests.
  const told = asAdvised(rungs, pool, chatbot, fteOf);
  expect(told.map(({ from, plan: one }) => [from, one?.id])).toEqual([
    [1, 'api'],
    [101_112, 'machines'],
  ]);
  const turned = [plan('api', 0, 0.1, 0.5), plan('machines', 9000, 0.01, 0)] as const;
  const again = asAdvised(
    [rung(1, 99_999, turned[0]), rung(100_000, null, turned[1])],
    turned.map((one) => ({ plan: one, pieces: [{ ...range, curve: one.curve }] })),
    chatbot,
    fteOf,
  );
  expect(again.map(({ from, plan: one }) => [from, one?.id])).toEqual([
    [1, 'api'],
    [98_889, 'machines'],
  ]);
});

test('what is cheapest by less than that in between has no range of its own', () => {
  const api = plan('api', 0, 0.1, 0);
  const other = plan('other', 9950, 0.0005, 0.5);
  const range = { from: 1, to: 200_000 };
  const pool = [api, other].map((one) => ({ plan: one, pieces: [{ ...range, curve: one.curve }] }));
  const rungs = [
    rung(1, 99_999, api),
    rung(100_000, 100_400, other),
    rung(100_401, 100_500, api),
    rung(100_501, null, other),
  ];
  expect(asAdvised(rungs, pool, chatbot, fteOf).map(({ plan: one }) => one?.id)).toEqual(['api', 'other']);
  const strictly = {
    ...chatbot,
    workload: { ...chatbot.workload, rules: { ...chatbot.workload.rules, objective: 'cost' } },
  };
  expect(asAdvised(rungs, pool, strictly as Context)).toHaveLength(4);
});

test('on both sides of the ends of its ranges the rules of choice advise what the list says', () => {
  const { rungs } = ladderOf(adviceOf(chatbot).within, {
    range: volumeRange(chatbot.workload),
    volumes: 8,
    decisions: 40,
    evaluations: 20_000,
  });
  const ladder = rungs.flatMap(({ from, plan: one }) => (one === null ? [] : [{ from, kinds: kindsByTask(one) }]));
  expect(ladder.length).toBeGreaterThan(1);
  const kindsAt = (volume: number) => kindsByTask(adviceOf(caseAt(chatbot, volume)).advised as Plan);
  for (const [i, { from, kinds }] of ladder.entries()) {
    if (i === 0) continue;
    expect(kindsAt(Math.ceil(from * 1.03))).toBe(kinds);
    expect(kindsAt(Math.floor(from * 0.97))).toBe(ladder[i - 1]?.kinds);
  }
});

test('without people the plan costs what its infrastructure does, and machines of one kind or another come earlier', () => {
  const free = withoutPeople(choose(chatbot), [], chatbot);
  const none = { ...chatbot, workload: { ...chatbot.workload, team: { ...chatbot.workload.team, yearlyCostUsd: 0 } } };
  const advised = advisedPlan({ tables: none.tables, workload: none.workload });
  expect(free).toMatchObject({ plan: advised?.id });
  expect(free?.monthlyCost).toBeCloseTo(advised?.monthlyUsd as number, 6);
  expect(free?.monthlyCost).toBeLessThan((advisedPlan(chatbot) as Plan).monthlyUsd + 1e-9);
  expect(free?.dedicatedFrom).toBeGreaterThan(0);
});
