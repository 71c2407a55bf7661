import { isAtMost } from '../units/float.js';

const tenths = 10;
const rounding = 1000;

/** Tenths of people that are begun: finer estimates tell no plans apart, but nobody is fewer than a little of somebody. */
export const begunFte = (fte: number): number => Math.ceil(Math.round(fte * rounding) / (rounding / tenths)) / tenths;

/** Most people of whom so many tenths, and one tenth fewer, are begun. */
export const mostFte = (begun: number): number => begun + 0.5 / rounding;
export const fewerFte = (begun: number): number => mostFte(begun) - 1 / tenths;

/** What is looked at among plans that cost about the same; the name is asked of few. */
export type Simple = {
  fte: number;
  deployments: number;
  usd: number;
  /** Task parts that it places: the same place for all parts of a task is one place for the task. */
  taskParts: number;
  id(): string;
};

/** Fewer people first, then fewer deployments, then the lower cost, then fewer parts, then by id. */
export const bySimplicity = (a: Simple, b: Simple): number =>
  begunFte(a.fte) - begunFte(b.fte) || a.deployments - b.deployments || byCost(a, b);

function byCost(a: Simple, b: Simple): number {
  if (!isAtMost(a.usd, b.usd)) return 1;
  if (!isAtMost(b.usd, a.usd)) return -1;
  if (a.taskParts !== b.taskParts) return a.taskParts - b.taskParts;
  const [first, second] = [a.id(), b.id()];
  return first === second ? 0 : first < second ? -1 : 1;
}
