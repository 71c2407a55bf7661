import { isAtMost } from '../units/float.js';

/** Scores closer than this are one. */
export const scoreStep = 0.01;

const justAbove = 1e-9;

/** The least score that is one with a higher one. */
export const leastAlike = (score: number): number => score - scoreStep + justAbove;

/** What is looked at among plans that cost about the same; capability and name are asked of few. */
export type Simple = {
  fte: number;
  deployments: number;
  usd: number;
  /** TaskParts that it places: the same place for all parts of a task is one place for the task. */
  taskParts: number;
  capability(): number;
  id?(): string;
};

/** Fewest people first, then fewest deployments, then highest capability score, then lowest cost, then fewest parts, then by id. */
export function* simplestFirst<T extends Simple>(all: readonly T[]): Generator<T, void> {
  for (const alike of simplestGroups(all)) yield* alike;
}

/**
 * Plans that only their cost tells apart together, the cheapest first, and the simplest of these groups first. Scores
 * closer than a step to the highest left are one: nobody pays for a difference that cannot be read.
 */
export function* simplestGroups<T extends Simple>(all: readonly T[]): Generator<T[], void> {
  const sorted = [...all].sort(bySize);
  for (let from = 0; from < sorted.length; ) {
    const first = sorted[from] as T;
    const alike = sorted.slice(from).filter((other) => bySize(first, other) === 0);
    yield* byCapability(alike);
    from += alike.length;
  }
}

const bySize = (a: Simple, b: Simple): number => a.fte - b.fte || a.deployments - b.deployments;

function byCapability<T extends Simple>(alike: readonly T[]): T[][] {
  const scored = alike.map((one) => ({ one, score: one.capability() })).sort((a, b) => b.score - a.score);
  const groups: T[][] = [];
  let top = Number.NaN;
  for (const { one, score } of scored) {
    const last = groups.at(-1);
    if (last === undefined || top - score >= scoreStep) {
      groups.push([one]);
      top = score;
    } else last.push(one);
  }
  return groups.map(byCost);
}

/** The cheapest first; of those that cost the same but for the last digits of a sum, the one with fewest parts, then by id. */
function byCost<T extends Simple>(group: readonly T[]): T[] {
  const sorted = [...group].sort((a, b) => a.usd - b.usd);
  const found: T[] = [];
  while (found.length < sorted.length) {
    const from = found.length;
    const { usd } = sorted[from] as T;
    const end = sorted.findIndex((one, i) => i > from && !isAtMost(one.usd, usd));
    const alike = sorted.slice(from, end < 0 ? sorted.length : end);
    found.push(...alike.sort((a, b) => a.taskParts - b.taskParts || byId(a, b)));
  }
  return found;
}

function byId(a: Simple, b: Simple): number {
  const [first, second] = [a.id?.() ?? '', b.id?.() ?? ''];
  return first === second ? 0 : first < second ? -1 : 1;
}
