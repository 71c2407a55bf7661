import { isUnpriced } from '../cost/line.js';
import type { Option } from '../placements/option.js';
import type { Case } from '../placements/placement.js';
import type { Slice } from '../scenario/demand.js';
import { findOption } from './find-option.js';
import { type Plan, planOf } from './plan.js';

/**
 * The plan of an id: an option's id is everything on that option; else `task=<option>;task.part=<option>` for all tasks. A
 * text says why there is none.
 */
export function findPlan(id: string, of: Case): Plan | string {
  const { slices } = of.demand;
  const whole = findOption(id, of);
  if (whole !== null) return priced([{ option: whole, slices }], of);
  if (!id.includes('=')) return missing(id, of);
  const parts = new Map<string, { option: Option; slices: Slice[] }>();
  const left = new Map(slices.map((slice) => [nameOf(slice), slice]));
  for (const part of id.split(';')) {
    const [name = '', option = ''] = [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)];
    const slice = left.get(name);
    if (slice === undefined) return `"${name}" is no task of the scenario, or stands twice in the plan`;
    left.delete(name);
    const found = parts.get(option)?.option ?? findOption(option, of);
    if (found === null) return missing(option, of);
    parts.set(option, { option: found, slices: [...(parts.get(option)?.slices ?? []), slice] });
  }
  if (left.size > 0) return `the plan leaves out ${[...left.keys()].join(', ')}`;
  return priced([...parts.values()], of);
}

/** Says that an option is not there. */
export const missing = (id: string, { tables }: Pick<Case, 'tables'>): string =>
  `${id} is not in the tables of ${tables.snapshot.date}`;

const nameOf = ({ task, part }: Slice): string => (part === 'all' ? task : `${task}.${part}`);

function priced(parts: { option: Option; slices: Slice[] }[], of: Case): Plan | string {
  const plan = planOf(parts, of);
  return isUnpriced(plan) ? `${parts.map(({ option }) => option.id).join('; ')} has no price: ${plan.unpriced}` : plan;
}
