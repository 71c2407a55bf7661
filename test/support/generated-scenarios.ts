import fc from 'fast-check';
import type { Tables } from '../../src/tables/tables.js';
import { enums } from '../../src/workload/words.js';
import { dataRules } from './generated/data.js';
import { type Block, fields, maybe } from './generated/draws.js';
import { type Names, namesIn } from './generated/names.js';
import { assumptions, prices } from './generated/prices.js';
import { development, devices, existing, expected, measured, preferences, today } from './generated/rest.js';
import { cuttingSpots, type Light, noLight, type Spot, spots } from './generated/spots.js';
import { divided, task } from './generated/task.js';
import { budget, needs, team, title, workload } from './generated/workload.js';
import type { Written } from './scenario.js';

export type GeneratedOptions = {
  /** One task, or (default) up to four. */
  tasks?: 1 | 'any';
  /** False: no fields by which a task may be served in parts, and no developers' requests beside it. Default: true. */
  cut?: boolean;
  /** What may rank the plans where something is written. Default: each there is. */
  objectives?: readonly (typeof enums.objective)[number][];
};

/** One or more tables: what a scenario names is in all of them. */
type Known = Tables | readonly Tables[];

/**
 * Scenarios that `readScenario` takes, with any field that one may have. One block of fields after another is in the
 * spotlight, where all its fields are written; of the others a few are as chance has it.
 */
export function generatedScenarios(tables: Known, options: GeneratedOptions = {}): fc.Arbitrary<Written> {
  const scenarioAt = numbered(tables, options);
  return fc.nat({ max: mostNumbers }).chain(scenarioAt);
}
const mostNumbers = 999;

/** The same list for the same seed: number `i` stays what it is, however long the list. The first 300 have every field. */
export function seededScenarios(count: number, seed: number, tables: Known, options: GeneratedOptions = {}): Written[] {
  const scenarioAt = numbered(tables, options);
  return Array.from({ length: count }, (_, number) => {
    const own = Math.imul((seed + 1) ^ Math.imul(number + 1, 0x9e3779b1), 0x85ebca6b);
    const [scenario] = fc.sample(scenarioAt(number), { numRuns: 1, seed: own ^ (own >>> 15), unbiased: true });
    return scenario as Written;
  });
}

/** The scenario of a number, which has one block in the spotlight. */
function numbered(tables: Known, { tasks = 'any', cut = true, objectives = enums.objective }: GeneratedOptions) {
  const names = namesIn([tables].flat() as Tables[]);
  const all: readonly Spot[] = cut ? [...spots, ...cuttingSpots] : spots;
  return (number: number): fc.Arbitrary<Written> => {
    const turn = Math.floor(number / all.length);
    const light: Light = (spot) => (spot === all[number % all.length] ? turn : null);
    const first = task(names, light, cut);
    const further = task(names, noLight, cut);
    const written = (count: number) => divided([first, ...Array.from({ length: count - 1 }, () => further)], light);
    const counts = [1, 2, 2, 3, 4].map(written);
    const block = { cut, objectives, tasks: tasks === 1 ? oneTask(first, light) : fc.oneof(...counts) };
    return scenario(names, light, block);
  };
}

/** One task has all of the volume, whether or not it says so. */
const oneTask = (one: fc.Arbitrary<Block>, light: Light): fc.Arbitrary<Block[]> =>
  light('task.share') === null ? fc.tuple(one) : divided([one], light);

function scenario(
  names: Names,
  light: Light,
  { cut, objectives, tasks }: { cut: boolean; objectives: readonly string[]; tasks: fc.Arbitrary<Block[]> },
): fc.Arbitrary<Written> {
  return fields({
    name: title,
    workload: workload(names, light),
    tasks,
    data: maybe(light('data'), dataRules(names, light('data'), 'all'), 0.6),
    needs: needs(light),
    ...(cut && { development: development(names, light) }),
    team: team(light),
    today: today(names, light),
    existing: existing(names, light),
    measured: measured(names, light),
    devices: devices(names, light, cut),
    budget: budget(light),
    preferences: preferences(names, light, objectives),
    prices: prices(names, light),
    assumptions: assumptions(names, light),
    expect: expected(names, light),
  }).map((all) => consistent(all as Written));
}

/** A job that ends has one volume for all tasks. */
function consistent(scenario: Written): Written {
  if (scenario.workload.once !== true) return scenario;
  return { ...scenario, tasks: scenario.tasks.map(({ volume: _, ...one }) => one) };
}
