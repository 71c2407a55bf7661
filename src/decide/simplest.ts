import { isAtMost } from '../units/float.js';

/** Hundredths of people: nobody plans fewer. */
const people = 100;

/** People as far as they tell plans apart. */
export const roundedFte = (fte: number): number => Math.round(fte * people) / people;

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
  roundedFte(a.fte) - roundedFte(b.fte) || a.deployments - b.deployments || byCost(a, b);

function byCost(a: Simple, b: Simple): number {
  if (!isAtMost(a.usd, b.usd)) return 1;
  if (!isAtMost(b.usd, a.usd)) return -1;
  if (a.taskParts !== b.taskParts) return a.taskParts - b.taskParts;
  const [first, second] = [a.id(), b.id()];
  return first === second ? 0 : first < second ? -1 : 1;
}
