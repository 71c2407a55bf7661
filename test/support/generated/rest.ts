import fc from 'fast-check';
import { kinds } from '../../../src/tables/column.js';
import { enums } from '../../../src/workload/words.js';
import { shapes } from '../../../src/workload/workload.js';
import { dataRules } from './data.js';
import { type Block, between, fields, logUniform, maybe, oneOf, ranged, share, someOf, type Turn } from './draws.js';
import type { Names } from './names.js';
import type { Light } from './spots.js';

/** Requests of developers, which are a second task of their own. */
export function development(names: Names, light: Light): fc.Arbitrary<Block | undefined> {
  const [turn, rules] = [light('development'), light('development.data')];
  const beside = fields({ share: share(2, 30), data: maybe(rules, dataRules(names, rules), 0.3) });
  return maybe(turn ?? rules, beside, 0.06);
}

/** What is in use now. */
export const today = (names: Names, light: Light): fc.Arbitrary<Block | undefined> =>
  maybe(
    light('today'),
    fields({
      option: fc.constantFrom(...names.offers).map(({ kind, provider, model }) => `${kind}/${provider}/${model}`),
      bill: maybe(light('today'), ranged(logUniform(50, 100_000))),
    }),
    0.1,
  );

/** Machines already owned. */
export const existing = (names: Names, light: Light): fc.Arbitrary<unknown> =>
  maybe(
    light('existing'),
    fc.array(fields({ accelerator: fc.constantFrom(...names.cards), count: logUniform(1, 32) }), {
      minLength: 1,
      maxLength: 2,
    }),
    0.1,
  );

/** What models reach on cards, each pair told once. */
export const measured = (names: Names, light: Light): fc.Arbitrary<unknown> =>
  maybe(
    light('measured'),
    fc.uniqueArray(
      fields({
        model: fc.constantFrom(...names.weights),
        accelerator: fc.constantFrom(...names.cards),
        ofPredicted: share(40, 95),
      }),
      { minLength: 1, maxLength: 2, selector: ({ model, accelerator }) => `${model} ${accelerator}` },
    ),
    0.08,
  );

/** Devices in the field. Classes that only some of them are in cut a task up; one class of all of them does not. */
export function devices(names: Names, light: Light, isCut: boolean): fc.Arbitrary<Block | undefined> {
  const turn = light('devices');
  const class_ = fc.constantFrom(...names.devices);
  const all = class_.map((name) => ({ [name]: '100%' }));
  const some = fc
    .tuple(class_, class_, fc.integer({ min: 5, max: 60 }), fc.integer({ min: 5, max: 40 }))
    .map(([one, other, first, second]) => ({ [one]: `${first}%`, [other]: `${second}%` }));
  return maybe(
    turn,
    fields({
      count: ranged(logUniform(20, 2_000_000)),
      classes: maybe(turn, isCut ? fc.oneof(some, some, all) : all, 0.8),
      owner: maybe(turn, oneOf(turn, enums.owner)),
    }),
    0.07,
  );
}

/** What ranks the plans, and what may be among them: no name is wished and excluded at once. */
export function preferences(
  names: Names,
  light: Light,
  objectives: readonly string[],
): fc.Arbitrary<Block | undefined> {
  const [turn, wishes] = [light('preferences'), light('wishes')];
  const weight = (turn: Turn) => maybe(turn, fc.constantFrom(1, 0.5, 2, 3), 0.5);
  const weights = fields({
    volume: fc.constantFrom(1, 2, 3),
    sensitivity: weight(turn),
    capability: weight(turn),
    team: weight(turn),
    latency: weight(turn),
  });
  return fields({
    objective: maybe(turn, oneOf(turn, objectives), 0.25),
    failedAnswerCost: maybe(turn, between(0.01, 2), 0.06),
    weights: maybe(turn, weights, 0.08),
    only: maybe(wishes, only(names, wishes), 0.05),
    exclude: maybe(wishes, excluded(names, wishes), 0.15),
    include: maybe(wishes, someOf(wishes, ['marketplace', 'spot']), 0.1),
    maxDeployments: maybe(turn, fc.integer({ min: 1, max: 4 }), 0.1),
  }).map((all) => {
    const { exclude, ...others } = all as { exclude?: string[]; only?: string[]; include?: string[] };
    const taken = new Set([...(others.only ?? []), ...(others.include ?? [])]);
    const left = (exclude ?? []).filter((name) => !taken.has(name));
    const wanted = left.length === 0 ? others : { ...others, exclude: left };
    return Object.keys(wanted).length === 0 ? undefined : wanted;
  });
}

const only = (names: Names, turn: Turn): fc.Arbitrary<string[]> => {
  const ways = [
    fc.subarray([...kinds], { minLength: 2, maxLength: 4 }),
    fc.subarray([...names.providers], { minLength: 8, maxLength: 24 }),
    fc.subarray(['on-demand', 'reserved-1y', 'bought', 'owned', 'spot'], { minLength: 2 }),
    fc.subarray([...names.families], { minLength: 10, maxLength: 30 }),
    fc.constantFrom(...names.families).map((family) => [`${family.slice(0, 3)}*`]),
  ];
  return turn === null ? fc.oneof(...ways) : (ways[turn % ways.length] as fc.Arbitrary<string[]>);
};

const excluded = (names: Names, turn: Turn): fc.Arbitrary<string[]> => {
  const ways = [
    fc.subarray([...names.providers], { minLength: 1, maxLength: 4 }),
    fc.subarray([...names.families], { minLength: 1, maxLength: 6 }),
    fc.subarray([...kinds], { minLength: 1, maxLength: 3 }),
    fc.subarray(['reserved-3y', 'bought', 'overflow', 'failover', 'own-room'], { minLength: 1, maxLength: 3 }),
    fc.constantFrom(...names.families).map((family) => [`${family.slice(0, 3)}*`]),
  ];
  return turn === null ? fc.oneof(...ways) : (ways[turn % ways.length] as fc.Arbitrary<string[]>);
};

/** What `check` verifies. */
export const expected = (names: Names, light: Light): fc.Arbitrary<Block | undefined> => {
  const turn = light('expect');
  return maybe(
    turn,
    fields({
      kinds: maybe(turn, someOf(turn, kinds, 3)),
      maxMonthlyCost: maybe(turn, logUniform(20, 100_000)),
      plan: maybe(
        turn,
        fc.constantFrom(...names.offers).map(({ kind, provider, model }) => `${kind}/${provider}/${model}`),
      ),
      shape: maybe(turn, oneOf(turn, shapes)),
    }),
    0.05,
  );
};
