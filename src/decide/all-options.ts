import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { placements } from '../places/registry.js';
import { candidatesOf } from './candidates.js';
import { filterBy } from './filter.js';

/**
 * Every option billed per token, whatever rules say of it, and of machines, workers and devices those that no other of
 * their kind beats at every task, with the rules and without them: the others cost more and do no better.
 */
export function allOptions(context: Context): Option[] {
  const found = new Map<string, Option>();
  for (const ignoreAll of [false, true]) {
    const { filter } = filterBy(context, { ignoreAll });
    for (const placement of placements) {
      for (const candidate of candidatesOf(placement, context, filter)) {
        const option = candidate.option();
        if (!found.has(option.id)) found.set(option.id, option);
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
