import { expect, test } from 'vitest';
import type { Opinion } from '../../src/analyses/guides/consult.js';
import { type Asking, becauseOf } from '../../src/analyses/guides/opinions.js';
import { settledBy } from '../../src/analyses/guides/settled.js';
import type { Decision } from '../../src/decide/decision.js';
import type { GuideRule } from '../../src/tables/guides/guide.js';

/** What settles a disagreement with a guide, of decisions of which only these figures are known. */

const row = (kind: string, more: object = {}) => ({
  kind,
  feasible: true,
  monthlyCost: 900,
  option: `${kind}/a`,
  verdict: 'costs more',
  scores: { capability: 70, sensitivity: 40 },
  ...more,
});
const decision = (more: object = {}): Decision =>
  ({
    recommendation: {
      plan: 'cloud-api/x',
      kinds: ['cloud-api'],
      monthlyCost: 500,
      fteNeeded: 0.1,
      scores: { capability: 90, sensitivity: null },
      assignments: [{ option: 'cloud-api/x' }, { option: 'cloud-api/y' }],
    },
    scorecard: [
      row('cloud-api', { monthlyCost: 500, option: 'cloud-api/x' }),
      row('on-prem'),
      row('edge', { monthlyCost: 700 }),
    ],
    options: [
      { id: 'cloud-api/x', fte: 0.1, ttftP95Ms: 800 },
      { id: 'cloud-api/y', fte: 0.2, ttftP95Ms: 1200 },
      { id: 'cloud-api/z', fte: 0.2, ttftP95Ms: 9999 },
      { id: 'on-prem/a', fte: 1.5, ttftP95Ms: 300 },
    ],
    breakEven: [
      { a: 'cloud-api/x', b: 'edge/a', upTo: 7, crossings: [] },
      {
        a: 'cloud-api/x',
        b: 'on-prem/a',
        upTo: 10_000_000,
        crossings: [
          { at: 10, cheaperBelow: 'b', cheaperAbove: 'a' },
          { at: 40_000, cheaperBelow: 'a', cheaperAbove: 'b' },
        ],
      },
    ],
    ...more,
  }) as unknown as Decision;

const rule = (id: string, about: string, more: Partial<GuideRule> = {}): GuideRule =>
  ({ id, about, says: `${id} says`, gate: null, vote: null, adds: null, ...more }) as GuideRule;
const opinion = (verdict: string[], held: GuideRule[], chosen: object = {}): Opinion =>
  ({
    name: 'own',
    verdict,
    held,
    scores: [],
    chosen: { name: 'own', about: null, says: null, points: null, ...chosen },
  }) as unknown as Opinion;
/** Of a guide that has no rule but those that held. */
const asking = (of: Opinion): Asking =>
  ({ opinion: of, guide: { rules: [], verdicts: [], default: [] } }) as unknown as Asking;
const settled = (of: Opinion, by = decision()) =>
  settledBy(asking(of), by, 1000).map(({ about, figure, here, there, unit, kind }) => [
    about,
    figure,
    here,
    there,
    unit,
    kind,
  ]);

const breakEven = ['volume', 'breakEven', 1000, 40_000, 'requests/day', 'on-prem'];
const costs = ['volume', 'monthlyCost', 500, 900, 'USD/month', 'on-prem'];

test.each<[string, string, unknown[]]>([
  ['people', 'team', ['team', 'fte', 0.1, 1.5, 'FTE', 'on-prem']],
  ['the slowest place of the plan', 'latency', ['latency', 'ttftP95Ms', 1200, 300, 'ms', 'on-prem']],
  ['what is known of capability', 'capability', ['capability', 'capabilityScore', 90, 70, 'points', 'on-prem']],
  ['and of data', 'data', ['data', 'sensitivityScore', null, 40, 'points', 'on-prem']],
])('a rule that leads elsewhere is settled by its figure, and by costs: %s', (_, about, first) => {
  const vote = rule('R1', about, { vote: ['on-prem'] });
  expect(settled(opinion(['on-prem'], [vote]))).toEqual([first, breakEven, costs]);
});

test('rules about volume, load and time by costs alone, once', () => {
  for (const about of ['volume', 'load', 'time']) {
    const held = [rule('R1', about, { vote: ['on-prem'] }), rule('R2', 'volume', { vote: ['on-prem'] })];
    expect(settled(opinion(['on-prem'], held))).toEqual([
      [about, ...breakEven.slice(1)],
      [about, ...costs.slice(1)],
    ]);
  }
});

