import { assess } from '../../src/analyses/assess.js';
import type { Decision } from '../../src/decide/decision.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Context } from '../../src/places/placement.js';
import type { Tables } from '../../src/tables/tables.js';
import { type ReadScenario, readScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { shipped } from './load.js';

export const asOf = '2026-11-20';

/** Not the version of the package: a release changes no golden file. */
export const tool = { name: 'deploy-advisor', version: '0.0.0' };

/** A scenario as plain data; only what a test is about is written. */
export type Written = {
  workload: Record<string, unknown>;
  tasks: Record<string, unknown>[];
  [block: string]: unknown;
};

/** Assumptions under which volumes and lengths that are one figure are exact: only what a test writes as a range is drawn. */
export const exactFigures = {
  priceDeclinePerYear: 0,
  volumeSpread: 0,
  presetTokensSpread: 0,
  writtenTokensSpread: 0,
};

/**
 * Reads plain data as a scenario; a test that writes nonsense should hear of it. It asks for the cheapest plan, as most tests are about
 * that; the rules of choice have their own, which write `objective: advice`.
 */
export function readWritten(written: Written, tables: Tables, set: readonly string[] = []): ReadScenario {
  const preferences = { objective: 'cost', ...(written.preferences as object | undefined) };
  const text = JSON.stringify({ version: 1, ...written, preferences });
  const { scenario, problems } = readScenario(text, { file: 'test.json', tables, set });
  if (scenario === null) throw new Error(problems.map(({ message }) => message).join('; '));
  return scenario;
}

/** A scenario resolved against tables: the newest shipped ones unless others are given. */
export async function caseOf(written: Written, tables?: Tables, day: string = asOf): Promise<Context> {
  const known = tables ?? (await shipped()).tables;
  return { tables: known, workload: resolve(readWritten(written, known), known, day) };
}

/** The whole decision on a scenario, without what would flip it. */
export async function decide(
  written: Written,
  {
    include = [],
    tables,
    set = [],
    day = asOf,
    point = false,
  }: { include?: string[]; tables?: Tables; set?: readonly string[]; day?: string; point?: boolean } = {},
): Promise<Decision> {
  const { tables: newest, prose } = await shipped();
  const known = tables ?? newest;
  return assess(readWritten(written, known, set), known, {
    asOf: day,
    prose,
    tool,
    include,
    point,
    flips: 'none',
    draws: 'none',
  });
}

/** A plan by its id; a test that names one that is not there should hear of it. */
export function namedPlan(id: string, context: Context): Plan {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
}

/** Tables with some of them replaced; indexes of the replaced ones are made again. */
export function tablesWith(tables: Tables, replaced: Partial<Tables>): Tables {
  const copy = Object.create(Object.getPrototypeOf(tables), Object.getOwnPropertyDescriptors(tables)) as Tables;
  for (const [name, rows] of Object.entries(replaced)) {
    Object.defineProperty(copy, name, { value: rows, enumerable: true, configurable: true });
  }
  return copy;
}

/** The likely value of a parameter of the tables. */
export const likelyIn =
  (tables: Tables) =>
  (name: string): number => {
    const row = tables.parameterOf.get(name);
    if (row === undefined) throw new Error(`no parameter ${name}`);
    return row.likely;
  };
