import type { Context } from '../places/placement.js';
import type { Choice } from './choice.js';
import { choiceByAdjustedCost, choiceByCore, isOneTask } from './core-choice.js';
import { choiceOfSeveral } from './several-choice.js';

/** The plan to advise, by what the case asks to be minimized, the best of other types, and the best of every type alone. */
export function choose(context: Context): Choice {
  if (!isOneTask(context)) return choiceOfSeveral(context);
  return context.workload.rules.objective === 'cost' ? choiceByCore(context) : choiceByAdjustedCost(context);
}