test('the crossing of the pair told the other way round, and none where the two were not compared', () => {
  const [pair] = decision().breakEven.filter(({ b }) => b === 'on-prem/a');
  if (pair === undefined) throw new Error('no pair');
  const turned = { ...pair, a: pair.b, b: pair.a };
  const about = opinion(['on-prem'], []);
  // Cheaper above 10 is the side of `a`.
  expect(settled(about, decision({ breakEven: [turned] }))[0]).toEqual([
    'volume',
    'breakEven',
    1000,
    10,
    'requests/day',
    'on-prem',
  ]);
  expect(settled(about, decision({ breakEven: [] }))).toEqual([costs]);
  expect(settled(about, decision({ breakEven: [{ ...pair, crossings: [] }] }))[0]?.[3]).toBeNull();
});

test('kinds that both name are not in dispute; a guide that names none is held to the best of the others', () => {
  expect(settled(opinion(['cloud-api', 'on-prem'], []))).toEqual([breakEven, costs]);
  const cheapest = ['volume', 'monthlyCost', 500, 700, 'USD/month', 'edge'];
  expect(settled(opinion([], []))).toContainEqual(cheapest);
  expect(settled(opinion(['cloud-api'], []))).toEqual([['volume', 'monthlyCost', 500, 500, 'USD/month', 'cloud-api']]);
  expect(settled(opinion(['managed-hosting'], []))).toEqual([]);
});

test('a plan that a rule turns down is told with it first, and is dearer than any that is not', () => {
  const scorecard = [
    row('on-prem', { feasible: false, monthlyCost: 1, verdict: 'no: boundary, it leaves' }),
    row('edge', { monthlyCost: 700 }),
  ];
  expect(settled(opinion(['on-prem', 'edge'], []), decision({ scorecard })).at(-1)?.[5]).toBe('edge');
  const [told] = settledBy(asking(opinion(['on-prem'], [])), decision({ scorecard }), 1000);
  expect(told).toMatchObject({ figure: 'rule', reason: 'boundary, it leaves', about: 'volume', kind: 'on-prem' });
  const none = decision({ scorecard, recommendation: { ...decision().recommendation, plan: null } });
  expect(settled(opinion(['on-prem'], []), none).map(([, figure]) => figure)).toEqual(['rule']);
});

test('a rule that would let every kind of the plan stand leads nowhere else', () => {
  const both = rule('R1', 'team', { vote: ['on-prem', 'cloud-api'] });
  const elsewhere = rule('R2', 'team', { vote: ['edge'] });
  expect(settled(opinion(['on-prem'], [both, elsewhere]))).toEqual([breakEven, costs]);
  const gate = rule('R3', 'team', { gate: ['on-prem'] });
  expect(settled(opinion(['on-prem'], [gate]))[0]?.[1]).toBe('fte');
  // What the verdict itself is about comes first.
  const chosen = { about: 'latency', says: 'it must be quick' };
  expect(settled(opinion(['on-prem'], [gate], chosen)).map(([about]) => about)).toEqual([
    'latency',
    'team',
    'volume',
    'volume',
  ]);
});

test('why a guide says what it says', () => {
  const held = [rule('R1', 'team', { vote: ['on-prem'] }), rule('R2', 'team', { vote: ['edge'] })];
  expect(becauseOf(opinion(['on-prem'], held))).toBe('R1 says');
  expect(becauseOf(opinion(['on-prem'], []))).toBe('no rule of it applies: its default');
  const scored = {
    ...opinion(['on-prem'], held, { says: 'own it' }),
    scores: [
      { name: 'own', value: 2 / 3 },
      { name: 'rent', value: 0.5 },
    ],
  };
  expect(becauseOf(scored)).toBe('own it; R1 says (own 0.667, rent 0.5)');
  const many = ['R1', 'R2', 'R3', 'R4'].map((id) => rule(id, 'team', { gate: ['on-prem'] }));
  expect(becauseOf(opinion(['on-prem'], many))).toBe('R1 says; R2 says; R3 says');
  const torn = [
    rule('R1', 'team', { gate: ['on-prem'] }),
    rule('R2', 'team', { vote: ['edge'] }),
    rule('R3', 'data', { gate: ['edge'] }),
  ];
  expect(becauseOf({ ...opinion([], torn), name: 'conflict' })).toBe('conflict: R1 and R3 leave no place');
});
